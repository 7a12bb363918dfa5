"""MariaDB's scripts: `gate/reachability/runtimes/shell/known_scripts.py`."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

SCRIPT = '#!/bin/sh\nbasedir=$(my_print_defaults mysqld)\n"$basedir/bin/resolveip" x\n# chown\n'
TREE = {
    "!bin/sh": "",
    "!usr/bin/mariadb-install-db": SCRIPT,
    "usr/bin/mysql_install_db": "-> mariadb-install-db",
    "!usr/bin/mariadbd-safe": SCRIPT,
    "!usr/bin/my_print_defaults": make_elf(),
    "!usr/bin/chown": make_elf(),
    "!usr/sbin/mariadbd": make_elf(needed=["libs.so.1"]),
    "lib/libs.so.1": make_elf(),
    "etc/mysql/mariadb.conf.d/50-server.cnf": "[mariadbd]\nbasedir = /usr\n",
    "etc/mysql/my.cnf": "!includedir /etc/mysql/mariadb.conf.d/\n",
}


@pytest.mark.parametrize("command", ["mariadb-install-db --user=mysql", "mysql_install_db", "mariadbd-safe --nice=1"])
def test_the_programs_of_the_packages_scripts_are_known(run, command):
    found = run(TREE, command, PATH="/usr/bin:/bin")
    assert "lib/libs.so.1" in found.certain
    assert "usr/bin/chown" in found.possible
    assert not found.gaps


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("mariadb-install-db --basedir=/opt/mariadb", {}),
        ("mariadb-install-db --defaults-file=/x", {}),
        ("mariadbd-safe --ledir /opt/bin", {}),
        ("mariadbd-safe", {"etc/mysql/conf.d/x.cnf": "[mysqld_safe]\nmalloc-lib=/opt/lib/x.so\n"}),
        ("mariadbd-safe", {"etc/my.cnf": "[mysqld]\n  basedir=/opt/mariadb\n"}),
        ("mariadbd-safe", {"root/.my.cnf": "[mysqld]\nledir /opt\n"}),
        ("mariadbd-safe", {"etc/mysql/my.cnf": "!includedir /opt/settings/\n"}),
        ("sh -c 'read X; mariadbd-safe $X'", {}),
        ("/app/mariadbd-safe", {"!app/mariadbd-safe": SCRIPT}),
    ],
)
def test_another_place_of_the_programs_is_a_gap(run, command, files):
    assert run({**TREE, **files}, command, PATH="/usr/bin:/bin").gaps

"""Debian's scripts for PostgreSQL: `gate/reachability/runtimes/servers/postgresql.py`."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

PERL = "#!/usr/bin/perl\nexec @ARGV;\n"
TREE = {
    "usr/bin/psql": "-> ../share/postgresql-common/pg_wrapper",
    "!usr/share/postgresql-common/pg_wrapper": PERL,
    "!usr/bin/pg_ctlcluster": "#!/usr/bin/perl\nexec $pg_ctl, @options;\n",
    "!usr/bin/perl": make_elf(calls="execvp"),
    "!usr/lib/postgresql/9.6/bin/psql": make_elf(needed=["libold.so.1"]),
    "!usr/lib/postgresql/17/bin/psql": make_elf(needed=["libnew.so.1"]),
    "!usr/lib/postgresql/17/bin/pg_ctl": make_elf(),
    "!usr/lib/postgresql/17/bin/postgres": make_elf(needed=["libserver.so.1"]),
    "etc/postgresql/17/main/postgresql.conf": "archive_command = '/opt/archive %p'\n",
    "!opt/archive": make_elf(needed=["libarchive.so.1"]),
    **{f"lib/lib{name}.so.1": make_elf() for name in ("old", "new", "server", "archive")},
}


def test_the_wrapper_starts_the_newest_program_and_maybe_another(run):
    found = run(TREE, "psql -U postgres", PATH="/usr/bin:/bin")
    assert "lib/libnew.so.1" in found.certain
    assert "lib/libold.so.1" in found.possible
    assert not found.gaps


@pytest.mark.parametrize("command", ["pg_ctlcluster 17 main start", "pg_ctlcluster --foreground 17 main restart"])
def test_a_cluster_runs_the_server_with_what_its_settings_name(run, command):
    found = run(TREE, command, PATH="/usr/bin:/bin")
    assert "lib/libserver.so.1" in found.certain
    assert {"lib/libnew.so.1", "lib/libold.so.1", "lib/libarchive.so.1"} <= set(found.possible)
    assert not found.gaps


def test_a_script_of_the_images_own_with_that_name_is_a_gap(run):
    tree = {**TREE, "!app/pg_ctlcluster": TREE["!usr/bin/pg_ctlcluster"]}
    assert run(tree, "/app/pg_ctlcluster 17 main start", PATH="/usr/bin:/bin").gaps

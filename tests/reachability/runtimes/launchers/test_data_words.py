"""Words that are data to clients of databases: `gate/reachability/runtimes/launchers/data_words.py`."""

import pytest

from gate.reachability.runtimes.launchers.data_words import without_data
from gate.reachability.runtimes.walk.graph import UNKNOWN
from tests.reachability.runtimes.conftest import make_elf

TREE = {
    "!usr/bin/psql": make_elf(calls="execvp"),
    "!usr/bin/mysql": make_elf(calls="popen"),
    "!usr/bin/initdb": make_elf(calls="popen"),
    "!usr/bin/postgres": make_elf(needed=["libs.so.1"]),
    "lib/libs.so.1": make_elf(),
    "!bin/sh": "",
}


@pytest.mark.parametrize(
    "command",
    [
        "psql -U postgres postgres",
        "psql -qU postgres -d postgres -c 'SELECT 1 FROM postgres'",
        "psql --dbname=postgres --no-psqlrc postgres",
        "psql -U postgres -tAc 'create database postgres'",
        "mysql -u postgres -e 'GRANT ALL ON postgres.* TO postgres' postgres",
        "mysql --user postgres --execute='select postgres'",
        "initdb -U postgres /data",
    ],
)
def test_names_and_sql_start_nothing(run, command):
    found = run(TREE, command, PATH="/usr/bin:/bin")
    assert not found.gaps
    assert "lib/libs.so.1" not in {**found.certain, **found.possible}


@pytest.mark.parametrize(
    "command",
    [
        r"psql -c '\! postgres'",
        r"psql -Xc '\o |postgres'",
        r"psql --command='\g | postgres'",
        "psql -c \"copy a to program 'postgres'\"",
        r"psql -c 'select 1 \g |postgres'",
        "psql -o '|postgres'",
        "psql -f postgres",
        "psql -v PROMPT1='%`postgres`'",
        "psql --new-option postgres",
        r"psql '\! postgres'",
        r"mysql -e '\! postgres'",
        "mysql -e 'system postgres'",
        "mysql --pager=postgres",
        "initdb postgres",
        "other -U postgres",
    ],
)
def test_what_may_be_a_command_is_possible(run, command):
    found = run(TREE | {"!usr/bin/other": make_elf(calls="execvp")}, command, PATH="/usr/bin:/bin")
    assert "lib/libs.so.1" in {**found.certain, **found.possible}
    assert found.gaps


def test_an_unknown_word_is_data_behind_its_option_only():
    assert without_data("psql", ("-U", UNKNOWN, "-d", UNKNOWN)) == ("-U", "-d")
    assert without_data("psql", ("-c", UNKNOWN)) == ("-c", UNKNOWN)
    assert without_data("psql", (UNKNOWN,)) == (UNKNOWN,)
    assert without_data("other", ("-U", "x")) == ("-U", "x")

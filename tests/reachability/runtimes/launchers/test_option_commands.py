"""Programs that start only what some of their words say: `gate/reachability/runtimes/launchers/option_commands.py`."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

TREE = {
    "!bin/restic": make_elf(calls="execvp"),
    "!bin/pdnsutil": make_elf(calls="system"),
    "!bin/backup": make_elf(),
    "!bin/sh": "",
}


@pytest.mark.parametrize("command", ["restic backup /data --tag=backup", "pdnsutil --config-dir=/etc add-record $X a"])
def test_words_of_such_programs_leave_no_gap(run, command):
    script = {"!app/start": f"#!/bin/sh\nread X\n{command}\n"}
    assert not run({**TREE, **script}, "/app/start", PATH="/bin").gaps


@pytest.mark.parametrize(
    "command",
    [
        "restic --password-command=backup check",
        "restic -o sftp.command=backup check",
        "restic backup --stdin-from-command backup",
        "restic $X backup",
        "RESTIC_PASSWORD_COMMAND=backup restic backup",
        "pdnsutil edit-zone backup",
        "pdnsutil $X backup",
    ],
)
def test_what_gives_a_command_is_a_gap(run, command):
    script = {"!app/start": f"#!/bin/sh\nread X\n{command}\n"}
    assert run({**TREE, **script}, "/app/start", PATH="/bin").gaps

"""Commands that are programs of their own."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

TREE = {"!usr/bin/tool-serve": make_elf(needed=["libserve.so"]), "usr/lib/libserve.so": make_elf()}
ELF, SCRIPT = make_elf(calls="execvp"), "#!/usr/bin/python3\nimport tool\n"


@pytest.mark.parametrize(
    ("tool", "command", "is_certain", "is_possible"),
    [
        (SCRIPT, "tool serve --port 1", True, False),
        (SCRIPT, "tool --debug serve", True, False),
        (ELF, "tool serve", False, True),
        (SCRIPT, "tool stop", False, False),
        (SCRIPT, "other serve", False, False),
    ],
)
def test_a_word_that_another_program_ends_with_starts_it(run, tool, command, is_certain, is_possible):
    found = run({**TREE, "!usr/bin/tool": tool, "!usr/bin/other": tool}, command, PATH="/usr/bin")
    for path in ("usr/bin/tool-serve", "usr/lib/libserve.so"):
        assert (path in found.certain, path in found.possible) == (is_certain, is_possible)


def test_a_front_end_starts_the_program_that_it_is_one_for(run):
    tree = {"!usr/bin/borgmatic": SCRIPT, "!usr/bin/borg": "#!/usr/bin/python3\n", "!usr/bin/other": SCRIPT}
    assert "usr/bin/borg" in run(tree, "borgmatic create", PATH="/usr/bin").certain
    assert "usr/bin/borg" not in run(tree, "other create", PATH="/usr/bin").certain


@pytest.mark.parametrize(
    "command",
    ["mount -t fuse.tool x /mnt", "mount -t fuse tool#x /mnt", "mount.fuse3 tool#x /mnt", "mount tool#x /mnt"],
)
def test_the_program_of_a_file_system_is_started(run, command):
    tree = dict.fromkeys(("!usr/bin/tool", "!usr/bin/mount", "!usr/bin/mount.fuse3"), ELF)
    assert "usr/bin/tool" in run(tree, command, PATH="/usr/bin").certain
    assert "usr/bin/tool" not in run(tree, "mount -t ext4 /dev/tool /mnt", PATH="/usr/bin").certain


def test_a_file_system_that_only_a_run_would_tell_is_a_gap(run):
    tree = {"!usr/bin/mount": ELF, "!bin/sh": "", "!app/start": '#!/bin/sh\nmount -t "fuse.$(cat kind)" x /mnt\n'}
    assert run(tree, "/app/start", PATH="/usr/bin").gaps

"""Programs that read whole folders: `gate/reachability/runtimes/launchers/folder_readers.py`."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

TREE = {"!bin/tar": make_elf(), "!bin/cp": make_elf(), "!bin/ls": make_elf(), "etc/x/a": "1\n", "etc/b": "2\n"}


@pytest.mark.parametrize(
    "command",
    ["tar -C / -cf /tmp/x etc", "tar -c -f x -C / etc", "tar cf x /etc", "cp -a /etc /x", "cp -a ../etc x"],
)
def test_all_files_below_may_be_opened(run, command):
    assert {"etc/x/a", "etc/b"} <= set(run(TREE, command, PATH="/bin").possible)


@pytest.mark.parametrize("command", ["ls /etc", "cp /etc/b /x", "tar -C /etc -xf x", "tar xf x /etc"])
def test_others_read_no_folder(run, command):
    assert "etc/x/a" not in run(TREE, command, PATH="/bin").possible


def test_too_many_files_are_a_gap(run):
    many = {f"etc/many/{number}": "" for number in range(2_001)}
    assert run({**TREE, **many}, "tar cf x /etc", PATH="/bin").gaps


def test_a_server_that_asks_all_its_plug_ins_loads_them(run):
    tree = {"!usr/sbin/syslog-ng": make_elf(), "usr/lib/syslog-ng/4.8/libhttp.so": "", "usr/lib/other/libx.so": ""}
    found = run(tree, "syslog-ng -F", PATH="/usr/sbin").certain
    assert "usr/lib/syslog-ng/4.8/libhttp.so" in found
    assert "usr/lib/other/libx.so" not in found

"""What systemd's library opens for callers of some of its functions."""

import pytest

from gate.model import Doubt, InUse
from gate.reachability.runtimes.compiled.systemd_library import is_for_some, looks_up_folders, reads_journals
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.named.test_starters import OWNERS, state_of

LIBRARY = "usr/lib/libsystemd.so.0"
UNIT = "usr/lib/systemd/system/idle.service"
TREE = {
    LIBRARY: make_elf(soname="libsystemd.so.0", strings=["/usr/lib/systemd/system", "liblz4.so.1"]),
    "usr/lib/liblz4.so.1": make_elf(soname="liblz4.so.1"),
    UNIT: "[Service]\nExecStart=/usr/bin/idle\n",
    "!usr/bin/idle": make_elf(),
}
OWNED = OWNERS | {"systemd": [LIBRARY], "lz4": ["usr/lib/liblz4.so.1"], "idle": [UNIT, "usr/bin/idle"]}


@pytest.mark.parametrize(
    ("function", "package", "doubt"),
    [
        ("sd_notify", "lz4", None),
        ("sd_notify", "idle", None),
        ("sd_journal_send", "lz4", None),
        ("sd_journal_open", "lz4", Doubt.POSSIBLE),
        ("sd_path_lookup_strv", "idle", Doubt.POSSIBLE),
    ],
)
def test_units_and_what_unpacks_journals_count_for_a_program_that_asks_for_them(function, package, doubt):
    run = {"!usr/bin/run": make_elf(needed=["libsystemd.so.0"], calls=function)}
    assert state_of(package, TREE, run, command="run", owners=OWNED).doubt is doubt


@pytest.mark.parametrize(("function", "in_use"), [("sd_notify", InUse.NO), ("sd_journal_open", InUse.UNKNOWN)])
def test_a_program_that_is_named_and_reads_journals_may_load_what_unpacks_them(function, in_use):
    run = {"!usr/bin/run": make_elf(calls="execvp", strings=["tidy"])}
    tidy = {"!usr/bin/tidy": make_elf(needed=["libsystemd.so.0"], calls=function)}
    assert state_of("lz4", TREE, run, tidy, command="run", owners=OWNED).in_use is in_use


def test_the_name_of_a_function_counts_as_a_whole():
    assert reads_journals(b"\0sd_journal_get_data\0")
    assert not reads_journals(b"\0sd_journal_stream_fd\0")
    assert looks_up_folders(b"\0sd_path_lookup\0")
    assert not looks_up_folders(b"\0my_sd_path_lookup\0")
    assert is_for_some("/usr/lib/tmpfiles.d")
    assert is_for_some("/usr/include")
    assert not is_for_some("/usr/lib/udev/hwdb.bin")

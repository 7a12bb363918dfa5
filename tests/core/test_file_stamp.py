"""What tells that a file is as it was."""

import os
from pathlib import Path

from gate.core.file_stamp import SETTLED_NS, is_settled, stamp


def test_a_change_that_hides_its_time_shows(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("1")
    before = file.stat()
    file.write_text("2")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert stamp(file.stat()) != stamp(before)


def test_a_file_settles(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("1")
    os.utime(file, ns=(0, 0))
    changed = file.stat().st_ctime_ns
    assert not is_settled(file.stat(), changed + SETTLED_NS - 1)
    assert is_settled(file.stat(), changed + SETTLED_NS)

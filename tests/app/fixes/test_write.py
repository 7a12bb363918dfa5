"""Writing a mended file: the mode stays, no link is followed, what has changed meanwhile is not overwritten."""

import os
from pathlib import Path

import pytest

from gate.app.fixes.write import ChangedError, replace
from gate.core.errors import UnreadableError


def test_the_bytes_change_and_the_mode_stays(tmp_path: Path) -> None:
    file = tmp_path / "a" / "f"
    file.parent.mkdir()
    file.write_bytes(b"old")
    file.chmod(0o640)
    replace(str(tmp_path), "a/f", b"old", b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o7777 == 0o640
    assert os.listdir(file.parent) == ["f"]


def test_a_file_that_has_changed_is_kept(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"newer")
    with pytest.raises(ChangedError):
        replace(str(tmp_path), "f", b"old", b"new")
    assert (tmp_path / "f").read_bytes() == b"newer"


@pytest.mark.parametrize("path", ["link", "folder/f"])
def test_no_link_is_followed(tmp_path: Path, path: str) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "f").write_bytes(b"old")
    (root / "link").symlink_to(outside / "f")
    (root / "folder").symlink_to(outside)
    with pytest.raises(UnreadableError):
        replace(str(root), path, b"old", b"new")
    assert (outside / "f").read_bytes() == b"old"
    assert os.listdir(outside) == ["f"]


def test_a_name_that_is_no_text_is_written(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), b"f\xff\\")
    Path(os.fsdecode(name)).write_bytes(b"old")
    replace(str(tmp_path), "f\\xff\\x5c", b"old", b"new")
    assert Path(os.fsdecode(name)).read_bytes() == b"new"

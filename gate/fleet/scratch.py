"""Temporary folders for targets, and the removal of those whose process was killed: a clone may be large.

A folder holds a locked file for as long as its process goes on. The lock says so even where process numbers do not, as
between containers that share a temporary folder.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX = "gate-fleet-"
_LOCK = ".lock"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give an empty folder, which is removed in the end."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder, open(Path(folder, f"{_LOCK}.new"), "wb") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
            os.rename(file.name, Path(folder, _LOCK))  # locked before it has its name
        (Path(folder) / "target").mkdir()
        yield Path(folder) / "target"


def sweep() -> int:
    """Remove the folders that killed processes of this user left; return how many."""
    if fcntl is None:
        return 0
    return sum(_swept(folder) for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"))


def _swept(folder: Path) -> bool:
    try:
        if folder.is_symlink() or folder.lstat().st_uid != os.geteuid():
            return False
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:  # it has no lock: it is just being made, or is another's
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # its process goes on
        return False
    finally:
        os.close(descriptor)
    return True

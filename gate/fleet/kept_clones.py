"""Clones that stay on this machine from one run to the next, so that only what is new is fetched.

    ~/.cache/gate/fleet/clones/0123abcd…/.git    a repository's newest commit, by the digest of its address
    ~/.cache/gate/fleet/clones/0123abcd….used    its size in bytes; its time is when it was used last
    ~/.cache/gate/fleet/clones/012.lock          a lock for the repositories whose digests begin so

git alone writes to a clone, from the address that it is named by; no file of its tree is written there and nothing
judges it there. A target gets a copy. So a hostile repository can spoil no other's clone, and its own only for itself.
The clones that were used longest ago go first once all of them are larger than the bound.
"""

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from gate.core.cache import make_folder
from gate.core.cache_folder import user_cache_folder
from gate.fleet.repository_address import RepositoryAddress

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

KEPT_BYTES = 10 << 30
"""Bytes of all clones that are kept, unless a run says otherwise."""
_LARGEST_SHARE = 4
"""A clone that is larger than this part of the bound is not kept."""
_BETWEEN = 50
"""Clones that are added before sizes are added up again: the bound may be passed by so many."""
_USED, _LOCK = ".used", ".lock"


class KeptClones:
    """The clones of a folder, of at most `most` bytes."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most
        self._added = 0
        self._counting = threading.Lock()
        make_folder(folder)
        self.trim()

    @contextmanager
    def entry(self, address: RepositoryAddress) -> Iterator[Path | None]:
        """Give the place of an address's clone, which may not be there yet; None if another process is at it."""
        key = hashlib.sha256(str(address).encode()).hexdigest()
        with self._locked(key) as is_ours:
            yield self._folder / key if is_ours else None

    def keep(self, entry: Path) -> None:
        """Note that a clone was used, or remove it if it is too large."""
        size = sum(one.stat().st_size for one in entry.rglob("*") if one.is_file())
        if size > self._most // _LARGEST_SHARE:
            self.remove(entry)
            return
        entry.with_suffix(_USED).write_text(str(size), "ascii")
        with self._counting:
            self._added += 1
            is_due = self._added % _BETWEEN == 0
        if is_due:
            self.trim()

    def remove(self, entry: Path) -> None:
        """Remove a clone whose entry was given."""
        entry.with_suffix(_USED).unlink(missing_ok=True)
        shutil.rmtree(entry, ignore_errors=True)

    def trim(self) -> None:
        """Remove the clones that were used longest ago, until the others are within the bound."""
        sizes = {path.with_suffix(""): _size_in(path) for path in self._newest_first()}
        total = 0
        for entry, size in sizes.items():
            total += size
            if total > self._most:
                with self._locked(entry.name) as is_ours:
                    if is_ours:
                        self.remove(entry)

    def _newest_first(self) -> list[Path]:
        found: list[tuple[float, Path]] = []
        for path in self._folder.glob(f"*{_USED}"):
            with suppress(FileNotFoundError):  # another process removed it
                found.append((path.stat().st_mtime, path))
        return [path for _, path in sorted(found, reverse=True)]

    @contextmanager
    def _locked(self, key: str) -> Iterator[bool]:
        """Lock a clone without waiting; False if that is not possible."""
        if fcntl is None:
            yield False
            return
        descriptor = os.open(self._folder / f"{key[:3]}{_LOCK}", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
        except BlockingIOError:
            yield False
        finally:
            os.close(descriptor)


@lru_cache(maxsize=8)
def kept_clones(most: int) -> KeptClones | None:
    """Return the clones that this user keeps on this machine; None for a bound of 0, or if that is not possible."""
    if not most:
        return None
    try:
        return KeptClones(user_cache_folder() / "fleet" / "clones", most)
    except OSError:  # then each is cloned again
        return None


def _size_in(path: Path) -> int:
    try:
        return int(path.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return 0

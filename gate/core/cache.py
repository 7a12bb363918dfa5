"""The persistent cache: results of analysers, kept from run to run in one bounded file that parallel runs may share.

A result is stored under a digest of all that it depends on: the content's id, the analyser and its settings. It holds
nothing that an attacker could use; see `docs/decisions/0006-what-is-cached.md`. Each result carries a mark, a message
authentication code made with the machine's key (`gate.core.machine_key`); so does each file that is stored with
`Cache.write`. What has no right mark is not read.
"""

import hashlib
import os
import stat
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from io import FileIO
from pathlib import Path
from typing import Protocol

from gate import __version__
from gate.core import broker
from gate.core.atomic_write import write_atomically
from gate.core.cache_folder import user_cache_folder
from gate.core.debug import debug
from gate.core.file_stamp import stamp
from gate.core.lazy_regex import lazy_regex
from gate.core.machine_key import MARK_SIZE, is_same, marker

KEY_SIZE = 16
"""Bytes of a key."""
_DATABASE = "answers-2.sqlite"
_ANSWER_MARK, _FILE_MARK = "gate answer", "gate file"
"""Kinds of marks: a file's content with its mark cannot pass for a result, nor the other way round."""
_WRITABLE_BY_OTHERS = 0o022
_NAME_PART = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_NAME = lazy_regex(rf"{_NAME_PART}(?:/{_NAME_PART})*")
"""A path below the folder; no part begins with a dot, so none is `..`."""


def key_of(*parts: str | bytes) -> bytes:
    """Return the key of a result that depends on `parts`: another order or another division is another key."""
    digest = hashlib.blake2b(digest_size=KEY_SIZE)
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw) + raw)  # with lengths, so that ("ab", "c") is not ("a", "bc")
    return digest.digest()


@cache
def own_code() -> bytes:
    """Return a digest of the gate's own code: all of it, its tables included.

    The result of an analyser depends on everything that it imports. A list of the modules that matter would be wrong
    one day, and then results of older code would be taken for those of newer code. The cost is that after any edit
    everything is analysed once more.
    """
    if broker.is_connected():
        return broker.ask("cache.own_code", None, bytes)
    return code_key(files_of_package(Path(__file__).parent.parent))


@cache
def installed() -> str:
    """Return the names and versions of the distributions that this Python has."""
    folders = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    names = [name for folder in folders for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info"))]
    return "\0".join(sorted(names))


def files_of_package(folder: Path) -> "list[os.DirEntry[str]]":
    """Return all files below a folder, sorted by path, without `__pycache__`."""
    return sorted(_files(str(folder)), key=lambda file: file.path)


def _files(folder: str) -> "Iterator[os.DirEntry[str]]":
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                yield entry
            elif entry.name != "__pycache__":
                yield from _files(entry.path)


def code_key(files: "Iterable[Path | os.DirEntry[str]]", *more: str) -> bytes:
    """Return a digest of the text of `files`, of the gate's and Python's versions, and of `more`.

    The text is read again only if the size, the times or the inode of a file have changed.
    """
    paths = [os.fspath(file) for file in files]
    return key_of(__version__, sys.version, code_in(paths), *more)


def code_in(paths: Sequence[str]) -> bytes:
    """Return a digest of the names and contents of these files."""
    if broker.is_connected():
        return broker.ask("cache.code", tuple(paths), bytes)
    names = key_of("\0".join(paths))
    stamps = key_of("\0".join(stamp(os.stat(path)) for path in paths))
    cached, name = Cache(user_cache_folder()), f"code/{names.hex()}"
    known = cached.read(name)
    if known is not None and known.startswith(stamps):
        return known[len(stamps) :]
    parts: list[str | bytes] = []
    for path in paths:
        parts += (os.path.basename(path), Path(path).read_bytes())
    digest = key_of(*parts)
    cached.write(name, stamps + digest)
    return digest


class CacheBackend(Protocol):
    """What reads and writes cache folders, for every `Cache` of a process: see `backend`.

    A worker, which parses hostile input, has neither the key nor the right to write. Its backend asks the broker, and
    results come back verified. The broker answers with a `LocalBackend`, for the folders that it has given out, and
    with the `scope` of the target that the worker reads, so that a worker that was taken over can put nothing into the
    results for another target. It lets no worker write the compiled engine (`secrets/`), which others load.
    """

    def get(self, folder: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the results that are stored, by key."""

    def put(self, folder: str, answers: Mapping[bytes, bytes]) -> None:
        """Store results, in one transaction."""

    def read(self, folder: str, name: str) -> bytes | None:
        """Return the content of the file `name`, a path below the folder, as `write` got it; None if there is none."""

    def write(self, folder: str, name: str, content: bytes) -> None:
        """Write the file `name`, whole or not at all."""


class LocalBackend:
    """The backend of a process that may read the key and write the folder."""

    def __init__(self, scope: bytes = b"") -> None:
        """`scope` keeps results apart: what is stored in one scope is not found in another."""
        self._scope = scope

    def get(self, folder: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        file, mark = Path(folder, _DATABASE), marker(_ANSWER_MARK)
        if mark is None or not is_ours_alone(file):
            return {}
        from gate.core.cache_store import read_answers  # late: start-up does without sqlite3

        by_row = {self._row(key): key for key in keys}
        found = {by_row[row]: value for row, value in read_answers(file, list(by_row), mark).items()}
        debug("cache", "%d of %d results are known", len(found), len(keys))
        return found

    def put(self, folder: str, answers: Mapping[bytes, bytes]) -> None:
        file, mark = Path(folder, _DATABASE), marker(_ANSWER_MARK)
        if mark is None or (os.path.lexists(file) and not is_ours_alone(file)):
            return
        from gate.core.cache_store import write_answers  # late, as above

        try:
            make_folder(file.parent)
        except OSError:  # a cache that cannot be written costs time and nothing else
            return
        write_answers(file, {self._row(key): value for key, value in answers.items()}, mark)

    def read(self, folder: str, name: str) -> bytes | None:
        opened = self.opened(folder, name)
        if opened is None:
            return None
        with opened:
            return opened.read()

    def opened(self, folder: str, name: str) -> FileIO | None:
        """Return the file that `read` would return the content of, open at its beginning; None of any other."""
        file, mark = _file(folder, name), marker(_FILE_MARK)
        try:
            if mark is None or not is_ours_alone(file):
                return None
            with ExitStack() as closing:
                opened = closing.enter_context(FileIO(file))
                stated = opened.read(MARK_SIZE)
                digest = hashlib.file_digest(opened, "sha256").digest()  # piece by piece: it may be large
                if not is_same(stated, mark(_message(name, digest))):
                    return None
                opened.seek(MARK_SIZE)
                closing.pop_all()
                debug("cache", "%s: known", name)
                return opened
        except OSError:
            return None

    def write(self, folder: str, name: str, content: bytes) -> None:
        file, mark = _file(folder, name), marker(_FILE_MARK)
        if mark is None:
            return
        try:
            make_folder(file.parent)
            write_atomically(file, mark(_message(name, hashlib.sha256(content).digest())) + content, mode=0o600)
        except OSError:  # a folder that cannot be written
            return

    def _row(self, key: bytes) -> bytes:
        return key_of(self._scope, key) if self._scope else key


backend: CacheBackend = LocalBackend()
"""The backend of this process; a worker sets one that asks the broker."""


class Cache:
    """The cache in one folder: results by key, and files with this machine's mark.

    What cannot be read, written or verified is as good as not there: it costs time and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the results that are stored, by key; one that is damaged or from another machine is left out."""
        return backend.get(self._folder, list(keys))

    def put(self, answers: Mapping[bytes, bytes]) -> None:
        """Store `answers`, in one transaction."""
        if answers:
            backend.put(self._folder, answers)

    def read(self, name: str) -> bytes | None:
        """Return the content of a file that `write` wrote under this name; None if there is no such file."""
        return backend.read(self._folder, name)

    def write(self, name: str, content: bytes) -> None:
        """Write a file with this machine's mark, whole or not at all."""
        backend.write(self._folder, name, content)


def _file(folder: str, name: str) -> Path:
    """Return the path of a file by its name. Raises ValueError for a name that could lead out of the folder."""
    if not _NAME.fullmatch(name):
        raise ValueError("a file of the cache has a plain path below its folder")
    return Path(folder, name)


def _message(name: str, digest: bytes) -> bytes:
    """Return what a file's mark is made of. It holds the name, so that no file passes for another."""
    return digest + name.encode()


def make_folder(folder: Path) -> None:
    """Make a folder of the cache that no other user can write to. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = stat.S_IMODE(folder.stat().st_mode)
    # An earlier version or another program may have made it. This is a second line: files need their mark anyway.
    if mode & _WRITABLE_BY_OTHERS:
        folder.chmod(mode & ~_WRITABLE_BY_OTHERS)


def is_ours_alone(file: Path) -> bool:
    """True if `file` exists and no other user can have written it or put it into its folder."""
    if file.is_symlink() or not file.is_file():
        return False
    if os.name != "posix":  # owner and mode say nothing there; the mark still does
        return True
    return all(
        status.st_uid == os.getuid() and not status.st_mode & _WRITABLE_BY_OTHERS
        for status in (file.stat(), file.parent.stat())
    )

"""Answers of analysers, kept from run to run: one bounded file, safe for parallel runs, believed only with our mark.

An answer is kept under a digest of all that it depends on: the content's id, and what looked at it with which
settings. Nothing that an attacker could use may be in an answer; see `docs/decisions/0006-what-is-cached.md`. Each
bears a mark that needs the machine's key (`gate.authentic`); so does each file that is kept beside the answers.
"""

import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from typing import Protocol

from gate import __version__, doors
from gate.authentic import MARK_SIZE, is_same, marker
from gate.cache_folder import user_cache_folder
from gate.whole_files import write_whole

KEY_SIZE = 16
_ANSWERS = "answers-2.sqlite"
_ANSWER, _NAMED = "gate answer", "gate file"
"""Kinds of marks."""
_WRITABLE_BY_OTHERS = 0o022
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


def key_of(*parts: str | bytes) -> bytes:
    """Return the key of an answer that depends on `parts`, their order and their borders included."""
    digest = hashlib.blake2b(digest_size=KEY_SIZE)
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw) + raw)
    return digest.digest()


def modules_in(folder: Path) -> "list[os.DirEntry[str]]":
    """Return the Python files in a folder and below it, in the order of their paths."""
    return sorted(_modules(str(folder)), key=lambda file: file.path)


def _modules(folder: str) -> "Iterator[os.DirEntry[str]]":
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _modules(entry.path)
            elif entry.name.endswith(".py"):
                yield entry


def code_key(files: "Iterable[Path | os.DirEntry[str]]", *more: str) -> bytes:
    """Name the code in `files` by its text, beside the gate's and Python's versions.

    The text is read again only if a file has changed: its size, its times or its place on the disk.
    """
    paths = [os.fspath(file) for file in files]
    return key_of(__version__, sys.version, code_in(paths), *more)


def code_in(paths: Sequence[str]) -> bytes:
    """Name the text of these files."""
    if doors.is_shut():
        return doors.ask("cache.code", tuple(paths), bytes)
    names = key_of(*paths)
    stamps = key_of(*map(_stamp, paths))
    kept, name = Cache(user_cache_folder()), f"code/{names.hex()}"
    known = kept.read(name)
    if known is not None and known.startswith(stamps):
        return known[len(stamps) :]
    digest = key_of(*(text for path in paths for text in (os.path.basename(path), Path(path).read_bytes())))
    kept.write(name, stamps + digest)
    return digest


def _stamp(path: str) -> str:
    """Return what changes with a file; the time of its last change of status cannot be set by an ordinary user."""
    status = os.stat(path)
    return f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


class Shelf(Protocol):
    """Where what is kept in a cache folder is had from, by whoever has the key.

    A process that parses what is hostile needs no key and no right to write: it puts a `Shelf` that asks its parent in
    the place of `shelf`, and every `Cache` in it goes that way. What comes back has been verified there. The parent
    answers by an `OwnShelf` of its own: for the folders that it has given out, with the `scope` of the target that the
    process works on, so that what one target's process says is never believed of another target. It has no need to let
    such a process write the compiled engine (`secrets/`), which others load.
    """

    def known(self, folder: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the answers that are known, by key."""

    def keep(self, folder: str, answers: Mapping[bytes, bytes]) -> None:
        """Keep answers, in one step."""

    def read(self, folder: str, name: str) -> bytes | None:
        """Return the content of the file `name`, a path below the folder, as it was written; None of any other."""

    def write(self, folder: str, name: str, content: bytes) -> None:
        """Write the file `name`, whole or not at all."""


class Cache:
    """What is kept in one folder: answers by key, and files that bear this machine's mark.

    What cannot be read, written or verified costs time and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the answers that are known, by key; one that is damaged or that another machine gave is not."""
        return shelf.known(self._folder, list(keys))

    def put(self, answers: Mapping[bytes, bytes]) -> None:
        """Keep `answers`, in one step."""
        if answers:
            shelf.keep(self._folder, answers)

    def read(self, name: str) -> bytes | None:
        """Return the content of a file that `write` wrote under this name; None of any other."""
        return shelf.read(self._folder, name)

    def write(self, name: str, content: bytes) -> None:
        """Write a file with this machine's mark, whole or not at all."""
        shelf.write(self._folder, name, content)


class OwnShelf:
    """The shelf of a process that may read the key and write the folder."""

    def __init__(self, scope: bytes = b"") -> None:
        """`scope` sets answers apart: those of one scope are not known in another."""
        self._scope = scope

    def known(self, folder: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        file, mark = Path(folder, _ANSWERS), marker(_ANSWER)
        if mark is None or not is_ours_alone(file):
            return {}
        from gate.answers import read_answers

        by_row = {self._row(key): key for key in keys}
        return {by_row[row]: value for row, value in read_answers(file, list(by_row), mark).items()}

    def keep(self, folder: str, answers: Mapping[bytes, bytes]) -> None:
        file, mark = Path(folder, _ANSWERS), marker(_ANSWER)
        if mark is None or (os.path.lexists(file) and not is_ours_alone(file)):
            return
        from gate.answers import write_answers

        try:
            make_folder(file.parent)
        except OSError:  # it cannot be written
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
        file, mark = _file(folder, name), marker(_NAMED)
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
                return opened
        except OSError:
            return None

    def write(self, folder: str, name: str, content: bytes) -> None:
        file, mark = _file(folder, name), marker(_NAMED)
        if mark is None:
            return
        try:
            make_folder(file.parent)
            write_whole(file, mark(_message(name, hashlib.sha256(content).digest())) + content, mode=0o600)
        except OSError:  # a folder that cannot be written
            return

    def _row(self, key: bytes) -> bytes:
        return key_of(self._scope, key) if self._scope else key


shelf: Shelf = OwnShelf()
"""Where this process has what is kept from."""


def _file(folder: str, name: str) -> Path:
    """Return the file of this name. Raises ValueError for one that could lie elsewhere."""
    if not _NAME.fullmatch(name):
        raise ValueError("a file of the cache has a plain path below its folder")
    return Path(folder, name)


def _message(name: str, digest: bytes) -> bytes:
    """Return what is marked: the content's digest and the name, so that no file takes another's place."""
    return digest + name.encode()


def make_folder(folder: Path) -> None:
    """Make a folder of the cache into which nobody else can put a file. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & _WRITABLE_BY_OTHERS:  # of an earlier version, or a strange umask; what has no mark is not believed anyway
        folder.chmod(mode & ~_WRITABLE_BY_OTHERS)


def is_ours_alone(file: Path) -> bool:
    """True if `file` is there and nobody else could have written it, or put it into its folder."""
    if file.is_symlink() or not file.is_file():
        return False
    if os.name != "posix":
        return True
    return all(
        status.st_uid == os.getuid() and not status.st_mode & _WRITABLE_BY_OTHERS
        for status in (file.stat(), file.parent.stat())
    )

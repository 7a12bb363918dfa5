"""What a working tree is at this moment, without reading what git vouches for: names and kinds, and an id a content.

Two states with the same listing and ids are the same tree to whatever reads it through `gate.trees`. What git does not
vouch for (changed, untracked, converted on the way to the disk) is read and hashed, within bounds.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from gate.core.cache import key_of
from gate.core.errors import UnreadableError
from gate.core.file_stamp import is_settled, stamp
from gate.git import Repository
from gate.trees.base import raw_name, shown
from gate.trees.index import IndexListing, IndexQuestion, question_of

MOST_READ = 2_000
"""Files that are read and hashed, as git does not vouch for them; of a tree with more the state is not known."""
MOST_BYTES = 64 << 20
"""Bytes of all these together."""
MOST_STAMPED = 2_000
"""Files of an image in a folder; of one with more the state is not known."""


class TreeState(msgspec.Struct, frozen=True):
    """The state of a tree, or of the files that an image lies in."""

    listing: str
    """A digest of the names, and of the kind and executable bit of each; of an image all that is known of its files."""
    ids: Mapping[str, str]
    """By path: what its content is; a file that git does not vouch for has another form of id."""


class StateQuestion:
    """Asks git for the state of a working tree; git works from the start on, until `answer` waits for it."""

    def __init__(self, root: str, *, again: bool = False) -> None:
        """Ask, or with `again` ask once more in this run. Raises GateError if git cannot be asked."""
        self._root = os.fsencode(root)
        repository = Repository.find(root)
        ask = IndexQuestion if again else question_of
        self._question = ask(repository, root) if repository is not None else None

    def answer(self) -> TreeState | None:
        """Wait for git and return the state; None if there is no repository, or too much would have to be read."""
        if self._question is None:
            return None
        try:
            return self._state(self._question.answer())
        except (OSError, UnreadableError):
            return None

    def _state(self, listing: IndexListing) -> TreeState | None:
        vouched = listing.vouched
        unsure = listing.differing | vouched.doubts.keys()
        kinds = vouched.modes | {shown(name): doubt for name, doubt in vouched.doubts.items()}
        ids = dict(vouched.ids)
        if len(unsure) > MOST_READ:
            return None
        left = MOST_BYTES
        for name in sorted(unsure):
            kind, content = self._read(name, left)
            if content is None:
                return None
            left -= len(content)
            path = shown(name)
            kinds[path] = kinds.get(path, "") + kind
            ids[path.rstrip("/")] = f"own:{hashlib.sha256(content).hexdigest()}"
        listed = key_of("\0".join(f"{path}\0{kinds[path]}" for path in sorted(kinds)))
        return TreeState(listed.hex(), ids)

    def _read(self, name: bytes, most: int) -> tuple[str, bytes | None]:
        """Return kind (git's mode) and content of what stands under a name; None if it has more than `most` bytes."""
        place = os.path.join(self._root, name.rstrip(b"/"))
        try:
            status = os.lstat(place)
        except FileNotFoundError:
            return "gone", b""
        if stat.S_ISLNK(status.st_mode):
            return "120000", os.readlink(place)
        if not stat.S_ISREG(status.st_mode):
            return f"other {stat.S_IFMT(status.st_mode)}", b""
        if status.st_size > most:
            return "too large", None
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(most + 1)
        kind = "100755" if status.st_mode & stat.S_IXUSR else "100644"  # as git tells files apart
        return kind, content if len(content) <= most else None


class ImageFilesQuestion:
    """Asks for the state of an archive of an image, or of a folder with a layout of one, by stamps of its files."""

    def __init__(self, place: str) -> None:
        self._place = place

    def answer(self) -> TreeState | None:
        """Return the state; None for something else, for many files, and if one may change without being noticed."""
        now_ns = time.time_ns()
        stamps: list[str] = []
        try:
            for path in sorted(_files_below(self._place)):
                status = os.lstat(path)
                is_plain = stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)
                if not is_plain or not is_settled(status, now_ns) or len(stamps) >= MOST_STAMPED:
                    return None
                stamps.append(f"{path}\0{status.st_mode} {stamp(status)}")
        except OSError:
            return None
        return TreeState(key_of("\0".join(stamps)).hex(), {})


def state_of(root: str) -> TreeState | None:
    """Return the state of a working tree; None where it is not known."""
    return StateQuestion(root).answer()


def digest_of(state: TreeState, paths: Iterable[str]) -> str:
    """Return a digest of what the state says of these paths."""
    return key_of("\0".join(f"{path}\0{state.ids[path]}" for path in paths)).hex()


def stamp_of(root: str, path: str) -> str:
    """Return what changes when what stands under a path of a folder does, links not followed.

    Of a folder only that it is one counts.
    """
    try:
        status = os.lstat(os.path.join(os.fsencode(root), raw_name(path)))
    except (OSError, ValueError):
        return "none"
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    return f"{status.st_mode} {stamp(status)}"


def stamps_below(place: str) -> str:
    """Return the stamps of a file, or of a folder and of all that is below it."""
    return "\0".join(
        f"{path} {stamp_of('/', shown(os.fsencode(path)))}" for path in (place, *sorted(_files_below(place)))
    )


def _files_below(place: str) -> Iterator[str]:
    """Yield the paths of all files and links below a folder; of anything else its own."""
    if not os.path.isdir(place):
        yield place
    for folder, folders, names in os.walk(place):
        yield from (os.path.join(folder, name) for name in names)
        yield from (path for name in folders if os.path.islink(path := os.path.join(folder, name)))

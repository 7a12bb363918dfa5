"""What a working tree is at this moment, without reading what git vouches for: names and kinds, and an id a content.

Two states with the same listing and ids are the same tree to whatever reads it through `gate.trees`. What git does not
vouch for (changed, untracked, converted on the way to the disk) is read and hashed, within bounds.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from itertools import chain

import msgspec

from gate.core.cache import key_of
from gate.core.errors import UnreadableError
from gate.git import Repository
from gate.git.clean_trees import has_no_others
from gate.git.running import Running
from gate.trees.base import raw_name, shown

MOST_READ = 2_000
"""Files that are read and hashed, as git does not vouch for them; of a tree with more the state is not known."""
MOST_BYTES = 64 << 20
"""Bytes of all these together."""
_SURE = "H"
"""The tag of a file that git compares with the disk (`git ls-files -v`)."""


class TreeState(msgspec.Struct, frozen=True):
    """The state of a tree."""

    listing: str
    """A digest of the names, and of the kind and executable bit of each."""
    ids: Mapping[str, str]
    """By path: what its content is; a file that git does not vouch for has another form of id."""


class StateQuestion:
    """The git commands that say the state of a working tree; they run at the same time, from the start on."""

    def __init__(self, root: str) -> None:
        """Raises GateError if git cannot be asked."""
        self._root = os.fsencode(root)
        self._running: dict[str, Running] = {}
        repository = Repository.find(root)
        if repository is not None:
            changed = "changed tracked files" if has_no_others(root) else "changed files"
            commands = {"tracked": "index with tags", "changed": changed, "converted": "converted files"}
            self._running = {name: repository.start(command, folder=root) for name, command in commands.items()}

    def answer(self) -> TreeState | None:
        """Wait for git and return the state; None if there is no repository, or too much would have to be read."""
        if not self._running:
            return None
        try:
            said = {name: _names(running) for name, running in self._running.items()}
            return self._state(said["tracked"], {*said["changed"], *said["converted"]})
        except (OSError, UnreadableError):
            return None

    def _state(self, tracked: list[bytes], unsure: set[bytes]) -> TreeState | None:
        kinds: dict[bytes, str] = {}
        ids: dict[str, str] = {}
        for line in tracked:
            head, _, name = line.partition(b"\t")
            tag, mode, blob_id, stage = head.decode("ascii").split(" ")
            if (tag, stage) != (_SURE, "0"):
                unsure.add(name)
                kinds[name] = f"{tag} {stage} "
            elif name not in unsure:
                kinds[name], ids[shown(name)] = mode, blob_id
        if len(unsure) > MOST_READ:
            return None
        left = MOST_BYTES
        for name in sorted(unsure):
            kind, content = self._read(name, left)
            if content is None:
                return None
            left -= len(content)
            kinds[name] = kinds.get(name, "") + kind
            ids[shown(name.rstrip(b"/"))] = f"own:{hashlib.sha256(content).hexdigest()}"
        listing = key_of(*(name + b"\0" + kinds[name].encode() for name in sorted(kinds)))
        return TreeState(listing.hex(), ids)

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


def _names(running: Running) -> list[bytes]:
    return running.output().split(b"\0")[:-1]


def state_of(root: str) -> TreeState | None:
    """Return the state of a working tree; None where it is not known."""
    return StateQuestion(root).answer()


def digest_of(state: TreeState, paths: Iterable[str]) -> str:
    """Return a digest of what the state says of these paths."""
    return key_of(*chain.from_iterable((path, state.ids[path]) for path in paths)).hex()


def stamp_of(root: str, path: str) -> str:
    """Return what changes when what stands under a path of a folder does, links not followed.

    An ordinary user can set a file's mtime, but not its ctime. Of a folder only that it is one counts.
    """
    try:
        status = os.lstat(os.path.join(os.fsencode(root), raw_name(path)))
    except (OSError, ValueError):
        return "none"
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    fields = (status.st_mode, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return " ".join(map(str, fields))

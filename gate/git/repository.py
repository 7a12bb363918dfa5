"""A git repository: ask git what it holds, name its commits, list and read its files."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from gate.core import broker
from gate.core.errors import UnreadableError
from gate.git.clean_trees import has_no_others
from gate.git.configuration import Setting, read_settings, values_of
from gate.git.locate import RepositoryPlace, find_place, place_to_ask, places_above
from gate.git.object_ids import is_what_its_id_says
from gate.git.objects import ObjectReader
from gate.git.process import Order
from gate.git.running import Running, output_of, run

ZERO_IDS = ("0" * 40, "0" * 64)
"""The object id that stands for "none" (SHA-1 and SHA-256)."""

_NAMES_AT_ONCE = 200
_HEAD_OF_OBJECT = 200
"""Bytes that git says of an object, at most, before its content."""
_VERSION_2 = (2).to_bytes(4, "big")
_SUBMODULE = (0o160000).to_bytes(4, "big")
_ID = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")


class TreeItem(msgspec.Struct, frozen=True, gc=False):
    """What `git ls-tree` says of a leaf."""

    mode: str
    is_blob: bool
    id: str
    """Of the blob; of a submodule the commit."""

    @classmethod
    def parse(cls, said: str) -> Self:
        """Read what stands before a name: mode, type and id."""
        mode, kind, object_id = said.split(" ")
        return cls(mode, kind == "blob", object_id)


class GitRemote(msgspec.Struct, frozen=True, kw_only=True):
    """What the repository's own configuration says of a remote."""

    name: str
    urls: tuple[str, ...] = ()
    push_urls: tuple[str, ...] = ()
    fetched_to: tuple[str, ...] = ()
    """The right sides of its `fetch` lines."""


def _parts(names: Sequence[bytes] | None) -> Iterator[Sequence[bytes]]:
    """Yield `names` in parts that fit on a command line; one empty part, for "everything", if there is no limit."""
    if names is None:
        yield ()
        return
    for start in range(0, len(names), _NAMES_AT_ONCE):
        yield names[start : start + _NAMES_AT_ONCE]


class Repository:
    """A git repository, seen from one of its folders. It is opened when it is first asked something."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    @classmethod
    def find(cls, folder: str) -> Self | None:
        """Open the repository that `folder` belongs to; None if there is none, or if it ignores the folder.

        Raises UnreadableError for a repository that leads elsewhere, or one in the middle of what another tracks:
        then nobody can say what belongs to it. Raises GateError if git is missing and needed.
        """
        place = find_place(folder)
        if place is None:
            return None
        if not broker.is_connected():  # else whoever started this process has done it
            _check_alone(place)
        repository = cls(folder)
        return None if repository.ignores(folder) else repository

    @cached_property
    def place(self) -> RepositoryPlace:
        """Where it is. Raises UnreadableError if there is none."""
        place = place_to_ask(self._folder)
        if place is None:
            raise UnreadableError("is in no git repository", path=self._folder)
        return place

    @property
    def is_there(self) -> bool:
        """True if there is a repository, be it a bare one. Raises UnreadableError for one that leads elsewhere."""
        return place_to_ask(self._folder) is not None

    @property
    def top(self) -> str:
        """The root of the working tree."""
        return self.place.top

    @property
    def prefix(self) -> str:
        """The path of the folder below the root, with a slash at its end; empty for the root itself."""
        return self.path_of(self._folder)

    def path_of(self, folder: str) -> str:
        """Return the path of a folder of the repository, as `prefix` is. Raises UnreadableError if it lies outside."""
        below = os.path.relpath(os.path.realpath(folder), self.top)
        if below == ".":
            return ""
        if below == os.pardir or below.startswith(os.pardir + os.sep):
            raise UnreadableError("is not in the repository", path=folder)
        return below.replace(os.sep, "/") + "/"

    def run(
        self,
        command: str,
        *arguments: str,
        lines: Iterable[str] = (),
        limit: int | None = None,
        folder: str | None = None,
    ) -> bytes:
        """Run a command of `gate.git.commands.COMMANDS` on `lines`, looking from `folder`, and return what it writes.

        Raises UnreadableError with git's own words if it fails, or lists without a folder that it may not read;
        LimitError once the output has more than `limit` bytes.
        """
        return run(Order(folder or self._folder, command, arguments), lines, limit)

    def start(self, command: str, *arguments: str, lines: Iterable[str] = (), folder: str | None = None) -> Running:
        """Start a command as `run` does, and go on while it runs."""
        return Running(Order(folder or self._folder, command, arguments), lines)

    @contextmanager
    def stream(self, command: str, *arguments: str, lines: Iterable[str]) -> Iterator[BinaryIO]:
        """Give the standard output of a command that reads `lines` from its standard input, while it runs."""
        with output_of(Order(self._folder, command, arguments), lines) as (_, stream):
            yield stream

    def ignores(self, folder: str) -> bool:
        """True if ignore rules leave out all of `folder`."""
        if not self.path_of(folder):
            return False
        try:
            return bool(self.run("is ignored", folder=folder))
        except UnreadableError:  # git says "not ignored" by its exit status
            return False

    def list_files(self, folder: str) -> Iterator[bytes]:
        """Yield the names below `folder`, relative to it, that are tracked, or untracked and not ignored."""
        command = "tracked files" if has_no_others(folder) else "files"
        yield from filter(None, self.run(command, folder=folder).split(b"\0"))

    def list_untracked(self, folder: str) -> Iterator[bytes]:
        """Yield the names below `folder`, relative to it, that are not tracked and not ignored."""
        tracked = {line[2:] for line in self.run("states", folder=folder).split(b"\0") if line}
        yield from (name for name in self.list_files(folder) if name not in tracked)

    def list_left_out(self, folder: str) -> Iterator[bytes]:
        """Yield the names below `folder` of what is tracked and by the index need not be on disk (sparse checkout)."""
        listing = self.run("states", folder=folder)
        yield from (line[2:] for line in listing.split(b"\0") if line.startswith(b"S "))

    def list_submodules(self, folder: str) -> Iterator[tuple[bytes, str]]:
        """Yield (name, commit) of each submodule that the index has below `folder`; names are relative to it."""
        for line in filter(None, self.run("index", folder=folder).split(b"\0")):
            head, _, name = line.partition(b"\t")
            if head.startswith(b"160000 "):
                yield name, head.split()[1].decode("ascii")

    def list_tree(
        self, folder: str, revision: str, only: Sequence[bytes] | None = None, limit: int | None = None
    ) -> bytes:
        """Return each leaf of `revision` below `folder`; of `only`, if there.

        A leaf is what TreeItem.parse reads, a tab, its name relative to `folder`, and NUL. As git says it: it is read
        by whoever wants it, and of most leaves the name is enough. Raises as `run` does.
        """
        prefix = self.path_of(folder).removesuffix("/")
        tree = f"{self.full_id(revision)}:{prefix}"
        try:
            return b"".join(self._list_tree(tree, names, limit) for names in _parts(only))
        except UnreadableError:
            if prefix and not self.entries(revision, [prefix]):
                return b""  # as of a folder that came later
            raise

    def _list_tree(self, tree: str, names: Sequence[bytes], limit: int | None) -> bytes:
        # Without sizes (-l): for these git opens every object.
        return self.run("leaves", tree, *map(os.fsdecode, names), limit=limit)

    def blob_sizes(self, blob_ids: Iterable[str]) -> dict[str, int]:
        """Return the sizes in bytes of those blobs that are in the object store."""
        pairs = (line.split(" ") for line in self.run("sizes", lines=blob_ids).decode().splitlines())
        return {blob_id: int(size) for blob_id, size in pairs if size != "missing"}

    def entries(self, revision: str, paths: Sequence[str]) -> dict[bytes, TreeItem]:
        """Return by name what stands at paths below the root in `revision`, folders too; what is not there is left out.

        Raises UnreadableError if the tree is not in the object store.
        """
        listing = self.run("entries", self.full_id(revision), *paths)
        pairs = (line.partition(b"\t") for line in listing.split(b"\0") if line)
        return {name: TreeItem.parse(said.decode("ascii")) for said, _, name in pairs}

    def content_of(self, blob_id: str, limit: int) -> bytes:
        """Return a blob's bytes, through a process of its own, which is cheaper for one or two.

        Raises UnreadableError if it is not there or damaged, LimitError if it has more than `limit` bytes.
        """
        head, _, rest = self.run("contents", lines=[blob_id], limit=limit + _HEAD_OF_OBJECT).partition(b"\n")
        if not head.startswith(f"{blob_id} blob ".encode()):
            raise UnreadableError("is not in the object store (shallow or partial clone?)", path=blob_id)
        if not is_what_its_id_says(blob_id, b"blob", rest[:-1]):
            raise UnreadableError("is damaged in the object store", path=blob_id)
        return rest[:-1]

    def read_blob(self, blob_id: str) -> bytes:
        """Return a blob's bytes, through one `cat-file --batch` that stays open."""
        return self._contents.content(blob_id)

    @cached_property
    def _settings(self) -> tuple[Setting, ...]:
        return read_settings(Path(self.place.common_dir, "config"))

    @cached_property
    def remotes(self) -> tuple[GitRemote, ...]:
        """The remotes that the repository's own configuration names; what that includes is not asked."""
        if broker.is_connected():
            return broker.ask("git.remotes", self._folder, tuple[GitRemote, ...])
        names = dict.fromkeys(one.name for one in self._settings if one.section == "remote" and one.name)
        return tuple(self._remote(name) for name in names)

    def _remote(self, name: str) -> GitRemote:
        said = {key: tuple(values_of(self._settings, "remote", key, name)) for key in ("url", "pushurl", "fetch")}
        fetched_to = (line.removeprefix("+").partition(":")[2] for line in said["fetch"])
        return GitRemote(
            name=name, urls=said["url"], push_urls=said["pushurl"], fetched_to=tuple(filter(None, fetched_to))
        )

    def address_of(self, remote: str) -> str | None:
        """Return the address of a remote as the configuration states it, credentials and all; None if it has none."""
        found = [one.urls[-1] for one in self.remotes if one.name == remote and one.urls]
        return found[0].strip() or None if found else None

    @property
    def is_shallow(self) -> bool:
        """True if the older part of the history was not fetched."""
        return Path(self.place.common_dir, "shallow").is_file()

    @property
    def may_leave_out(self) -> bool:
        """True unless the index is sure to have no submodule and no file that is not on disk.

        Read as bytes: version 2 has no flag for such files, and a submodule's mode stands there as it is.
        """
        try:
            index = Path(self.place.git_dir, "index").read_bytes()
        except FileNotFoundError:
            return False
        return index[4:8] != _VERSION_2 or _SUBMODULE in index or b"link" in index

    def commit_id(self, revision: str) -> str | None:
        """Return the full id of the commit that `revision` names, or None."""
        return self.commit_ids([revision])[0]

    def commit_ids(self, revisions: Sequence[str]) -> list[str | None]:
        """Return for each revision the full id of the commit that it names, or None; of all through one process."""
        return self._named([f"{revision}^{{commit}}" for revision in revisions], "commit")

    def _named(self, questions: Sequence[str], kind: str) -> list[str | None]:
        if not questions:
            return []
        if not self.is_there:
            return [None] * len(questions)
        lines = ("" if "\n" in question else question for question in questions)
        answers = self.run("names", lines=lines).decode("utf-8", "replace").split("\n")[:-1]
        pattern = re.compile(f"{kind} ({_ID.pattern})")
        found = map(pattern.fullmatch, answers)
        return [one[1] if one else None for one in found]

    def full_ids(self, revisions: Sequence[str]) -> list[str]:
        """Return the ids of commits or trees: those that are full ids as they are, for the others git is asked.

        Raises UnreadableError if git knows none of that name.
        """
        asked = [revision for revision in revisions if not _ID.fullmatch(revision)]
        told = dict(zip(asked, self.commit_ids(asked), strict=True))
        lost = next((revision for revision, commit in told.items() if commit is None), None)
        if lost is not None:
            raise UnreadableError(f"has no commit {lost}", path=self._folder)
        return [told.get(revision) or revision for revision in revisions]

    def full_id(self, revision: str) -> str:
        """Return the id of one commit or tree, as `full_ids` does."""
        return self.full_ids([revision])[0]

    def tree_id(self, folder: str, revision: str) -> str | None:
        """Return the id of a folder as `revision` has it, or None if it has none."""
        return self._named([f"{revision}:{self.path_of(folder)}".removesuffix("/")], "tree")[0]

    def is_as_in(self, folder: str, commit: str) -> bool:
        """True if git vouches for it that every tracked file below `folder` is the one of a commit.

        Submodules count by the commit that is checked out. Raises UnreadableError if git cannot compare them.
        """
        unsure = re.search(rb"(?:^|\0)[^H]", self.run("states with flags", folder=folder))
        return unsure is None and not self.run("differences", commit, folder=folder)

    def merge_base(self, first: str, second: str) -> str | None:
        """Return the best common ancestor of two commits, or None if they share none."""
        try:
            return self.run("merge base", *self.full_ids([first, second])).decode().strip() or None
        except UnreadableError:
            return None

    def renames(self, folder: str, old: str, new: str | None) -> list[tuple[bytes, bytes]]:
        """Return what has another name in `new` (None: the index) than in `old`: (old, new), below `folder`."""
        # Never by the files on disk: what they are, is found by reading them.
        command = "renames" if new else "staged renames"
        output = self.run(command, self.path_of(folder), *self.full_ids([old, *([new] if new else [])]))
        fields = output.split(b"\0")[:-1]  # R086, old name, new name, and so on
        return list(zip(fields[1::3], fields[2::3], strict=True))

    def blob_size(self, blob_id: str) -> int:
        """Return a blob's size in bytes, without its content."""
        return self._sizes.size(blob_id)

    @cached_property
    def _contents(self) -> ObjectReader:
        return ObjectReader(self._folder, "contents one by one")

    @cached_property
    def _sizes(self) -> ObjectReader:
        return ObjectReader(self._folder, "sizes one by one")

    def blob_id(self, revision: str, path: str) -> str | None:
        """Return the id of the file `path` (below the root) in `revision`, or None if there is none."""
        return self._named([f"{revision}:{path}"], "blob")[0]


def _check_alone(place: RepositoryPlace) -> None:
    """Raise UnreadableError if a repository further above tracks files that lie in this one."""
    for outer in places_above(os.path.dirname(place.top)):
        path = os.path.relpath(place.top, outer.top).replace(os.sep, "/")
        listing = run(Order(outer.top, "index of", (path,)))
        if any(line and not line.startswith(b"160000 ") for line in listing.split(b"\0")):
            raise UnreadableError(
                f"has a repository of its own amid files that the one at {outer.top} tracks: it is not clear whose "
                "files they are",
                path=place.top,
                hint="Remove the inner .git, or make it a submodule",
            )

"""A git repository: resolve revisions, list and read files, ask for its remotes and settings."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from gate.core import broker
from gate.core.errors import UnreadableError
from gate.core.lazy_regex import lazy_regex
from gate.git.configuration import Setting, read_settings, values_of
from gate.git.locate import RepositoryPlace, find_place, place_to_ask, places_above
from gate.git.object_ids import is_what_its_id_says
from gate.git.objects import ObjectReader
from gate.git.process import Order
from gate.git.running import Running, output_of, run

ZERO_IDS = ("0" * 40, "0" * 64)
"""The object id that means "none" (SHA-1 and SHA-256)."""

_NAMES_AT_ONCE = 200
"""Paths on one command line."""
_HEAD_OF_OBJECT = 200
"""Bytes that `cat-file` writes at most before an object's content."""
_HEAD = b"# branch.oid "
"""What stands before the commit of HEAD in the output of `git status --porcelain=v2 --branch`."""
_ID = lazy_regex("[0-9a-f]{40}(?:[0-9a-f]{24})?")


class TreeItem(msgspec.Struct, frozen=True, gc=False):
    """A leaf of a tree, as `git ls-tree` lists it."""

    mode: str
    is_blob: bool
    id: str
    """Id of the blob, or of a submodule's commit."""

    @classmethod
    def parse(cls, said: str) -> Self:
        """Parse what `ls-tree` writes before a name: mode, type and id."""
        mode, kind, object_id = said.split(" ")
        return cls(mode, kind == "blob", object_id)


class GitRemote(msgspec.Struct, frozen=True, kw_only=True):
    """A remote, as the repository's own configuration describes it."""

    name: str
    urls: tuple[str, ...] = ()
    push_urls: tuple[str, ...] = ()
    fetched_to: tuple[str, ...] = ()
    """The right sides of its `fetch` refspecs."""


def _parts(names: Sequence[bytes] | None) -> Iterator[Sequence[bytes]]:
    """Yield `names` in parts that fit on a command line; for None one empty part, which means everything."""
    if names is None:
        yield ()
        return
    for start in range(0, len(names), _NAMES_AT_ONCE):
        yield names[start : start + _NAMES_AT_ONCE]


class Repository:
    """A git repository, seen from one of its folders; it is looked for when it is first asked something."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    @classmethod
    def find(cls, folder: str) -> Self | None:
        """Return the repository that `folder` belongs to; None if there is none, or if it ignores the folder.

        Raises UnreadableError for one that `find_place` refuses, or that lies among the files that another repository
        tracks, so that it is unclear to which of them files belong. Raises GateError if git is needed and missing.
        """
        place = find_place(folder)
        if place is None:
            return None
        if not broker.is_connected():  # for a worker the main process has done it
            _check_alone(place)
        repository = cls(folder)
        return None if repository.ignores(folder) else repository

    @cached_property
    def place(self) -> RepositoryPlace:
        """Where the repository is. Raises UnreadableError if there is none."""
        place = place_to_ask(self._folder)
        if place is None:
            raise UnreadableError("is in no git repository", path=self._folder)
        return place

    @property
    def is_there(self) -> bool:
        """True if there is a repository, perhaps a bare one. Raises UnreadableError for one that is refused."""
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
        """Run a command of `gate.git.commands.COMMANDS` in `folder` with `lines` as its input; return its output.

        Raises UnreadableError with git's own message if it fails, or if it leaves out a folder that it may not read;
        LimitError as soon as the output has more than `limit` bytes.
        """
        return run(Order(folder or self._folder, command, arguments), lines, limit)

    def start(self, command: str, *arguments: str, lines: Iterable[str] = (), folder: str | None = None) -> Running:
        """Start a command as `run` does, and return without waiting for it."""
        return Running(Order(folder or self._folder, command, arguments), lines)

    @contextmanager
    def stream(self, command: str, *arguments: str, lines: Iterable[str]) -> Iterator[BinaryIO]:
        """Give the standard output of a running command that reads `lines` from its standard input."""
        with output_of(Order(self._folder, command, arguments), lines) as (_, stream):
            yield stream

    def ignores(self, folder: str) -> bool:
        """True if ignore rules exclude `folder` as a whole."""
        if not self.path_of(folder):
            return False
        try:
            return bool(self.run("is ignored", folder=folder))
        except UnreadableError:  # git says "not ignored" by its exit status
            return False

    def list_files(self, folder: str) -> Iterator[bytes]:
        """Yield the names below `folder`, relative to it, that are tracked, or untracked and not ignored."""
        yield from filter(None, self.run("files", folder=folder).split(b"\0"))

    def list_untracked(self, folder: str) -> Iterator[bytes]:
        """Yield the names below `folder`, relative to it, that are not tracked and not ignored."""
        tracked = {line[2:] for line in self.run("states", folder=folder).split(b"\0") if line}
        yield from (name for name in self.list_files(folder) if name not in tracked)

    def list_left_out(self, folder: str) -> Iterator[bytes]:
        """Yield the names below `folder` that are tracked and that a sparse checkout leaves out (tag S)."""
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
        """Return git's listing of the leaves of `revision` below `folder`; with `only`, of these names that exist.

        Each leaf is what TreeItem.parse reads, a tab, its name relative to `folder`, and NUL. It is returned unparsed,
        because for most leaves the name is enough. Raises as `run` does.
        """
        prefix = self.path_of(folder).removesuffix("/")
        tree = f"{self.full_id(revision)}:{prefix}"
        try:
            return b"".join(self._list_tree(tree, names, limit) for names in _parts(only))
        except UnreadableError:
            if prefix and not self.entries(revision, [prefix]):
                return b""  # the folder did not exist in that revision
            raise

    def _list_tree(self, tree: str, names: Sequence[bytes], limit: int | None) -> bytes:
        # Without sizes (-l), for which git would open every object.
        return self.run("leaves", tree, *map(os.fsdecode, names), limit=limit)

    def blob_sizes(self, blob_ids: Iterable[str]) -> dict[str, int]:
        """Return the sizes in bytes by id, of those blobs that are in the object store."""
        pairs = (line.split(" ") for line in self.run("sizes", lines=blob_ids).decode().splitlines())
        return {blob_id: int(size) for blob_id, size in pairs if size != "missing"}

    def entries(self, revision: str, paths: Sequence[str]) -> dict[bytes, TreeItem]:
        """Return by path what `revision` has at these paths below the root, folders too; missing ones are left out.

        Raises UnreadableError if the tree is not in the object store.
        """
        listing = self.run("entries", self.full_id(revision), *paths)
        pairs = (line.partition(b"\t") for line in listing.split(b"\0") if line)
        return {name: TreeItem.parse(said.decode("ascii")) for said, _, name in pairs}

    def content_of(self, blob_id: str, limit: int) -> bytes:
        """Return a blob's bytes through a process of its own, which is cheaper than `read_blob` for one or two blobs.

        Raises UnreadableError if it is missing or damaged, LimitError if it has more than `limit` bytes.
        """
        head, _, rest = self.run("contents", lines=[blob_id], limit=limit + _HEAD_OF_OBJECT).partition(b"\n")
        if not head.startswith(f"{blob_id} blob ".encode()):
            raise UnreadableError("is not in the object store (shallow or partial clone?)", path=blob_id)
        if not is_what_its_id_says(blob_id, b"blob", rest[:-1]):
            raise UnreadableError("is damaged in the object store", path=blob_id)
        return rest[:-1]

    def read_blob(self, blob_id: str) -> bytes:
        """Return a blob's bytes through one `cat-file --batch` that stays open."""
        return self._contents.content(blob_id)

    @cached_property
    def _settings(self) -> tuple[Setting, ...]:
        return read_settings(Path(self.place.common_dir, "config"))

    @cached_property
    def remotes(self) -> tuple[GitRemote, ...]:
        """The remotes that the repository's own configuration names, without those of files that it includes."""
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
        """Return the address of a remote as the configuration has it, with credentials; None if there is none."""
        found = [one.urls[-1] for one in self.remotes if one.name == remote and one.urls]
        return found[0].strip() or None if found else None

    @property
    def is_shallow(self) -> bool:
        """True if older commits were not fetched (git clone --depth)."""
        return Path(self.place.common_dir, "shallow").is_file()

    def commit_id(self, revision: str) -> str | None:
        """Return the full id of the commit that `revision` names, or None."""
        return self.commit_ids([revision])[0]

    def commit_ids(self, revisions: Sequence[str]) -> list[str | None]:
        """Return for each revision the full id of the commit that it names, or None; all by one process."""
        return self._named([f"{revision}^{{commit}}" for revision in revisions], "commit")

    def _named(self, questions: Sequence[str], kind: str) -> list[str | None]:
        """Return the ids of the objects that extended revisions name (gitrevisions(7)); None if of another kind."""
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
        """Return the full ids of commits or trees; a revision that is already a full id is returned as it is.

        Raises UnreadableError if there is no commit of one of the names.
        """
        names = [revision for revision in revisions if not _ID.fullmatch(revision)]
        ids = dict(zip(names, self.commit_ids(names), strict=True))
        missing = next((name for name, commit in ids.items() if commit is None), None)
        if missing is not None:
            raise UnreadableError(f"has no commit {missing}", path=self._folder)
        return [ids.get(revision) or revision for revision in revisions]

    def full_id(self, revision: str) -> str:
        """Return the id of one commit or tree, as `full_ids` does."""
        return self.full_ids([revision])[0]

    def tree_id(self, folder: str, revision: str) -> str | None:
        """Return the id of a folder's tree in `revision`, or None if there is no such folder."""
        return self._named([f"{revision}:{self.path_of(folder)}".removesuffix("/")], "tree")[0]

    def commit_as_it_is(self) -> str | None:
        """Return the commit of HEAD if git is sure that every tracked file is as in it; else None.

        A submodule is compared by the commit that is checked out. Raises UnreadableError if git cannot compare them.
        """
        changes = self.start("changes of HEAD", folder=self.top)
        with ExitStack() as ending:
            ending.callback(changes.end)
            # Any tag but H is a file that git does not compare with the disk (assumed unchanged, skipped).
            unsure = re.search(rb"(?:^|\0)[^H]", self.run("states with flags", folder=self.top))
            lines = changes.output().split(b"\0")[:-1]
        if unsure is not None or not all(line.startswith(b"# ") for line in lines):
            return None
        head = next((line.removeprefix(_HEAD) for line in lines if line.startswith(_HEAD)), b"").decode()
        return head if _ID.fullmatch(head) else None

    def commit_of_index(self) -> str | None:
        """Return the commit of HEAD if what is staged is as in it, whatever is on disk; else None.

        Raises UnreadableError if there is no commit yet.
        """
        head = self.full_id("HEAD")
        return None if self.run("staged files", head) else head

    def merge_base(self, first: str, second: str) -> str | None:
        """Return the best common ancestor of two commits, or None if they have none."""
        try:
            return self.run("merge base", *self.full_ids([first, second])).decode().strip() or None
        except UnreadableError:
            return None

    def renames(self, folder: str, old: str, new: str | None) -> list[tuple[bytes, bytes]]:
        """Return (old name, new name) of the files below `folder` that `new` (None: the index) renames against `old`.

        The files on disk are never compared.
        """
        command = "renames" if new else "staged renames"
        output = self.run(command, self.path_of(folder), *self.full_ids([old, *([new] if new else [])]))
        fields = output.split(b"\0")[:-1]  # R086, old name, new name, and so on
        return list(zip(fields[1::3], fields[2::3], strict=True))

    def changed_names(self, folder: str, old: str, new: str) -> list[bytes]:
        """Return the names of the files below `folder` that are not the same in two commits; both of a renamed one."""
        return self.run("changed names", self.path_of(folder), *self.full_ids([old, new])).split(b"\0")[:-1]

    def blob_size(self, blob_id: str) -> int:
        """Return a blob's size in bytes, through one process that stays open."""
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
    """Raise UnreadableError if another repository, further above, tracks files that lie in this one."""
    for outer in places_above(os.path.dirname(place.top)):
        path = os.path.relpath(place.top, outer.top).replace(os.sep, "/")
        listing = run(Order(outer.top, "index of", (path,)))
        if any(line and not line.startswith(b"160000 ") for line in listing.split(b"\0")):
            raise UnreadableError(
                f"has a repository of its own among files that the one at {outer.top} tracks: it is not clear whose "
                "files they are",
                path=place.top,
                hint="Remove the inner .git, or make it a submodule",
            )

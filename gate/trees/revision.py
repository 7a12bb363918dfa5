"""The tree of a commit, read from git's object store; nothing is checked out, no file on disk is read."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.core.read_counter import count_read
from gate.git import Repository, TreeItem
from gate.git.blobs import read_blobs
from gate.trees.base import MAX_FILE_SIZE, Entry, EntryKind, raw_name, resolve_file, shown

_KINDS = {
    "100644": EntryKind.FILE,
    "100755": EntryKind.FILE,
    "100664": EntryKind.FILE,
    "120000": EntryKind.LINK,
    "160000": EntryKind.OTHER,
}
"""Modes of git's tree entries; all others are OTHER."""
_FILE_MODES = tuple(mode for mode, kind in _KINDS.items() if kind is EntryKind.FILE)
_MAX_LINK = 4096
"""Bytes of a link's target at most (PATH_MAX of Linux)."""


class RevisionTree:
    """The files of one commit below `root`."""

    def __init__(
        self,
        root: str,
        revision: str,
        renames: Mapping[str, str] | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        """Open the tree of `revision`; with `only`, no more of it than these paths.

        A path that is a key of `renames` appears under its new name, unless the tree has a file of that name.
        """
        repository = Repository.find(root) or Repository(root)  # objects may also be those of a bare repository
        if not repository.is_there:
            raise UnreadableError("is not in a git repository", path=root)
        self._repository = repository
        self._root = root
        self._revision = revision
        self._renames = renames or {}
        self._only = only

    def cloned_from(self) -> str | None:
        return self._repository.address_of("origin")

    @cached_property
    def _leaves(self) -> dict[str, str]:
        """By path, what git says of files, links and submodules; it is parsed when an entry is asked for."""
        return self._parsed(self._repository.list_tree(self._root, self._revision, self._listed()))

    def list_within(self, limit: int) -> bool:
        """List the leaves now; return False if the listing has more than `limit` bytes. Raises UnreadableError."""
        try:
            listing = self._repository.list_tree(self._root, self._revision, self._listed(), limit)
        except LimitError:
            return False
        self._leaves = self._parsed(listing)
        return True

    def _parsed(self, listing: bytes) -> dict[str, str]:
        # All names are decoded as one text, in a tenth of the time. No escape can reach over the NUL between two names.
        text = shown(listing)
        fields = text.replace("\t", "\0").split("\0")
        if len(fields) - 1 == 2 * text.count("\0"):  # no name holds a tab, so descriptions and names alternate
            leaves = dict(zip(fields[1::2], fields[::2], strict=False))
        else:
            leaves = dict(_name_and_description(line) for line in text.split("\0")[:-1])
        if self._renames:
            leaves = dict(self._renamed(leaves))
        if self._only is None:
            return leaves
        return {path: said for path, said in leaves.items() if path in self._only}

    def _renamed(self, leaves: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for path, said in leaves.items():
            name = self._renames.get(path, path)
            yield path if name in leaves else name, said

    def _listed(self) -> list[bytes] | None:
        """Return the names that git is asked for, old names of renamed files included; None: all."""
        if self._only is None:
            return None
        before = (old for old, new in self._renames.items() if new in self._only)
        return [raw_name(path) for path in dict.fromkeys((*self._only, *before))]

    def content_id(self, path: str) -> str | None:
        """Return the id of a regular file's blob; None for what is none."""
        said = self._leaves.get(path, "")
        return said.rpartition(" ")[2] if said.startswith(_FILE_MODES) else None

    @cached_property
    def _folders(self) -> frozenset[str]:
        folders: set[str] = set()
        for path in self._leaves:
            while "/" in path:
                path = path.rpartition("/")[0]
                if path in folders:
                    break
                folders.add(path)
        return frozenset(folders)

    def _entry(self, path: str, item: TreeItem, size: int) -> Entry:
        kind = _KINDS.get(item.mode, EntryKind.OTHER)
        return Entry(
            path=path,
            kind=kind,
            size=size,
            mode=_permissions(item.mode),
            link=shown(self._repository.read_blob(item.id)) if _is_link(kind, size) else None,
            content_id=item.id,
        )

    def _size(self, item: TreeItem) -> int:
        """Return a leaf's size; 0 for a blob that is missing (reading it raises the error)."""
        try:
            return self._repository.blob_size(item.id) if item.is_blob else 0
        except UnreadableError:
            return 0

    def paths(self) -> Iterator[str]:
        yield from sorted(self._leaves)

    def files(self) -> Iterator[str]:
        return filter(self._is_file, self.paths())

    def contents(self, paths: Iterable[str], limit: int) -> Iterator[tuple[str, bytes | None]]:
        wanted = list(paths)
        ids = {path: self._leaves[path].rpartition(" ")[2] for path in wanted if self._is_file(path)}
        sizes = self._repository.blob_sizes(ids.values())  # else git would send what is too large, too
        small = [path for path, blob_id in ids.items() if sizes.get(blob_id, limit + 1) <= limit]
        blobs = read_blobs(self._repository, (ids[path] for path in small), limit, is_checked=True)
        for path, blob in zip(small, blobs, strict=True):
            count_read(files=1, size=len(blob.content or b""))
            yield path, None if blob.is_damaged else blob.content
        for path in dict.fromkeys(wanted).keys() - small:
            yield path, None if path in ids else self._content(path, limit)

    def _is_file(self, path: str) -> bool:
        return self._leaves[path].startswith(_FILE_MODES)

    def _content(self, path: str, limit: int) -> bytes | None:
        try:
            return self.read(path, limit)
        except GateError:
            return None

    def walk(self) -> Iterator[Entry]:
        items = [(path, TreeItem.parse(self._leaves[path])) for path in self.paths()]
        sizes = self._repository.blob_sizes(item.id for _, item in items if item.is_blob)
        return (self._entry(path, item, sizes.get(item.id, 0)) for path, item in items)

    def look_up(self, path: str) -> Entry | None:
        said = self._leaves.get(path)
        if said is not None:
            item = TreeItem.parse(said)
            return self._entry(path, item, self._size(item))
        return Entry(path=path, kind=EntryKind.FOLDER) if path in self._folders else None

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        entry = resolve_file(self, path, limit)
        assert entry.content_id is not None
        content = self._repository.read_blob(entry.content_id)
        count_read(files=1, size=len(content))
        return content


def _name_and_description(line: str) -> tuple[str, str]:
    description, _, name = line.partition("\t")
    return name, description


@cache
def _permissions(mode: str) -> int:
    return int(mode, 8) & 0o777


def _is_link(kind: EntryKind, size: int) -> bool:
    return kind is EntryKind.LINK and size <= _MAX_LINK

"""The tree of a commit, read from git's object store: nothing is checked out, nothing on disk is looked at."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

import msgspec

from gate.errors import UnreadableError
from gate.git import Repository, TreeItem
from gate.trees.base import MAX_FILE_SIZE, Entry, Kind, raw_name, resolve_file, shown

_KINDS = {"100644": Kind.FILE, "100755": Kind.FILE, "100664": Kind.FILE, "120000": Kind.LINK, "160000": Kind.OTHER}
_MAX_LINK = 4096


class RevisionTree:
    """The files of one commit below `root`."""

    def __init__(
        self,
        root: str,
        revision: str,
        renames: Mapping[str, str] | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        """Open the tree of `revision`, or what it has of the paths `only`.

        A path among `renames` is shown under its new name, if that is free.
        """
        repository = Repository.find(root)
        if repository is None:
            raise UnreadableError("is not in a git repository", path=root)
        self._repository = repository
        self._root = root
        self._revision = revision
        self._renames = renames or {}
        self._only = only

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        leaves = {
            entry.path: entry
            for item in self._repository.list_tree(self._root, self._revision, self._listed())
            for entry in [self._entry(item)]
        }
        entries: dict[str, Entry] = {}
        for path, entry in leaves.items():
            name = self._renames.get(path, path)
            path = path if name in leaves else name
            if self._only is not None and path not in self._only:
                continue
            entries[path] = msgspec.structs.replace(entry, path=path)
            self._add_folders(entries, path)
        return entries

    def _listed(self) -> list[bytes] | None:
        """Return the names that git is asked for; None: all."""
        if self._only is None:
            return None
        before = (old for old, new in self._renames.items() if new in self._only)
        return [raw_name(path) for path in dict.fromkeys((*self._only, *before))]

    def _entry(self, item: TreeItem) -> Entry:
        kind = _KINDS.get(item.mode, Kind.OTHER)
        return Entry(
            path=shown(item.name),
            kind=kind,
            size=item.size,
            mode=int(item.mode, 8) & 0o777,
            link=shown(self._repository.read_blob(item.blob_id)) if _is_link(kind, item.size) else None,
            content_id=item.blob_id,
        )

    @staticmethod
    def _add_folders(entries: dict[str, Entry], path: str) -> None:
        while "/" in path:
            path = path.rpartition("/")[0]
            if path in entries:
                return
            entries[path] = Entry(path=path, kind=Kind.FOLDER)

    def walk(self) -> Iterator[Entry]:
        for path in sorted(self._entries):
            if self._entries[path].kind is not Kind.FOLDER:
                yield self._entries[path]

    def look_up(self, path: str) -> Entry | None:
        return self._entries.get(path)

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        entry = resolve_file(self, path, limit)
        assert entry.content_id is not None
        return self._repository.read_blob(entry.content_id)


def _is_link(kind: Kind, size: int) -> bool:
    return kind is Kind.LINK and size <= _MAX_LINK

"""Where a repository's own files are read: from the disk, or from a commit in git's object store.

Both know their files by paths from the repository's root. No link is followed out of the repository, and what cannot
be read is an error, never a file that is not there.
"""

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Protocol, cast

from gate.core.errors import ConfigError
from gate.git import Repository, TreeItem
from gate.settings.sources import MAX_SIZE, check_own
from gate.trees import Entry, EntryKind, FileTree, resolve
from gate.trees.base import raw_name, shown

_KINDS = {"120000": EntryKind.LINK, "040000": EntryKind.FOLDER, "160000": EntryKind.OTHER}
_MAX_LINK = 4096


class FilePlace(Protocol):
    """The files of a repository as they stand somewhere."""

    commit: str | None
    """The commit that they are of; None: the disk."""

    def read(self, path: str, limit: int = MAX_SIZE) -> bytes | None:
        """Return the bytes of the file at `path`, None if nothing is there.

        Raises ConfigError for what is no file, leads out of the repository or has more than `limit` bytes, and
        UnreadableError if an object is not in the store.
        """

    def shown(self, path: str) -> str:
        """Return how messages name a file."""


class Disk:
    """The files of the repository (or, without one, the project) in the folder `top`."""

    commit: str | None = None

    def __init__(self, top: str) -> None:
        self._top = Path(top)

    def read(self, path: str, limit: int = MAX_SIZE) -> bytes | None:
        file = self._top / path
        if not os.path.lexists(file):
            return None
        check_own(file, limit)
        if not file.resolve().is_relative_to(self._top.resolve()):
            raise _leads_out(str(file))
        try:
            return file.read_bytes()
        except OSError as error:
            raise ConfigError(f"cannot be read ({error.strerror})", path=str(file)) from error

    def shown(self, path: str) -> str:
        return str(self._top / path)


class CommitFiles:
    """The files of a commit. Nothing on the disk is looked at, and the blobs that are asked for must be there."""

    def __init__(self, repository: Repository, commit: str, expected: Iterable[str] = ()) -> None:
        """`expected` are paths that are likely to be asked for: one question to git then tells of them all."""
        self._repository = repository
        self._expected = tuple(dict.fromkeys(part for path in expected for part in _with_folders(path)))
        self.commit: str | None = commit
        self._more: dict[str, TreeItem | None] = {}
        self._read: dict[str, bytes] = {}

    def read(self, path: str, limit: int = MAX_SIZE) -> bytes | None:
        entry = resolve(cast(FileTree, self), path)  # which asks for nothing but `look_up`
        if entry is None:
            if self.look_up(path) is not None:
                raise _leads_out(self.shown(path))
            return None
        if entry.kind is not EntryKind.FILE:
            raise ConfigError("is not a regular file", path=self.shown(path))
        if path not in self._read:
            self._read[path] = self._repository.content_of(entry.content_id or "", limit)
        return self._read[path]

    def shown(self, path: str) -> str:
        return f"{path} (at the base, {(self.commit or '')[:12]})"

    def look_up(self, path: str) -> Entry | None:
        """Return the entry at `path`, links not followed; None if there is none."""
        item = self._item(path)
        if item is None:  # of a folder that something below was asked of git tells that alone
            is_folder = any(name.startswith(f"{path}/") for name in self._there)
            return Entry(path=path, kind=EntryKind.FOLDER) if is_folder else None
        kind = _KINDS.get(item.mode, EntryKind.FILE if item.is_blob else EntryKind.FOLDER)
        link = None
        if kind is EntryKind.LINK:
            link = shown(self._repository.content_of(item.id, _MAX_LINK))
        return Entry(path=path, kind=kind, link=link, content_id=item.id)

    @property
    def _there(self) -> list[str]:
        return [*self._listed, *(path for path, item in self._more.items() if item is not None)]

    def files_below(self, folder: str) -> list[str]:
        """Return the paths of the files in a folder and in those below it."""
        listing = self._repository.list_tree(self._repository.top, self.commit or "", [raw_name(folder)])
        return [shown(line.partition(b"\t")[2]) for line in listing.split(b"\0") if line]

    def _item(self, path: str) -> TreeItem | None:
        if path in self._listed:
            return self._listed[path]
        if path not in self._more and path not in self._expected:
            self._more[path] = self._list((path,)).get(path)
        return self._more.get(path)

    @cached_property
    def _listed(self) -> dict[str, TreeItem]:
        return self._list(self._expected) if self._expected else {}

    def _list(self, paths: tuple[str, ...]) -> dict[str, TreeItem]:
        found = self._repository.entries(self.commit or "", [os.fsdecode(raw_name(path)) for path in paths])
        return {shown(name): item for name, item in found.items()}


class Nothing:
    """No files: nothing of the repository's own counts."""

    commit: str | None = None

    def read(self, path: str, limit: int = MAX_SIZE) -> bytes | None:
        return None

    def shown(self, path: str) -> str:
        return path


def _with_folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _leads_out(path: str) -> ConfigError:
    return ConfigError("is a link that leads nowhere, or out of the repository", path=path)

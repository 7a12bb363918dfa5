"""What commits change: for each path the blobs before and after."""

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from gate.git.blobs import check_contents
from gate.git.repository import ZERO_IDS, Repository
from gate.git.running import Running

_LOGGED = re.compile(rb"[0-9a-f]+ ([0-9a-f]{64}|[0-9a-f]{40}) ")
"""The beginning of a line of a reflog: the old id and the new one."""
_COMMITS_AT_ONCE = 5000
"""Commits of one `diff-tree` process, which bounds the memory for its output."""
_SIDE_BY_SIDE = 2
"""Processes of `diff-tree` that run at a time."""
_FOLDER = re.compile(r" 040000 (?:[0-9a-f]+ )+?([0-9a-f]+) [A-Z]+$")
"""The id of a new tree in a line of `diff-tree`: its last id."""


class PathChange(msgspec.Struct, frozen=True, gc=False):
    """A path that a commit changes against its parent; for a merge only if it differs from all parents."""

    path: bytes
    before: tuple[str, ...]
    """The blob ids in the parents; empty if the path is new."""
    after: str | None
    """The blob id in the commit, or None if the path is gone or is no regular file any more."""


class CommitChanges(msgspec.Struct, frozen=True, kw_only=True):
    """A commit and the regular files that it changes."""

    id: str
    author: str
    """The author's mail address, as the commit says it."""
    date: str
    """When it was written, as YYYY-MM-DD in the author's time zone."""
    changes: tuple[PathChange, ...] = ()
    folders: tuple[str, ...] = ()
    """The ids of the trees below its root that it changes, if they were asked for."""

    @property
    def added(self) -> Iterator[tuple[str, bytes]]:
        """The blobs that it adds, with their paths."""
        return ((change.after, change.path) for change in self.changes if change.after)

    def touching(self, blobs: Collection[str]) -> list[PathChange]:
        """The changes that add or remove one of these blobs."""
        return [one for one in self.changes if one.after in blobs or not set(one.before).isdisjoint(blobs)]


def tips_of(repository: Repository) -> list[str]:
    """Return the ids of the commits that refs, HEAD and reflogs name, those of git first."""
    tips = repository.run("tips").decode().split()
    logged = [name for name in _logged(Path(repository.place.common_dir, "logs")) if name not in ZERO_IDS]
    there = repository.commit_ids(list(dict.fromkeys(logged)))  # some of these may have been removed since
    return list(dict.fromkeys((*tips, *filter(None, there))))


def _logged(folder: Path) -> Iterator[str]:
    """Yield the ids in reflogs, sorted by file.

    git cannot be asked: the GitView links the folder `logs`, and git reads no reflog through a link.
    """
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file() and not file.is_symlink():
            for line in file.read_bytes().splitlines():
                found = _LOGGED.match(line)
                if found:
                    yield found[1].decode()


def list_commits(repository: Repository, tips: Sequence[str], known: Iterable[str] = ()) -> list[str]:
    """Return `tips` and their ancestors without `known` and theirs, parents first.

    Raises UnreadableError if one of these commits is missing.
    """
    if not tips:
        return []
    lines = (*tips, *(f"^{commit}" for commit in known))
    return repository.run("commits", lines=lines).decode().split()


def added_commits(repository: Repository, head: str, exclude: Iterable[str] = ()) -> Iterator[CommitChanges]:
    """Yield the commits that are reachable from `head` and not from `exclude`, parents first.

    Raises UnreadableError as `commits_named`, and if a commit or one of its new trees does not hash to its id.
    """
    tip, *known = repository.full_ids([head, *(revision for revision in exclude if revision not in ZERO_IDS)])
    ids = list_commits(repository, [tip], known)
    for start in range(0, len(ids), _COMMITS_AT_ONCE):
        yield from _checked(repository, ids[start : start + _COMMITS_AT_ONCE])


def _checked(repository: Repository, ids: Sequence[str]) -> list[CommitChanges]:
    commits = list(_named(repository, ids, "changes with folders"))
    folders = dict.fromkeys(folder for commit in commits for folder in commit.folders)
    roots = (name for commit in ids for name in (commit, f"{commit}^{{tree}}"))
    check_contents(repository, [*roots, *folders])
    return commits


def commits_named(repository: Repository, ids: Sequence[str]) -> Iterator[CommitChanges]:
    """Return the commits with these ids in this order; git starts with the first ones right away.

    Links and submodules are left out of the changes. Raises UnreadableError if a commit or a tree is missing (partial
    clone).
    """
    return _named(repository, ids, "changes")


def _named(repository: Repository, ids: Sequence[str], command: str) -> Iterator[CommitChanges]:
    parts = (ids[start : start + _COMMITS_AT_ONCE] for start in range(0, len(ids), _COMMITS_AT_ONCE))
    running = deque(repository.start(command, lines=part) for part in islice(parts, _SIDE_BY_SIDE))
    return _commits_in(running, (repository.start(command, lines=part) for part in parts))


def _commits_in(running: deque[Running], further: Iterator[Running]) -> Iterator[CommitChanges]:
    while running:
        output = running.popleft().output()
        running.extend(islice(further, 1))
        yield from _commits(output)


def _commits(output: bytes) -> Iterator[CommitChanges]:
    """Parse the output of `diff-tree --stdin -z`: a line of the format for each commit, then for each file
    `:MODE… ID… STATUS` and its path, all terminated by NUL.

    For a merge there is one more colon, mode and id for each further parent; the last mode and id are the result's.
    """
    head, changes, folders = b"", list[PathChange](), list[str]()
    fields = iter(output.split(b"\0"))
    for field in fields:
        if field.startswith((b":", b"\n:")):
            said = field.decode()
            change = _change(said, next(fields))
            if change.after or change.before:
                changes.append(change)
            elif folder := _FOLDER.search(said):
                folders.append(folder[1])
        elif field:
            if head:
                yield _commit(head, changes, folders)
            head, changes, folders = field, [], []
    if head:
        yield _commit(head, changes, folders)


def _commit(head: bytes, changes: Iterable[PathChange], folders: Iterable[str]) -> CommitChanges:
    commit_id, date, author = head.decode("utf-8", "replace").split(" ", 2)
    return CommitChanges(id=commit_id, author=author, date=date, changes=tuple(changes), folders=tuple(folders))


def _change(field: str, path: bytes) -> PathChange:
    modes_and_ids = field.lstrip("\n:").split(" ")
    parents = len(modes_and_ids) // 2 - 1
    *before, after = map(_file, modes_and_ids[: parents + 1], modes_and_ids[parents + 1 :])
    return PathChange(path, tuple(filter(None, before)), after)


def _file(mode: str, blob_id: str) -> str | None:
    """Return the blob id of a regular file; None for a link, a submodule or an absent file."""
    return blob_id if mode.startswith("100") else None

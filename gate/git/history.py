"""What commits change: which blob each of them puts, or no longer has, under which path."""

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
_COMMITS_AT_ONCE = 5000
"""Commits that one `diff-tree` compares: bounds the memory that its answer takes."""
_FOLDER = re.compile(r" 040000 (?:[0-9a-f]+ )+?([0-9a-f]+) [A-Z]+$")
"""In what a commit changes, of a tree that it puts: its id, the last one."""
_SIDE_BY_SIDE = 2
"""How many of these run at a time."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """A path that a commit changes against its parent; of a merge only what differs from all of its parents."""

    path: bytes
    before: tuple[str, ...]
    """The blob of each parent; none where the path is new."""
    after: str | None
    """The blob, or None if the path is gone, or is no file any more."""


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """A commit and what it changes in regular files."""

    id: str
    author: str
    """The author's mail address, as the commit says it."""
    date: str
    """When it was written, as YYYY-MM-DD in the author's time zone."""
    changes: tuple[Change, ...] = ()
    folders: tuple[str, ...] = ()
    """The trees that it puts below its root, where they were asked for."""

    @property
    def added(self) -> Iterator[tuple[str, bytes]]:
        """The blobs that it puts, with their paths."""
        return ((change.after, change.path) for change in self.changes if change.after)

    def touching(self, blobs: Collection[str]) -> list[Change]:
        """The changes that put one of these blobs, or take it away."""
        return [one for one in self.changes if one.after in blobs or any(before in blobs for before in one.before)]


def tips_of(repository: Repository) -> list[str]:
    """Return the commits that refs, HEAD and reflogs name, in git's order."""
    tips = repository.run("tips").decode().split()
    logged = [name for name in _logged(Path(repository.place.common_dir, "logs")) if name not in ZERO_IDS]
    there = repository.commit_ids(list(dict.fromkeys(logged)))  # what a log names may be gone
    return list(dict.fromkeys((*tips, *filter(None, there))))


def _logged(folder: Path) -> Iterator[str]:
    """Yield the ids that reflogs name, in the order of the files; git reads no log behind a link, as ours are to it."""
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file() and not file.is_symlink():
            for line in file.read_bytes().splitlines():
                found = _LOGGED.match(line)
                if found:
                    yield found[1].decode()


def list_commits(repository: Repository, tips: Sequence[str], known: Iterable[str] = ()) -> list[str]:
    """Return `tips` and all commits before them, but for `known` and those before, parents first.

    Raises UnreadableError if one of them is not there.
    """
    if not tips:
        return []
    lines = (*tips, *(f"^{commit}" for commit in known))
    return repository.run("commits", lines=lines).decode().split()


def added_commits(repository: Repository, head: str, exclude: Iterable[str] = ()) -> Iterator[Commit]:
    """Yield the commits reachable from `head`, but from none of `exclude`, parents first.

    Raises as `commits_named`, and if a commit, or a tree that it puts, is not what its id says.
    """
    tip, *known = repository.full_ids([head, *(revision for revision in exclude if revision not in ZERO_IDS)])
    ids = list_commits(repository, [tip], known)
    for start in range(0, len(ids), _COMMITS_AT_ONCE):
        yield from _checked(repository, ids[start : start + _COMMITS_AT_ONCE])


def _checked(repository: Repository, ids: Sequence[str]) -> list[Commit]:
    commits = list(_named(repository, ids, "changes with folders"))
    folders = dict.fromkeys(folder for commit in commits for folder in commit.folders)
    roots = (name for commit in ids for name in (commit, f"{commit}^{{tree}}"))
    check_contents(repository, [*roots, *folders])
    return commits


def commits_named(repository: Repository, ids: Sequence[str]) -> Iterator[Commit]:
    """Return the commits with these ids, in their order; git begins to compare the first of them at once.

    Links and submodules are left out of the changes. Raises UnreadableError if a commit or a tree is not there
    (partial clone).
    """
    return _named(repository, ids, "changes")


def _named(repository: Repository, ids: Sequence[str], command: str) -> Iterator[Commit]:
    parts = (ids[start : start + _COMMITS_AT_ONCE] for start in range(0, len(ids), _COMMITS_AT_ONCE))
    running = deque(repository.start(command, lines=part) for part in islice(parts, _SIDE_BY_SIDE))
    return _commits_in(running, (repository.start(command, lines=part) for part in parts))


def _commits_in(running: deque[Running], further: Iterator[Running]) -> Iterator[Commit]:
    while running:
        output = running.popleft().output()
        running.extend(islice(further, 1))
        yield from _commits(output)


def _commits(output: bytes) -> Iterator[Commit]:
    """Read `diff-tree --stdin -z`: what the format says of a commit, then `:MODE… ID… STATUS` and the path of each
    file, all NUL-ended.

    A merge has one colon, mode and id more for each further parent; the last mode and id are the result's.
    """
    head, changes, folders = b"", list[Change](), list[str]()
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


def _commit(head: bytes, changes: Iterable[Change], folders: Iterable[str]) -> Commit:
    commit_id, date, author = head.decode("utf-8", "replace").split(" ", 2)
    return Commit(id=commit_id, author=author, date=date, changes=tuple(changes), folders=tuple(folders))


def _change(field: str, path: bytes) -> Change:
    modes_and_ids = field.lstrip("\n:").split(" ")
    parents = len(modes_and_ids) // 2 - 1
    *before, after = map(_file, modes_and_ids[: parents + 1], modes_and_ids[parents + 1 :])
    return Change(path, tuple(filter(None, before)), after)


def _file(mode: str, blob_id: str) -> str | None:
    """Return the blob of a regular file; None for a link, a submodule, or nothing."""
    return blob_id if mode.startswith("100") else None

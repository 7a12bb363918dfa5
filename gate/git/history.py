"""What commits change: which blob each of them puts, or no longer has, under which path."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from gate.git.repository import ZERO_IDS, Repository
from gate.git.running import Running

_COMMITS_AT_ONCE = 5000
"""Commits that one `diff-tree` compares: bounds the memory that its answer takes."""
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

    @property
    def added(self) -> Iterator[tuple[str, bytes]]:
        """The blobs that it puts, with their paths."""
        return ((change.after, change.path) for change in self.changes if change.after)

    def touching(self, blobs: Collection[str]) -> list[Change]:
        """The changes that put one of these blobs, or take it away."""
        return [one for one in self.changes if one.after in blobs or any(before in blobs for before in one.before)]


def tips_of(repository: Repository) -> list[str]:
    """Return the commits that refs, HEAD and reflogs name, in git's order."""
    return repository.run("tips").decode().split()


def list_commits(repository: Repository, tips: Sequence[str], known: Iterable[str] = ()) -> list[str]:
    """Return `tips` and all commits before them, but for `known` and those before, parents first.

    Raises UnreadableError if one of them is not there.
    """
    if not tips:
        return []
    lines = (*tips, *(f"^{commit}" for commit in known))
    return repository.run("commits", lines=lines).decode().split()


def added_commits(repository: Repository, head: str, exclude: Iterable[str] = ()) -> Iterator[Commit]:
    """Yield the commits reachable from `head`, but from none of `exclude`, parents first. Raises as `commits_named`."""
    tip, *known = repository.full_ids([head, *(revision for revision in exclude if revision not in ZERO_IDS)])
    return commits_named(repository, list_commits(repository, [tip], known))


def commits_named(repository: Repository, ids: Sequence[str]) -> Iterator[Commit]:
    """Return the commits with these ids, in their order; git begins to compare the first of them at once.

    Links and submodules are left out of the changes. Raises UnreadableError if a commit or a tree is not there
    (partial clone).
    """
    parts = (ids[start : start + _COMMITS_AT_ONCE] for start in range(0, len(ids), _COMMITS_AT_ONCE))
    running = deque(_diff_tree(repository, part) for part in islice(parts, _SIDE_BY_SIDE))
    return _commits_in(running, (_diff_tree(repository, part) for part in parts))


def _commits_in(running: deque[Running], further: Iterator[Running]) -> Iterator[Commit]:
    while running:
        output = running.popleft().output()
        running.extend(islice(further, 1))
        yield from _commits(output)


def _diff_tree(repository: Repository, commits: Iterable[str]) -> Running:
    return repository.start("changes", lines=commits)


def _commits(output: bytes) -> Iterator[Commit]:
    """Read `diff-tree --stdin -z`: what the format says of a commit, then `:MODE… ID… STATUS` and the path of each
    file, all NUL-ended.

    A merge has one colon, mode and id more for each further parent; the last mode and id are the result's.
    """
    head, changes = b"", list[Change]()
    fields = iter(output.split(b"\0"))
    for field in fields:
        if field.startswith((b":", b"\n:")):
            change = _change(field.decode(), next(fields))
            if change.after or change.before:
                changes.append(change)
        elif field:
            if head:
                yield _commit(head, changes)
            head, changes = field, []
    if head:
        yield _commit(head, changes)


def _commit(head: bytes, changes: Iterable[Change]) -> Commit:
    commit_id, date, author = head.decode("utf-8", "replace").split(" ", 2)
    return Commit(id=commit_id, author=author, date=date, changes=tuple(changes))


def _change(field: str, path: bytes) -> Change:
    modes_and_ids = field.lstrip("\n:").split(" ")
    parents = len(modes_and_ids) // 2 - 1
    *before, after = map(_file, modes_and_ids[: parents + 1], modes_and_ids[parents + 1 :])
    return Change(path, tuple(filter(None, before)), after)


def _file(mode: str, blob_id: str) -> str | None:
    """Return the blob of a regular file; None for a link, a submodule, or nothing."""
    return blob_id if mode.startswith("100") else None

"""What commits change: which blob each of them puts, or no longer has, under which path."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from gate.git.repository import ZERO_IDS, Repository
from gate.git.running import Running

_COMMITS_AT_ONCE = 2000
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


def commits_of(repository: Repository, *revisions: str) -> Iterator[Commit]:
    """Yield the commits that `git rev-list` names for `revisions` (which may be options), parents first.

    Links and submodules are left out of the changes. Raises UnreadableError if a revision is not there, or if a
    tree of a commit is not (partial clone).
    """
    return _with_changes(repository, _listed(repository, "--reverse", "--topo-order", *revisions))


def commits_named(repository: Repository, ids: Sequence[str]) -> list[Commit]:
    """Return the commits with these ids, in their order. Raises as `commits_of`."""
    if not ids:
        return []
    named = {commit.id: commit for commit in _listed(repository, "--no-walk=unsorted", "--stdin", lines=ids)}
    return list(_with_changes(repository, [named[one] for one in ids]))


def _listed(repository: Repository, *arguments: str, lines: Iterable[str] = ()) -> list[Commit]:
    """Return the commits that `git rev-list` names, without their changes."""
    listing = repository.run_on("rev-list", "--date=short", "--format=%ad %ae", *arguments, lines=lines)
    words = listing.decode("utf-8", "replace").split("\n")[:-1]
    return [_commit(*pair) for pair in zip(words[::2], words[1::2], strict=True)]


def _with_changes(repository: Repository, commits: Sequence[Commit]) -> Iterator[Commit]:
    """Yield the commits with what they change; git compares the next of them meanwhile."""
    running: deque[tuple[Sequence[Commit], Running]] = deque()
    for start in range(0, len(commits), _COMMITS_AT_ONCE):
        part = commits[start : start + _COMMITS_AT_ONCE]
        running.append((part, _diff_tree(repository, (commit.id for commit in part))))
        if len(running) == _SIDE_BY_SIDE:
            yield from _changed(*running.popleft())
    for part, process in running:
        yield from _changed(part, process)


def _changed(commits: Iterable[Commit], process: Running) -> Iterator[Commit]:
    changes = _changes(process.output())
    for commit in commits:
        yield msgspec.structs.replace(commit, changes=tuple(changes.get(commit.id, ())))


def added_commits(repository: Repository, head: str, exclude: Iterable[str] = ()) -> Iterator[Commit]:
    """Yield the commits reachable from `head`, but from none of `exclude`, parents first. Raises as `commits_of`."""
    known = [f"^{revision}" for revision in exclude if revision not in ZERO_IDS]
    return commits_of(repository, "--end-of-options", head, *known)


def _commit(head: str, line: str) -> Commit:
    date, _, author = line.partition(" ")
    return Commit(id=head.removeprefix("commit "), author=author, date=date)


def _diff_tree(repository: Repository, commits: Iterable[str]) -> Running:
    """Start `git diff-tree --stdin`: plumbing, so that no setting of the repository starts a program."""
    return repository.start(
        *("diff-tree", "--stdin", "--root", "-r", "-c", "--raw", "-z", "--no-renames", "--no-abbrev"), lines=commits
    )


def _changes(output: bytes) -> dict[str, list[Change]]:
    """Read `diff-tree --stdin -z`: a commit's id, then `:MODE… ID… STATUS` and the path of each file, all NUL-ended.

    A merge has one colon, mode and id more for each further parent; the last mode and id are the result's.
    """
    changes: dict[str, list[Change]] = {}
    of_commit: list[Change] = []
    fields = iter(output.split(b"\0"))
    for field in fields:
        if field.startswith(b":"):
            change = _change(field.decode(), next(fields))
            if change.after or change.before:
                of_commit.append(change)
        elif field.strip():
            of_commit = changes.setdefault(field.strip().decode(), [])
    return changes


def _change(field: str, path: bytes) -> Change:
    modes_and_ids = field.lstrip(":").split(" ")
    parents = len(modes_and_ids) // 2 - 1
    *before, after = map(_file, modes_and_ids[: parents + 1], modes_and_ids[parents + 1 :])
    return Change(path, tuple(filter(None, before)), after)


def _file(mode: str, blob_id: str) -> str | None:
    """Return the blob of a regular file; None for a link, a submodule, or nothing."""
    return blob_id if mode.startswith("100") else None

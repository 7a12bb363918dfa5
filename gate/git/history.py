"""What commits change: which blob each of them puts, or no longer has, under which path."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.git.repository import ZERO_IDS, Repository

_COMMITS_AT_ONCE = 2000
"""Commits that one `diff-tree` compares: bounds the memory that its answer takes."""


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


def commits_of(repository: Repository, *revisions: str) -> Iterator[Commit]:
    """Yield the commits that `git rev-list` names for `revisions` (which may be options), parents first.

    Links and submodules are left out of the changes. Raises UnreadableError if a revision is not there, or if a
    tree of a commit is not (partial clone).
    """
    listing = repository.run(
        "rev-list", "--reverse", "--topo-order", "--date=short", "--format=%ad %ae", *revisions
    ).decode("utf-8", "replace")
    lines = listing.split("\n")[:-1]
    commits = [_commit(*pair) for pair in zip(lines[::2], lines[1::2], strict=True)]
    for start in range(0, len(commits), _COMMITS_AT_ONCE):
        part = commits[start : start + _COMMITS_AT_ONCE]
        changes = _changes(_diff_tree(repository, (commit.id for commit in part)))
        yield from (
            msgspec.structs.replace(commit, changes=tuple(changes.get(commit.id.encode(), ()))) for commit in part
        )


def added_commits(repository: Repository, head: str, exclude: Iterable[str] = ()) -> Iterator[Commit]:
    """Yield the commits reachable from `head`, but from none of `exclude`, parents first. Raises as `commits_of`."""
    known = [f"^{revision}" for revision in exclude if revision not in ZERO_IDS]
    return commits_of(repository, "--end-of-options", head, *known)


def _commit(head: str, line: str) -> Commit:
    date, _, author = line.partition(" ")
    return Commit(id=head.removeprefix("commit "), author=author, date=date)


def _diff_tree(repository: Repository, commits: Iterable[str]) -> bytes:
    """Run `git diff-tree --stdin`: plumbing, so that no setting of the repository starts a program."""
    return repository.run_on(
        *("diff-tree", "--stdin", "--root", "-r", "-c", "--raw", "-z", "--no-renames", "--no-abbrev"), lines=commits
    )


def _changes(output: bytes) -> dict[bytes, list[Change]]:
    """Read `diff-tree --stdin -z`: a commit's id, then `:MODE… ID… STATUS` and the path of each file, all NUL-ended.

    A merge has one colon, mode and id more for each further parent; the last mode and id are the result's.
    """
    changes: dict[bytes, list[Change]] = {}
    of_commit: list[Change] = []
    fields = iter(output.split(b"\0"))
    for field in fields:
        if field.startswith(b":"):
            change = _change(field, next(fields))
            if change.after or change.before:
                of_commit.append(change)
        elif field.strip():
            of_commit = changes.setdefault(field.strip(), [])
    return changes


def _change(field: bytes, path: bytes) -> Change:
    words = field.decode().lstrip(":").split(" ")
    parents = len(words) // 2 - 1
    return Change(path, _files(words[:parents], words[parents + 1 :]), _file(words[parents], words[2 * parents + 1]))


def _files(modes: Sequence[str], blob_ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(file for file in map(_file, modes, blob_ids) if file)


def _file(mode: str, blob_id: str) -> str | None:
    """Return the blob of a regular file; None for a link, a submodule, or nothing."""
    return blob_id if mode.startswith("100") else None

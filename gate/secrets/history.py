"""Secrets in commits: what a range of them adds, or all that the object store holds, and who brought it when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from gate.errors import LimitError
from gate.git import ZERO_IDS, Repository
from gate.git.blobs import all_blobs
from gate.git.history import Change, Commit, added_commits, commits_of
from gate.model import CommitRange, Fact, Finding, StageError
from gate.secrets.blobs import look_at_blobs
from gate.secrets.detected import Examined
from gate.secrets.files import AddedFile
from gate.trees import shown

if TYPE_CHECKING:
    from gate.context import Context
    from gate.secrets.cache import Memory
    from gate.secrets.files import Options

MAX_ADDED_FILES = 2_000_000
"""Versions of files that commits may add."""
UNREACHABLE = "(in no commit)/"
"""Before the id of a blob that no commit holds: added and never committed, or of a branch that is gone."""
_NAMED = 5
"""Commits that a message names."""
_MAX_AUTHOR = 80

FileVersion = tuple[str, str]
"""(path, blob id)"""
Outcomes = Mapping[FileVersion, Examined | StageError]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Commits in the order of time, and each version of a file that they bring, once."""

    commits: tuple[Commit, ...]
    files: tuple[AddedFile, ...]
    facts: dict[str, Fact] = {}
    errors: tuple[StageError, ...] = ()


def story_of_range(repository: Repository, target: CommitRange) -> Story:
    """Return what the commits of a range add. Raises UnreadableError if its head is not there.

    A commit to leave out that is not there (a force push over what was never fetched) leaves out nothing: more is
    looked at, and the facts say so.
    """
    if target.head in ZERO_IDS:  # a branch is deleted: nothing is added
        return Story(commits=(), files=())
    known = {revision: repository.commit_id(revision) for revision in target.exclude if revision not in ZERO_IDS}
    lost = [revision for revision, commit in known.items() if commit is None]
    commits = tuple(added_commits(repository, target.head, [commit for commit in known.values() if commit]))
    files = tuple(_versions(commits, target.name).values())
    return Story(commits=commits, files=files, facts={"unknown_commits_not_left_out": lost} if lost else {})


def whole_story(repository: Repository, name: str) -> Story:
    """Return all that the object store holds: of every ref, of HEAD and the reflogs, and in no commit at all."""
    blobs = [blob.id for blob in all_blobs(repository)]
    commits = tuple(commits_of(repository, "--all", "--reflog"))
    versions = _versions(commits, name)
    stored = {blob_id: place for place, blob_id in enumerate(blobs)}
    committed = {file.blob_id for file in versions.values()}
    loose = [AddedFile(path=UNREACHABLE + one, blob_id=one, commit="") for one in blobs if one not in committed]
    present = [file for file in versions.values() if file.blob_id in stored]
    return Story(
        commits=commits,
        files=tuple(sorted([*present, *loose], key=lambda file: stored[file.blob_id])),
        facts={"history_blobs": len(blobs), "history_blobs_in_no_commit": len(loose)},
        errors=(*_shallow(repository), *_absent(len(versions) - len(present))),
    )


def _versions(commits: Iterable[Commit], name: str) -> dict[tuple[str, bytes], AddedFile]:
    """Return each (blob, path) with the commit that brought it first. Raises LimitError."""
    files: dict[tuple[str, bytes], AddedFile] = {}
    for commit in commits:
        for version in commit.added:
            if version not in files:
                files[version] = AddedFile(path=shown(version[1]), blob_id=version[0], commit=commit.id)
        if len(files) > MAX_ADDED_FILES:
            raise LimitError(f"the commits add more than {MAX_ADDED_FILES:,} files", path=name)
    return files


def _shallow(repository: Repository) -> Iterator[StageError]:
    if repository.is_shallow:
        yield StageError(
            title="the clone is shallow, so that most of its history is not here",
            message="Fetch it with `git fetch --unshallow` (in CI: a full checkout), or leave out --history",
        )


def _absent(count: int) -> Iterator[StageError]:
    if count:
        yield StageError(
            title=f"{count:,} versions of files are not in the object store",
            message="The clone is partial: fetch them (`git fetch --refetch --no-filter`), or leave out --history",
        )


def look_at_story(
    story: Story, files: Sequence[AddedFile], root: str, options: "Options", memory: "Memory", context: "Context"
) -> Iterator[tuple[AddedFile, Examined | StageError]]:
    """Look at `files` of a story; yield what they came to, in the order of the commits."""
    outcomes = look_at_blobs(files, root, options, memory, context)
    order = {commit.id: number for number, commit in enumerate(story.commits)}
    for file in sorted(files, key=lambda file: (order.get(file.commit, -1), file.path, file.blob_id)):
        yield file, outcomes[file.path, file.blob_id]


class Trace(msgspec.Struct):
    """The commits that brought a secret to a file, and those that took it away."""

    brought: list[Commit]
    removed: list[Commit]


def traces(story: Story, outcomes: Outcomes) -> dict[str, Trace]:
    """Return for each secret, by its hash, where it came and went. A file that moves neither brings nor removes it."""
    holds = {
        version: {secret.hash for secret in outcome.secrets}
        for version, outcome in outcomes.items()
        if isinstance(outcome, Examined) and outcome.secrets
    }
    blobs = {blob_id for _, blob_id in holds}
    found: dict[str, Trace] = {}
    for commit in story.commits:
        changes = [one for one in commit.changes if one.after in blobs or not blobs.isdisjoint(one.before)]
        if changes:
            _follow(found, commit, changes, holds)
    return found


def _follow(
    found: dict[str, Trace], commit: Commit, changes: Sequence[Change], holds: Mapping[FileVersion, set[str]]
) -> None:
    before: set[str] = set()
    after: set[str] = set()
    for change in changes:
        path = shown(change.path)
        before.update(*(holds.get((path, blob_id), ()) for blob_id in change.before))
        after.update(holds.get((path, change.after or ""), ()))
    for secret in after - before:
        found.setdefault(secret, Trace([], [])).brought.append(commit)
    for secret in before - after:
        found.setdefault(secret, Trace([], [])).removed.append(commit)


def with_trace(finding: Finding, found: Mapping[str, Trace]) -> Finding:
    """Return the finding with the commits that brought and removed its secret, and since when it is there."""
    trace = found.get(finding.secret.hash if finding.secret else "")
    if trace is None or not trace.brought:
        return finding
    parts = [finding.message, f"brought by {_told(trace.brought)}"]
    if trace.removed:
        parts.append(f"removed by {_told(trace.removed)}")
    return msgspec.structs.replace(finding, message="; ".join(parts), first_seen=_first_day(trace.brought))


def with_author(finding: Finding, commits: Mapping[str, Commit]) -> Finding:
    """Return a finding of one commit with its author and day."""
    commit = commits.get(finding.location.commit or "")
    if commit is None:
        return finding
    words = f"{finding.message}, by {commit.author[:_MAX_AUTHOR]} on {commit.date}"
    return msgspec.structs.replace(finding, message=words, first_seen=commit.date)


def _told(commits: Sequence[Commit]) -> str:
    names = [f"{one.id[:12]} ({one.author[:_MAX_AUTHOR]}, {one.date})" for one in commits[:_NAMED]]
    more = [f"{len(commits) - _NAMED:,} more commits"] if len(commits) > _NAMED else []
    return ", ".join([*names, *more])


def _first_day(commits: Iterable[Commit]) -> str:
    return min(commit.date for commit in commits)

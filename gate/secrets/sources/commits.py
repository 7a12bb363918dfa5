"""Who brought a secret into a history, and who took it away."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from gate.git.history import CommitChanges, PathChange
from gate.model import Finding, StageError
from gate.secrets.results.detected import Examined
from gate.trees import shown

_NAMED = 5
"""Commits that a message names."""
_MAX_AUTHOR = 80

FileVersion = tuple[str, str]
"""(path, blob id)"""
Outcomes = Mapping[FileVersion, Examined | StageError]


class Trace(msgspec.Struct):
    """The commits that brought a secret to a file, and those that took it away."""

    brought: list[CommitChanges]
    removed: list[CommitChanges]


Traces = Mapping[str, Trace]
"""By the secret's hash."""


def traces(commits: Iterable[CommitChanges], outcomes: Outcomes) -> Traces:
    """Return for each secret where it came and went. A file that moves neither brings nor removes it.

    `commits`: in the order of time, all those that touch a file with a secret.
    """
    holds = {}
    for version, outcome in outcomes.items():
        if isinstance(outcome, Examined) and outcome.secrets:
            holds[version] = {secret.hash for secret in outcome.secrets}
    blobs = {blob_id for _, blob_id in holds}
    found: dict[str, Trace] = {}
    for commit in commits:
        if changes := commit.touching(blobs):
            _follow(found, commit, changes, holds)
    return found


def _follow(
    found: dict[str, Trace], commit: CommitChanges, changes: Sequence[PathChange], holds: Mapping[FileVersion, set[str]]
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


def with_trace(finding: Finding, found: Traces) -> Finding:
    """Return the finding with the commits that brought and removed its secret, and since when it is there."""
    trace = found.get(finding.secret.hash if finding.secret else "")
    if trace is None or not trace.brought:
        return finding
    parts = [finding.message, f"brought by {_analysed(trace.brought)}"]
    if trace.removed:
        parts.append(f"removed by {_analysed(trace.removed)}")
    return msgspec.structs.replace(finding, message="; ".join(parts), first_seen=_first_day(trace.brought))


def with_author(finding: Finding, commits: Mapping[str, CommitChanges]) -> Finding:
    """Return a finding of one commit with its author and day."""
    commit = commits.get(finding.location.commit or "")
    if commit is None:
        return finding
    words = f"{finding.message}, by {commit.author[:_MAX_AUTHOR]} on {commit.date}"
    return msgspec.structs.replace(finding, message=words, first_seen=commit.date)


def _analysed(commits: Sequence[CommitChanges]) -> str:
    names = [f"{one.id[:12]} ({one.author[:_MAX_AUTHOR]}, {one.date})" for one in commits[:_NAMED]]
    more = [f"{len(commits) - _NAMED:,} more commits"] if len(commits) > _NAMED else []
    return ", ".join([*names, *more])


def _first_day(commits: Iterable[CommitChanges]) -> str:
    return min(commit.date for commit in commits)

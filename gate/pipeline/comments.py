"""Comments that ignore a finding where it stands: `# gate: ignore=GD012 reason`, on its line or the one above.

A stage knows nothing of them: it finds what is there. What the comment says goes with the finding as `comment`, and
the policy decides whether that counts.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.core.errors import GateError
from gate.core.lazy_regex import lazy_regex
from gate.model import CommitRange, Finding, Location, StageResult, Target, Tree
from gate.policy.conditions import is_named, names_of
from gate.trees import open_tree

MAX_SIZE = 8 << 20
"""Bytes of a file in which comments are looked for."""

_COMMENT = lazy_regex(
    r"(?:#|//|/\*|<!--|--|;|%|'|\bREM\b)[^\n]{0,200}?\bgate:[ \t]*ignore=(?P<rules>[\w.*,-]{1,200})"
    r"[ \t]+(?P<reason>[^\n]*\w[^\n]*)",
    re.IGNORECASE,
)
_END = lazy_regex(r"\s*(?:\*/|-->)\s*$")
_MARK = b"gate:"


class IgnoreComment(msgspec.Struct, frozen=True):
    """A comment that ignores rules, with the reason that it gives."""

    rules: tuple[str, ...]
    reason: str


def with_comments(result: StageResult, target: Target) -> StageResult:
    """Return `result` with the reason of its comment at every finding that has one, and their number in the facts.

    A comment needs a reason: one without it ignores nothing.
    """
    if not isinstance(target, Tree | CommitRange) or not result.findings:
        return result
    files: dict[tuple[str | None, str], dict[int, IgnoreComment]] = {}
    findings = tuple(_with_comment(finding, target, files) for finding in result.findings)
    count = sum(finding.comment is not None for finding in findings)
    facts = result.facts | ({"ignored_by_comment": count} if count else {})
    return msgspec.structs.replace(result, findings=findings, facts=facts)


def _with_comment(
    finding: Finding, target: Tree | CommitRange, files: dict[tuple[str | None, str], dict[int, IgnoreComment]]
) -> Finding:
    """Return a finding with the reason of its comment, if it has one at each of its places."""
    reason = None
    for place in (finding.location, *finding.places):
        comment = _comment_at(place, finding, target, files)
        if comment is None:
            return finding
        reason = reason or comment.reason
    return msgspec.structs.replace(finding, comment=reason)


def _comment_at(
    place: Location,
    finding: Finding,
    target: Tree | CommitRange,
    files: dict[tuple[str | None, str], dict[int, IgnoreComment]],
) -> IgnoreComment | None:
    if place.path is None or place.line is None:
        return None
    file = (place.commit, place.path)
    if file not in files:
        files[file] = dict(_comments(content_of(target, *file, MAX_SIZE)))
    for line in (place.line, place.line - 1):
        comment = files[file].get(line)
        if comment and is_named(comment.rules, names_of(finding)):
            return comment
    return None


def content_of(target: Tree | CommitRange, commit: str | None, path: str, limit: int) -> bytes:
    """Return the file's bytes; empty if it cannot be read or has more than `limit` bytes."""
    if isinstance(target, CommitRange):
        target = Tree(root=target.root, name=target.name, revision=commit or target.head)
    try:
        return open_tree(target).read(path, limit)
    except GateError:
        return b""


def _comments(content: bytes) -> Iterator[tuple[int, IgnoreComment]]:
    if _MARK not in content:
        return
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        found = _COMMENT.search(line) if "ignore=" in line else None
        if found:
            rules = tuple(filter(None, found["rules"].split(",")))
            yield number, IgnoreComment(rules, _END.sub("", found["reason"]).strip())

"""What became fail and what became pass in a fleet, for its owners: as text, Markdown and JSON lines."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.core.json_text import json_bytes
from gate.core.text import counted, visible
from gate.fleet.nightly import Night
from gate.fleet.rejudge import FleetBlocker, JudgementChange
from gate.model import VerdictStatus

_MOST = 5
"""Blockers of a target that text and Markdown name."""
NO_OWNER = "no owner"
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#&"})


def as_lines(night: Night) -> Iterator[str]:
    """Yield the lines for a terminal: what became fail, then what became pass, then what else changed."""
    yield summary(night)
    for heading, changes in _parts(night.judgement.changes):
        if changes:
            yield f"{heading}:"
        for one in changes:
            yield f"  {visible(_name(one))}  ({visible(' '.join(one.owners) or NO_OWNER)})"
            yield from (f"    {sign} {visible(text)}" for sign, text in _details(one))


def as_markdown(night: Night) -> Iterator[str]:
    """Yield the lines of a notice, a section for each owner."""
    yield f"# {summary(night)}"
    grouped = by_owner(night.judgement.changes)
    for owner in sorted(grouped):
        yield ""
        yield f"## {_escaped(owner)}"
        yield from markdown_of(grouped[owner])


def by_owner(changes: Iterable[JudgementChange]) -> dict[str, list[JudgementChange]]:
    """Return changes by the owners of what changed; one with two owners is with both."""
    grouped: dict[str, list[JudgementChange]] = {}
    for change in changes:
        for owner in change.owners or (NO_OWNER,):
            grouped.setdefault(owner, []).append(change)
    return grouped


def markdown_of(changes: Iterable[JudgementChange]) -> Iterator[str]:
    """Yield the lines of lists: what became fail, what became pass, what else changed."""
    for heading, members in _parts(changes):
        if members:
            yield from ("", f"{heading}:", "")
        for one in members:
            yield f"- **{_escaped(_name(one))}**"
            yield from (f"  - {sign} {_escaped(text)}" for sign, text in _details(one))


def as_json_lines(night: Night) -> Iterator[str]:
    """Yield a line for each target whose judgement changed."""
    for change in night.judgement.changes:
        yield json_bytes(msgspec.to_builtins(change)).decode()


def summary(night: Night) -> str:
    """Return one sentence."""
    judgement = night.judgement
    failed = sum(_became(one, VerdictStatus.FAIL) for one in judgement.changes)
    passed = sum(_became(one, VerdictStatus.PASS) for one in judgement.changes)
    others = len(judgement.changes) - failed - passed
    what = "all packages" if night.packages is None else counted(night.packages, "version") + " of packages"
    return (
        f"{counted(judgement.subjects, 'target')} judged again by {what}: "
        f"{failed:,} became fail, {passed:,} became pass, {others:,} changed in what blocks"
    )


def became_fail(night: Night) -> bool:
    """True if a target that did not fail does, or one that does has something new that blocks."""
    return any(one.blocking for one in night.judgement.changes)


def _became(change: JudgementChange, status: VerdictStatus) -> bool:
    return change.after is status and change.before is not status


def _parts(changes: Iterable[JudgementChange]) -> Iterator[tuple[str, list[JudgementChange]]]:
    left = list(changes)
    for heading, status in (("became fail", VerdictStatus.FAIL), ("became pass", VerdictStatus.PASS)):
        yield heading, [one for one in left if _became(one, status)]
        left = [one for one in left if not _became(one, status)]
    yield "changed in what blocks", left


def _details(change: JudgementChange) -> Iterator[tuple[str, str]]:
    yield from (("runs in", place) for place in change.running)
    for sign, blockers in (("+", change.blocking), ("-", change.passing)):
        yield from ((sign, _text(one)) for one in blockers[:_MOST])
        if len(blockers) > _MOST:
            yield sign, f"and {len(blockers) - _MOST:,} more"


def _text(blocker: FleetBlocker) -> str:
    return f"{blocker.what} in {blocker.package}" if blocker.package else blocker.what


def _name(change: JudgementChange) -> str:
    return " ".join(filter(None, (change.name, change.branch, change.digest[:19])))


def _escaped(text: str) -> str:
    return visible(text).translate(_MARKS)

"""The message that a developer reads after a push or a commit was judged: one screen, with what to do next."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.core.text import clipped, one_line, visible
from gate.model import GATE, Finding, Report, VerdictStatus
from gate.reports.order import errors_of
from gate.reports.wording import mend, place, unfinished, verdict_sentence

_MOST = 8
"""Findings, and errors, that are shown; the others are counted."""
_WIDTH = 300
"""Characters of a line at most."""


class Occasion(msgspec.Struct, frozen=True):
    """What git was asked to do."""

    name: str
    """`push` or `commit`."""
    again: str
    """What to do after a refusal."""

    @property
    def emergency(self) -> str:
        return f"To {self.name} in an emergency without being judged: git {self.name} --no-verify"


PUSH = Occasion("push", "Mend it and commit, or waive it, and push again.")
COMMIT = Occasion("commit", "Mend it and stage it, or waive it, and commit again.")


def message(report: Report, occasion: Occasion = PUSH) -> Iterator[str]:
    """Yield the lines for a verdict; for a pass only one, and what the change would loosen after it is merged."""
    report = msgspec.structs.replace(report, findings=_said_once(report.findings))
    yield f"gate: {visible(verdict_sentence(report))}"
    yield from _shortened([_loosening(one) for one in report.findings if one.stage == GATE and not one.blocking])
    if report.verdict.status is VerdictStatus.PASS:
        return
    errors = (error for stage in report.stages for error in errors_of(stage))
    yield from _shortened([f"  {clipped(unfinished(error), _WIDTH)}" for error in errors])
    blocking = [one for one in report.findings if one.blocking]
    yield from _shortened(["\n".join(_about(finding)) for finding in blocking])
    yield ""
    yield from _way_out(blocking, occasion)


def _loosening(finding: Finding) -> str:
    return f"  {clipped(f'{place(finding.location)}  {finding.message}  ({finding.rule})', _WIDTH)}"


def refusal(occasion: Occasion = PUSH) -> str:
    """Return the lines for a push or commit that could not be judged."""
    return f"gate: The {occasion.name} is refused because it could not be judged.\n{occasion.emergency}"


def _said_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep one finding of each fingerprint: a finding of the tree is one of a commit too, and that names the commit."""
    kept: dict[str, Finding] = {}
    for finding in findings:
        known = kept.setdefault(finding.fingerprint, finding)
        if known.location.commit is None and finding.location.commit is not None:
            kept[finding.fingerprint] = finding
    return tuple(kept.values())


def _shortened(entries: list[str]) -> Iterator[str]:
    yield from entries[:_MOST]
    if len(entries) > _MOST:
        yield f"  … and {len(entries) - _MOST:,} more"


def _about(finding: Finding) -> Iterator[str]:
    title = clipped(one_line(finding.title), _WIDTH)
    yield f"  {place(finding.location)}  {finding.severity.value}  {title}  ({visible(finding.rule)})"
    yield f"    Mend:  {clipped(mend(finding), _WIDTH)}"
    yield f"    Waive: gate waive {finding.fingerprint} --owner WHO --reason WHY --until YYYY-MM-DD"


def _way_out(blocking: list[Finding], occasion: Occasion) -> Iterator[str]:
    yield f"The {occasion.name} is refused. {occasion.again}"
    if blocking:
        yield "gate explain FINGERPRINT says why one blocks, and what would change it."
    if occasion is PUSH and any(finding.secret for finding in blocking):
        yield "A secret must leave the commits too (git commit --amend, git rebase -i); one that was shared, revoke."
    yield occasion.emergency

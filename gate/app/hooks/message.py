"""The message that a developer reads after a push or a commit was judged: what blocks, and what to do next."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

import msgspec

from gate.core.text import clipped, visible
from gate.model import GATE, Finding, Report, VerdictStatus
from gate.reports.order import errors_of
from gate.reports.terminal import blocking_text
from gate.reports.wording import place, unfinished, verdict_sentence

_MOST = 8
"""Errors, and ways in which the change would loosen the gate, that are shown; the others are counted."""
_WIDTH = 300
"""Characters of a line at most."""
_ERROR_WIDTH = 800
"""Characters of an error at most: what to do about it stands at its end."""


class Occasion(msgspec.Struct, frozen=True):
    """What git was asked to do."""

    name: str
    """`push` or `commit`."""
    again: str
    """What to do after findings that block."""
    retry: str
    """What to do after errors."""
    scope: str = ""
    """What was judged, where it is not what git is about to do."""

    @property
    def emergency(self) -> str:
        """How to go on without a verdict."""
        return f"In an emergency, {self.name} without a verdict: git {self.name} --no-verify"


PUSH = Occasion("push", "Fix it and commit, or waive it, and push again.", "Do what each error says, and push again.")
COMMIT = Occasion(
    "commit", "Fix it and stage it, or waive it, and commit again.", "Do what each error says, and commit again."
)
ALL_FILES = msgspec.structs.replace(
    COMMIT, scope="All files were judged, not only what a commit would add, so old findings block too."
)


def message(
    report: Report,
    occasion: Occasion = PUSH,
    *,
    unwaivable: Mapping[str, str] | None = None,
    stream: TextIO | None = None,
    is_verbose: bool = False,
) -> Iterator[str]:
    """Yield the lines for a verdict; for a pass only one, and what the change would loosen after it is merged.

    What blocks is shown as `gate run` shows it, with colours if `stream` (default: standard error) is a terminal, and
    from the worst on as much as can be read at once; if verbose, all of it. `unwaivable` says by fingerprint why no
    waiver can accept a finding.
    """
    report = msgspec.structs.replace(report, findings=_said_once(report.findings))
    yield f"gate: {visible(verdict_sentence(report))}"
    if occasion.scope:
        yield f"  {occasion.scope}"
    yield from _shortened([_loosening(one) for one in report.findings if one.stage == GATE and not one.blocking])
    if report.verdict.status is VerdictStatus.PASS:
        return
    errors = (error for stage in report.stages for error in errors_of(stage))
    yield from _shortened([f"  {clipped(unfinished(error), _ERROR_WIDTH)}" for error in errors])
    yield ""
    yield from blocking_text(report, stream or sys.stderr, is_verbose=is_verbose, unwaivable=unwaivable).splitlines()
    yield from _way_out(report, occasion)


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


def _way_out(report: Report, occasion: Occasion) -> Iterator[str]:
    blocking = [one for one in report.findings if one.blocking]
    next_step = occasion.again if blocking or report.verdict.status is VerdictStatus.FAIL else occasion.retry
    yield next_step if occasion.scope else f"The {occasion.name} is refused. {next_step}"
    if blocking:
        yield "gate explain FINGERPRINT shows why a finding blocks, and what would change that."
    if blocking and report.trust is not None and report.trust.mode == "base":
        yield "This branch is protected: a waiver takes effect once it is merged, or at once if it is signed (--key)."
    if occasion is PUSH and any(finding.secret for finding in blocking):
        yield "Remove a secret from the commits too (git commit --amend, git rebase -i); if it was shared, revoke it."
    if not occasion.scope:
        yield occasion.emergency

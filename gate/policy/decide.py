"""The decision: what each finding is worth, and the one verdict. A pure function; all it needs is given to it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from gate.model import Finding, Reason, StageResult, Status, Verdict, VerdictStatus
from gate.policy.conditions import holds
from gate.policy.rules import Effect, Rule
from gate.policy.waivers import Waiver

_STRICTNESS = (Effect.IGNORE, Effect.WARN, Effect.BLOCK)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision rests on."""

    layers: tuple[tuple[Rule, ...], ...]
    """In each layer the first rule that matches decides; the strictest of the layers' effects holds."""
    waivers: tuple[Waiver, ...] = ()
    existing: frozenset[str] = frozenset()
    """Fingerprints that were there before the change that is judged."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """The findings with their status, and the verdict."""

    findings: tuple[Finding, ...]
    verdict: Verdict


def decide(results: Sequence[StageResult], policy: Policy, now: datetime) -> Judgement:
    """Judge the results. An error of any stage makes the verdict `incomplete`, whatever else is found."""
    waived = {waiver.fingerprint for waiver in policy.waivers if waiver.holds_on(now.date())}
    findings = tuple(_judge(finding, policy, waived) for result in results for finding in result.findings)
    return Judgement(findings=findings, verdict=_verdict(results, findings, policy))


def _judge(finding: Finding, policy: Policy, waived: set[str]) -> Finding:
    rule = _deciding_rule(finding, policy.layers)
    status = Status.NEW
    decided_by = rule.id if rule else None
    if finding.fingerprint in waived:
        status, decided_by = Status.WAIVED, "waiver"
    elif rule is not None and rule.effect is Effect.IGNORE:
        status = Status.IGNORED
    elif finding.fingerprint in policy.existing:
        status, decided_by = Status.EXISTING, "not-new"
    blocking = status is Status.NEW and rule is not None and rule.effect is Effect.BLOCK
    return msgspec.structs.replace(finding, status=status, blocking=blocking, decided_by=decided_by)


def _deciding_rule(finding: Finding, layers: tuple[tuple[Rule, ...], ...]) -> Rule | None:
    matching = (_first(layer, finding) for layer in layers)
    decided = [rule for rule in matching if rule is not None]
    return max(decided, key=lambda rule: _STRICTNESS.index(rule.effect), default=None)


def _first(layer: tuple[Rule, ...], finding: Finding) -> Rule | None:
    return next((rule for rule in layer if holds(rule.when, finding)), None)


def _verdict(results: Sequence[StageResult], findings: Sequence[Finding], policy: Policy) -> Verdict:
    unfinished = [_unfinished(result) for result in results if result.errors]
    blocked = list(_blocked(findings, policy))
    if unfinished:
        return Verdict(status=VerdictStatus.INCOMPLETE, reasons=(*unfinished, *blocked))
    return Verdict(status=VerdictStatus.FAIL if blocked else VerdictStatus.PASS, reasons=tuple(blocked))


def _unfinished(result: StageResult) -> Reason:
    return Reason(rule="incomplete", message=f"{result.stage} could not finish on {result.target}: {result.reason}")


def _blocked(findings: Iterable[Finding], policy: Policy) -> Iterable[Reason]:
    """Yield a reason for every rule that blocks something, in the order of the rules."""
    by_rule: dict[str, list[str]] = {}
    for finding in findings:
        if finding.blocking:
            by_rule.setdefault(finding.decided_by or "", []).append(finding.fingerprint)
    for rule in (rule for layer in policy.layers for rule in layer):
        marks = by_rule.pop(rule.id, None)
        if marks:
            count = "1 finding" if len(marks) == 1 else f"{len(marks)} findings"
            yield Reason(rule=rule.id, message=f"{count}: {rule.why}", fingerprints=tuple(dict.fromkeys(marks)))

"""The decision: what each finding is worth, and the one verdict. A pure function; all it needs is given to it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from gate.model import Finding, Reason, StageResult, StageStatus, Status, Verdict, VerdictStatus
from gate.policy.accepted import Acceptance, Accepted
from gate.policy.baseline import Baseline
from gate.policy.codeowners import Codeowners
from gate.policy.layers import Layer
from gate.policy.notices import about_choices, notices
from gate.policy.rules import Effect
from gate.policy.rulings import Ruling, Rulings
from gate.policy.spread import paths_of, told_where_new
from gate.policy.waivers import Waiver
from gate.text import counted


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision rests on."""

    layers: tuple[Layer, ...]
    """In each layer the first rule that matches decides; the strictest of the layers' effects holds."""
    waivers: tuple[Waiver, ...] = ()
    existing: frozenset[str] = frozenset()
    """Fingerprints that were there before the change that is judged."""
    there_before: Mapping[str, frozenset[str]] = {}
    """The files in which findings were there before that change, by fingerprint; in a further one a finding is new."""
    baseline: Baseline = Baseline()
    """What was there when the project's baseline was made: as good as existing."""
    required_stages: tuple[str, ...] = ()
    narrowed_stages: frozenset[str] = frozenset()
    """Stages whose `paths` or `ignore` are the project's own choice."""
    own_choices: tuple[str, ...] = ()
    """What its file and the environment say that can leave something unjudged, and that no policy above fixes."""
    codeowners: Codeowners | None = None
    has_ratchet: bool = False
    """True if the number of accepted findings (waivers and entries of the baseline) may only fall."""
    accepted_before: int | None = None
    """Their number before the change; None if nobody knows."""
    is_whole: bool = False
    """True if every stage looked at everything, so that a waiver of nothing is known to be of no use."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """The findings with their status, and the verdict."""

    findings: tuple[Finding, ...]
    verdict: Verdict


def decide(results: Sequence[StageResult], policy: Policy, now: datetime) -> Judgement:
    """Judge the results. An error of any stage makes the verdict `incomplete`, whatever else is found."""
    found = [finding for result in results for finding in result.findings]
    known = _known_paths(found, policy)
    there = {finding.fingerprint for finding in found if paths_of(finding) <= known[finding.fingerprint]}
    policy = msgspec.structs.replace(policy, existing=policy.existing | there)
    accepted = Accepted(policy.layers, policy.waivers, policy.codeowners, now)
    rulings = Rulings(policy.layers, now)
    judged: list[tuple[Finding, Ruling | None]] = []
    for result in results:
        for finding in (told_where_new(one, known[one.fingerprint]) for one in result.findings):
            ruling = rulings.strictest(finding, is_new=finding.fingerprint not in policy.existing)
            acceptance = accepted.of(finding, ruling)
            judged.append((_judged(finding, ruling, acceptance, policy), ruling))
    findings = tuple(finding for finding, _ in judged)
    verdict = _verdict(results, findings, policy)
    notes = notices(judged, accepted, policy.layers, now, is_whole=policy.is_whole)
    verdict = msgspec.structs.replace(
        verdict, notices=(*about_choices(policy.own_choices), *notes), waivers=tuple(accepted.used())
    )
    return Judgement(findings=findings, verdict=verdict)


def _known_paths(findings: Collection[Finding], policy: Policy) -> dict[str, frozenset[str]]:
    """Return for each finding, by fingerprint, the files in which it was there before."""
    listed, nowhere = policy.baseline.listed(findings), frozenset[str]()
    names = {finding.fingerprint for finding in findings}
    return {name: policy.there_before.get(name, nowhere) | listed.get(name, nowhere) for name in names}


def _judged(finding: Finding, ruling: Ruling | None, acceptance: Acceptance | None, policy: Policy) -> Finding:
    status, decided_by, decided_in = _status(finding, ruling, acceptance, policy)
    return msgspec.structs.replace(
        finding,
        status=status,
        blocking=acceptance is None and ruling is not None and ruling.effect is Effect.BLOCK,
        decided_by=decided_by,
        decided_in=decided_in,
        blocks_from=ruling.blocks_from if ruling and acceptance is None else None,
    )


def _status(
    finding: Finding, ruling: Ruling | None, acceptance: Acceptance | None, policy: Policy
) -> tuple[Status, str | None, str | None]:
    """Return the status, and by what and in which file it was decided."""
    if acceptance is not None:
        return Status.WAIVED, acceptance.by, acceptance.source
    if ruling is None:
        is_new = finding.fingerprint not in policy.existing
        return (Status.NEW, None, None) if is_new else (Status.EXISTING, "not-new", None)
    source = ruling.layer.source_of(ruling.rule)
    if ruling.effect is Effect.IGNORE:
        return Status.IGNORED, ruling.rule.id, source
    status = Status.EXISTING if finding.fingerprint in policy.existing else Status.NEW
    return status, ruling.rule.id, source


def _verdict(results: Sequence[StageResult], findings: Sequence[Finding], policy: Policy) -> Verdict:
    unfinished = [*(_unfinished(result) for result in results if result.errors), *_not_run(results, policy)]
    blocked = [*_blocked(findings, policy), *_ratchet(policy)]
    if unfinished:
        return Verdict(status=VerdictStatus.INCOMPLETE, reasons=(*unfinished, *blocked))
    return Verdict(status=VerdictStatus.FAIL if blocked else VerdictStatus.PASS, reasons=tuple(blocked))


def _unfinished(result: StageResult) -> Reason:
    return Reason(rule="incomplete", message=f"{result.stage} could not finish on {result.target}: {result.reason}")


def _not_run(results: Sequence[StageResult], policy: Policy) -> Iterator[Reason]:
    for stage, why in idle_stages(results, policy).items():
        yield Reason(rule="required-stages", message=f"{stage} has to run and {why}")


def idle_stages(results: Sequence[StageResult], policy: Policy) -> dict[str, str]:
    """Return why a required stage counts as not run: it got no target, or the project left it nothing to look at."""
    busy = {result.stage for result in results if result.target or result.status is StageStatus.ERROR}
    looked = {result.stage for result in results if result.status is not StageStatus.SKIPPED}
    idle: dict[str, str] = {}
    for stage in policy.required_stages:
        if stage not in busy:
            idle[stage] = "looked at nothing"
        elif stage in policy.narrowed_stages and stage not in looked:
            idle[stage] = "its `paths` and `ignore` leave nothing to look at"
    return idle


def _blocked(findings: Iterable[Finding], policy: Policy) -> Iterator[Reason]:
    """Yield a reason for every rule that blocks something, in the order of the rules."""
    by_rule: dict[tuple[str | None, str | None], list[str]] = {}
    for finding in findings:
        if finding.blocking:
            by_rule.setdefault((finding.decided_by, finding.decided_in), []).append(finding.fingerprint)
    for layer in policy.layers:
        for rule in layer.rules:
            marks = by_rule.pop((rule.id, layer.source_of(rule)), None)
            if marks:
                count = "1 finding" if len(marks) == 1 else f"{len(marks)} findings"
                yield Reason(rule=rule.id, message=f"{count}: {rule.why}", fingerprints=tuple(dict.fromkeys(marks)))


def _ratchet(policy: Policy) -> Iterator[Reason]:
    accepted = len(policy.waivers) + len(policy.baseline.entries)
    if policy.has_ratchet and policy.accepted_before is not None and accepted > policy.accepted_before:
        yield Reason(
            rule="ratchet",
            message=f"{counted(accepted, 'finding')} in waivers and baseline, {policy.accepted_before:,} before: "
            "what is accepted may only become less",
        )

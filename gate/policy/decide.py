"""The decision: the status of each finding, and the verdict. A pure function: it reads no file and no clock."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.text import counted
from gate.declarations.ci import EDITED_PIPELINES
from gate.model import EDITED_PIPELINE, Finding, Reason, StageResult, StageStatus, Status, Verdict, VerdictStatus
from gate.policy.accepted import Acceptance, Accepted
from gate.policy.baseline import FindingsBaseline, listed_by_all
from gate.policy.codeowners import Codeowners
from gate.policy.conditions import is_named
from gate.policy.copies import paths_of, with_new_places_first
from gate.policy.layers import PolicyLayer
from gate.policy.notices import about_choices, notices
from gate.policy.preexisting import Key, key_of
from gate.policy.rulings import Ruling, Rulings
from gate.policy.waivers import Waiver
from gate.settings.policy import Effect

DEFAULT_SHARE = 80
"""Per cent that a stage has to analyse if a policy above the project's requires the stage and names no share."""
DEFAULT_JUDGED = 50
"""Per cent of the declared packages that have to be judged if no policy says another number."""
ANY_STAGE = "at least one stage"
"""What has to run if nothing else is required; also how the parts of a run state that none of their stages did."""
FEW_UNJUDGED = 20
"""So many packages without a version make a verdict incomplete at least; below it is said alone."""
NOTHING_JUDGED = (
    "no stage found anything to check (is this the right folder? stages named with --stage are allowed to find nothing)"
)
_NAMED = 3
"""Additions that the message of the ratchet names."""
_SOURCE = lazy_regex(r"(?:archive|docker|oci-dir|podman|registry|rootfs):")
"""The prefix of an image's name that states its source."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision rests on."""

    layers: tuple[PolicyLayer, ...]
    """In each layer the first rule that matches decides; the strictest of the layers' effects holds."""
    waivers: tuple[Waiver, ...] = ()
    agreed: tuple[tuple[Waiver, ...], ...] = ()
    """In a comparison the waivers of the change, and of the branch's tip: one counts if each of these has one too."""
    existing: frozenset[str] = frozenset()
    """Fingerprints that were there before the change that is judged."""
    there_before: Mapping[Key, frozenset[str]] = {}
    """The files in which findings were there before that change; in a further one a finding is new."""
    compared: frozenset[str] = frozenset()
    """Names of the targets of which comments silence only what they silenced before."""
    baseline: FindingsBaseline = FindingsBaseline()
    """What was there when the project's baseline was made: as good as existing."""
    also_listed: tuple[FindingsBaseline, ...] = ()
    """In a comparison the other baselines, where they differ: an entry counts if each of these has it too."""
    required_stages: tuple[str, ...] = ()
    required_targets: tuple[tuple[str, str], ...] = ()
    """Stage, and the name of a target (`*` as wildcard) that it has to look at."""
    required_share: Mapping[str, int] = {}
    """By stage: per cent of files and lines that it has to look at, of what it would without `paths` and `ignore`."""
    required_judged: int = DEFAULT_JUDGED
    """Per cent of the packages that a target declares that have to have a version to judge."""
    judges_libraries: bool = False
    """True if what a library's manifest requires by range counts as well: where a policy states the per cent."""
    share_by_default: frozenset[str] = frozenset()
    """Stages that have to analyse DEFAULT_SHARE if the project narrows them and no policy requires another share."""
    narrowed_stages: frozenset[str] = frozenset()
    """Stages whose `paths` or `ignore` are the project's own choice."""
    own_choices: tuple[str, ...] = ()
    """What its file and the environment say that can leave something unjudged, and that no policy above fixes."""
    notes: tuple[str, ...] = ()
    """What else is to be known, first of all under whose settings it is judged."""
    codeowners: Codeowners | None = None
    has_ratchet: bool = False
    """True if what is accepted (waivers and entries of the baseline) may only become less."""
    accepted_before: frozenset[str] | None = None
    """What was accepted before the change, as `what_is_accepted` names it; None if unknown."""
    accepted_now: frozenset[str] | None = None
    """In a comparison what the change accepts, in the same words, whether it counts yet or not."""
    may_look_at_nothing: bool = True
    """False if a run whose stages all had nothing to look at is incomplete."""
    is_whole: bool = False
    """True if every stage looked at everything, so that a waiver of nothing is known to be of no use."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """The findings with their status, and the verdict."""

    findings: tuple[Finding, ...]
    verdict: Verdict


def decide(results: Sequence[StageResult], policy: Policy, now: datetime) -> Judgement:
    """Judge the results. An error of any stage makes the verdict `incomplete`, whatever else is found."""
    found = [*_found(results)]
    known = _known_paths([one.finding for one in found], policy)
    accepted = Accepted(policy.layers, policy.waivers, policy.codeowners, now, policy.agreed)
    rulings = Rulings(policy.layers, now)
    judged: list[tuple[Finding, Ruling | None]] = []
    for one in found:
        paths = known[key_of(one.finding)]
        is_new = _is_new(one, paths, policy)
        finding = with_new_places_first(one.finding, paths) if is_new else one.finding
        ruling = rulings.strictest(finding, is_new=is_new)
        acceptance = accepted.of(finding, ruling)
        if one.is_silenced and acceptance is not None:
            continue  # like the program that defines the comment, do not report it at all
        judged.append((_judged(finding, ruling, acceptance, is_new=is_new), ruling))
    findings = tuple(finding for finding, _ in judged)
    verdict = _verdict(results, findings, policy)
    notes = notices(judged, accepted, policy.layers, now, is_whole=policy.is_whole)
    verdict = msgspec.structs.replace(
        verdict,
        notices=(*_narrowed(results), *_unjudged(results), *policy.notes, *about_choices(policy.own_choices), *notes),
        waivers=tuple(accepted.used()),
    )
    return Judgement(findings=findings, verdict=verdict)


class _Found(msgspec.Struct, frozen=True, gc=False):
    """A finding as a stage reported it."""

    finding: Finding
    target: str
    is_silenced: bool = False
    """True if a comment of another program silences it, as far as the layers let it."""


def _found(results: Iterable[StageResult]) -> Iterator[_Found]:
    for result in results:
        yield from (_Found(finding, result.target) for finding in result.findings)
        yield from (_Found(finding, result.target, True) for finding in result.silenced)


def _is_new(found: _Found, known: Set[str], policy: Policy) -> bool:
    """True unless it was there before; in a comparison, what comments still silence was."""
    if found.is_silenced and found.target in policy.compared:
        return False
    return found.finding.fingerprint not in policy.existing and not paths_of(found.finding) <= known


def _known_paths(findings: Collection[Finding], policy: Policy) -> dict[Key, frozenset[str]]:
    """Return for each finding the files in which it was there before."""
    listed, nowhere = listed_by_all((policy.baseline, *policy.also_listed), findings), frozenset[str]()
    known = {key_of(finding): listed.get(finding.fingerprint, nowhere) for finding in findings}
    return {key: paths | policy.there_before.get(key, nowhere) for key, paths in known.items()}


def _judged(finding: Finding, ruling: Ruling | None, acceptance: Acceptance | None, *, is_new: bool) -> Finding:
    status, decided_by, decided_in = _status(ruling, acceptance, is_new=is_new)
    return msgspec.structs.replace(
        finding,
        status=status,
        blocking=acceptance is None and ruling is not None and ruling.effect is Effect.BLOCK,
        decided_by=decided_by,
        decided_in=decided_in,
        blocks_from=ruling.blocks_from if ruling and acceptance is None else None,
    )


def _status(
    ruling: Ruling | None, acceptance: Acceptance | None, *, is_new: bool
) -> tuple[Status, str | None, str | None]:
    """Return the status, and by what and in which file it was decided."""
    if acceptance is not None:
        return Status.WAIVED, acceptance.by, acceptance.source
    if ruling is None:
        return (Status.NEW, None, None) if is_new else (Status.EXISTING, "not-new", None)
    source = ruling.layer.source_of(ruling.rule)
    if ruling.effect is Effect.IGNORE:
        return Status.IGNORED, ruling.rule.id, source
    return Status.NEW if is_new else Status.EXISTING, ruling.rule.id, source


def _verdict(results: Sequence[StageResult], findings: Sequence[Finding], policy: Policy) -> Verdict:
    unfinished = [
        *(_unfinished(result) for result in results if result.errors),
        *_not_run(results, policy),
        *_short_of_share(results, policy),
        *_short_of_judged(results, policy),
    ]
    blocked = [*_blocked(findings, policy), *_ratchet(policy)]
    status = VerdictStatus.FAIL if blocked else VerdictStatus.PASS
    if unfinished:
        status = VerdictStatus.INCOMPLETE
    return Verdict(status=status, reasons=(*unfinished, *blocked, *_edited_pipelines(results)))


def _edited_pipelines(results: Iterable[StageResult]) -> Iterator[Reason]:
    """Yield a reason for each pipeline that runs the gate and is edited by the change which it judges."""
    for result in results:
        paths = result.facts.get(EDITED_PIPELINES, ())
        for path in paths if isinstance(paths, list) else ():
            yield Reason(
                rule=EDITED_PIPELINE,
                message=f"{path} runs the gate, and this change edits it: review what it takes away from its own "
                "judgement",
            )


def _unfinished(result: StageResult) -> Reason:
    return Reason(rule="incomplete", message=f"{result.stage} did not finish on {result.target}: {result.reason}")


def _narrowed(results: Iterable[StageResult]) -> Iterator[str]:
    for result in results:
        if result.share is not None:
            yield f"{result.stage} looked at {result.share} of {result.target}: `paths` and `ignore` exclude the rest"


def _short_of_share(results: Iterable[StageResult], policy: Policy) -> Iterator[Reason]:
    """Yield a reason for every target of which a stage has looked at less than it has to."""
    for result in results:
        by_default = result.stage in policy.share_by_default and result.stage in policy.narrowed_stages
        wanted = policy.required_share.get(result.stage, DEFAULT_SHARE if by_default else 0)
        if result.share is not None and result.share.per_cent < wanted:
            yield Reason(
                rule="required-share",
                message=f"{result.stage} has to look at {wanted}% of {result.target}, and `paths` and `ignore` leave "
                f"{result.share}",
            )


def _unjudged(results: Iterable[StageResult]) -> Iterator[str]:
    """Yield what was read and not judged, and that most of what is declared was not."""
    for result in results:
        judged = result.judged
        if judged is None:
            continue
        judged = judged.of_applications
        for note in judged.notes:
            yield f"{result.stage} did not judge {note} (in {result.target})"
        if judged.packages < judged.unjudged:
            yield f"{result.stage} could judge {judged} that {result.target} declares: the others state no version"


def _short_of_judged(results: Iterable[StageResult], policy: Policy) -> Iterator[Reason]:
    """Yield a reason for every target of which too few of the declared packages have a version.

    In a comparison it is no reason: what the target declares was there before. Decision 0020 says why what a library
    requires by range is none by default.
    """
    for result in results:
        if result.judged is None or result.target in policy.compared:
            continue
        judged = result.judged if policy.judges_libraries else result.judged.of_applications
        if judged.unjudged >= FEW_UNJUDGED and judged.per_cent < policy.required_judged:
            yield Reason(
                rule="required-judged",
                message=f"{result.stage} could judge only {judged} that {result.target} declares; "
                f"{policy.required_judged}% are required. To pin versions: {'; '.join(judged.commands[:_NAMED])}. "
                f"Or accept this in gate.yaml: policy: {{required_judged: {int(result.judged.per_cent)}}}",
            )


def _not_run(results: Sequence[StageResult], policy: Policy) -> Iterator[Reason]:
    idle = idle_stages(results, policy)
    if idle.pop(ANY_STAGE, None):
        yield Reason(rule="nothing-judged", message=NOTHING_JUDGED)
    for stage, why in idle.items():
        yield Reason(rule="required-stages", message=f"{stage} has to run and {why}")


def idle_stages(results: Sequence[StageResult], policy: Policy) -> dict[str, str]:
    """Return why a required stage counts as not run: it got no target, or the project left it nothing to look at."""
    busy = {result.stage for result in results if result.target or result.status is StageStatus.ERROR}
    looked = {result.stage for result in results if result.status is not StageStatus.SKIPPED}
    idle: dict[str, str] = {}
    if not (policy.may_look_at_nothing or looked):
        idle[ANY_STAGE] = "looked at nothing"
    for stage in policy.required_stages:
        if stage not in busy:
            idle[stage] = "looked at nothing"
        elif stage in policy.narrowed_stages and stage not in looked:
            idle[stage] = "its `paths` and `ignore` leave nothing to check"
    for stage, pattern in policy.required_targets:
        if not any(_looked_at(result, pattern) for result in results if result.stage == stage):
            idle[f"{stage} of {pattern}"] = "looked at nothing of this name"
    return idle


def _looked_at(result: StageResult, pattern: str) -> bool:
    """True if a result is of a target of this name, with or without the word for its source (`docker:`)."""
    return result.status is StageStatus.OK and is_called(pattern, result.target)


def is_called(pattern: str, target: str) -> bool:
    """True if a target has this name, `*` as wildcard, with or without the word for its source."""
    bare = target.partition(":")[2] if _SOURCE.match(target) else target
    return is_named(pattern, (target, bare))


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
    if not policy.has_ratchet or policy.accepted_before is None:
        return
    accepted = policy.accepted_now
    if accepted is None:
        accepted = what_is_accepted(policy.waivers, policy.baseline)
    added = sorted(accepted - policy.accepted_before)
    if added:
        more = [f"{len(added) - _NAMED:,} more"] if len(added) > _NAMED else []
        named = "; ".join([*added[:_NAMED], *more])
        yield Reason(
            rule="ratchet",
            message=f"waivers and baseline accept {counted(len(added), 'finding')} that they did not accept before "
            f"({named}): what is accepted may only become less",
        )


def what_is_accepted(waivers: Iterable[Waiver], baseline: FindingsBaseline) -> frozenset[str]:
    """Name everything that waivers and a baseline accept, so that two states can be compared.

    A waiver keeps its name when its last day is moved.
    """
    entries = (f"{entry.rule} in {entry.path} ({entry.mark})" for entry in baseline.entries)
    return frozenset([*(f"a waiver of {waiver}" for waiver in waivers), *entries])

"""One report of several: those of parallel jobs of one run, or of several projects. A pure function.

It is joined strictly: what blocks in one part blocks the whole, and a part that is missing, could not finish, or judged
something else than the others makes the whole incomplete. No policy is asked again, so that the job that merges needs
neither the repository nor its settings.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from gate.core.errors import UnreadableError, UsageError
from gate.model import (
    NO_RUN,
    Evidence,
    Finding,
    Input,
    Isolation,
    Part,
    Reason,
    Report,
    Severity,
    StageError,
    StageStatus,
    StageSummary,
    Verdict,
    VerdictStatus,
    WaiverUsed,
    Work,
)
from gate.model.report import EPOCH
from gate.model.share import sum_of
from gate.pipeline.results import join_facts
from gate.pipeline.shard import ELSEWHERE
from gate.stages import order_of

_STRICTEST = (VerdictStatus.INCOMPLETE, VerdictStatus.FAIL, VerdictStatus.PASS)
_SAME: Mapping[str, Callable[[Report], object]] = {
    "were written by different versions of the gate": lambda report: report.tool,
    "were judged by different policies": lambda report: report.policies,
    "were judged under different trust": lambda report: report.trust,
    "were compared with different bases": lambda report: report.evidence and report.evidence.bases,
    "were to do different work": lambda report: report.evidence and report.evidence.planned,
    "ran different stages": lambda report: {stage.name for stage in report.stages},
    "looked at different targets": lambda report: [(one.target, one.folder) for one in report.inputs],
}
"""What has to be the same in all parts of one run."""
_ISOLATION = "isolation"
"""The setting, which is `required` where it is not as by default."""
LONGEST = timedelta(days=1)
"""Time from the first part to the last; beyond it one is likely to be left over from an earlier run."""


def merge(reports: Sequence[Report], unread: Iterable[str] = (), expected: int | None = None) -> Report:
    """Join reports; `unread` says of each that could not be read why, which makes the whole incomplete.

    `expected` is of how many parts the run is; without it the parts say it themselves.

    Raises UnreadableError if there is no report, UsageError if a part is given twice or parts of two runs are mixed.
    """
    if not reports:
        raise UnreadableError("no report could be read, so there is nothing to merge", hint="; ".join(unread))
    reports = _ordered(reports)
    parts = [report for report in reports if report.part]
    findings = tuple(dict.fromkeys(finding for report in reports for finding in report.findings))
    stages = _stages(reports, findings)
    gaps = [*unread, *_uncounted(reports, expected), *_gaps(parts), *_mixed(reports)]
    return Report(
        tool=reports[0].tool,
        verdict=_verdict(reports, gaps),
        stages=(*stages, *_merging(gaps)),
        findings=findings,
        packages=sum(report.packages for report in reports),
        inputs=_inputs(reports),
        policies=tuple(dict.fromkeys(policy for report in reports for policy in report.policies)),
        trust=reports[0].trust if _is_one_run(reports) else None,
        evidence=_joined(reports),
        isolation=_weakest(reports),
    )


def _weakest(reports: Iterable[Report]) -> Isolation | None:
    """Return what the system kept the workers of all reports from; None if one does not say."""
    given = [report.isolation for report in reports]
    known = [one for one in given if one is not None]
    if len(known) < len(given):
        return None
    return Isolation(
        network=all(one.network for one in known),
        files=all(one.files for one in known),
        programs=all(one.programs for one in known),
    )


def _is_one_run(reports: Sequence[Report]) -> bool:
    return len(reports) == 1 or all(report.part for report in reports)


def _joined(reports: Sequence[Report]) -> Evidence:
    """Return the evidence of the parts of one run together; there is none for several runs."""
    given = [report.evidence for report in reports if report.evidence]
    if not given or not _is_one_run(reports):
        return msgspec.structs.replace(NO_RUN, runs=len(reports))
    done = {job for evidence in given for job in _jobs(evidence.ran)}
    ran = []
    for work in given[0].planned:
        targets = tuple(target for target in work.targets if (work.stage, target) in done)
        ran.append(Work(stage=work.stage, targets=targets))
    checked = [evidence.advisories_checked for evidence in given if evidence.advisories_checked]
    return msgspec.structs.replace(
        given[0],
        ran=tuple(ran),
        advisories=tuple(sorted({name for evidence in given for name in evidence.advisories})),
        advisories_checked=min(checked, default=None),
    )


def _ordered(reports: Sequence[Report]) -> list[Report]:
    indexes = [report.part.index for report in reports if report.part]
    if len(set(indexes)) < len(indexes):
        raise UsageError("a part of the run is given twice", hint="Give the report of each part once")
    if any(report in reports[:place] for place, report in enumerate(reports)):
        raise UsageError("a report is given twice", hint="Give the report of each run once")
    if len({report.part.count for report in reports if report.part}) > 1:
        raise UsageError("the parts are of different runs: they count differently", hint="Give those of one run")
    return sorted(reports, key=lambda report: report.part.index if report.part else 0)


def _uncounted(reports: Sequence[Report], expected: int | None) -> Iterator[str]:
    """Yield which reports are no part of a run of `expected` parts; nothing if that number is not given."""
    for report in reports if expected is not None else ():
        if report.part is None:
            yield f"a report of {_names(report)} is of a whole run, and those of {expected} parts are to be joined"
        elif report.part.count != expected:
            yield f"part {report.part.index} is one of {report.part.count}, and the run has {expected} parts"


def _mixed(reports: Sequence[Report]) -> Iterator[str]:
    """Yield what keeps reports from being joined, whether they are parts or whole runs."""
    parts = [report for report in reports if report.part]
    if parts and len(parts) < len(reports):
        yield "a report of a whole run is among those of parts"
    for report in reports:
        if report.evidence is None:
            yield f"a report of {_names(report)} does not say what it rests on"


def _names(report: Report) -> str:
    return ", ".join(one.target for one in report.inputs) or "nothing"


def _gaps(parts: Sequence[Report]) -> Iterator[str]:
    """Yield why the parts do not make a complete run."""
    known = {report.part.index: report.part for report in parts if report.part}
    if not known:
        return
    one: Part = next(iter(known.values()))
    yield from (f"part {index}/{one.count} is missing" for index in range(1, one.count + 1) if index not in known)
    for text, value in _SAME.items():
        if any(value(report) != value(parts[0]) for report in parts):
            yield f"the parts {text}"
    yield from _other_settings(parts)
    yield from _done_otherwise(parts)
    yield from _other_advisories(parts)
    yield from _less_isolated(parts)
    yield from (f"the parts judged different bytes of {target}" for target in _disputed(parts))
    if _span(parts) > LONGEST:
        yield "the parts were judged more than a day apart: one is left over from an earlier run"
    for name in one.idle_stages:
        if all(name in part.idle_stages for part in known.values()):
            yield f"{name} has to run, but checked nothing"


def _other_settings(parts: Sequence[Report]) -> Iterator[str]:
    given = [part.evidence for part in parts if part.evidence]
    if len({evidence.settings for evidence in given}) > 1:
        keys = sorted({key for one in given for key in one.chosen if _differs(key, given)})
        yield f"the parts were judged with other settings: {', '.join(keys) or 'defaults of other versions'}"


def _differs(key: str, given: Iterable[Evidence]) -> bool:
    return len({one.chosen.get(key) for one in given}) > 1


def _done_otherwise(parts: Sequence[Report]) -> Iterator[str]:
    """Yield the planned jobs that no part ran, or several ran."""
    given = [part.evidence for part in parts if part.evidence]
    planned = Counter(_jobs(given[0].planned)) if given else Counter[tuple[str, str]]()
    done = Counter(job for evidence in given for job in _jobs(evidence.ran))
    yield from (f"no part ran {stage} on {target}" for stage, target in planned - done)
    yield from (f"two parts ran {stage} on {target}" for stage, target in done - planned)


def _jobs(work: Iterable[Work]) -> Iterator[tuple[str, str]]:
    return ((one.stage, target) for one in work for target in one.targets)


def _other_advisories(parts: Iterable[Report]) -> Iterator[str]:
    """Yield of which ecosystems the parts asked different advisories."""
    asked: dict[str, set[str]] = {}
    for evidence in (part.evidence for part in parts if part.evidence):
        for name in evidence.advisories:
            asked.setdefault(name.partition(":")[0], set()).add(name)
    yield from (f"the parts asked different advisories of {base}" for base, found in asked.items() if len(found) > 1)


def _less_isolated(parts: Sequence[Report]) -> Iterator[str]:
    """Yield that parts were isolated differently, where that decides: by their settings, or as one does not say."""
    given = [part.isolation for part in parts]
    if None in given and any(given):
        yield "a part does not say what its workers were kept from, as others do"
    is_required = any(part.evidence and _ISOLATION in part.evidence.chosen for part in parts)
    weakest = _weakest(parts)
    if is_required and not (weakest and weakest.is_whole):
        missing = ", ".join(weakest.missing) if weakest else "a part does not say from what"
        yield f"the parts' workers were not kept from all that their settings require ({missing})"


def _disputed(parts: Sequence[Report]) -> list[str]:
    """Return the targets whose bytes have different names in different parts."""
    digests: dict[tuple[str, str], set[str]] = {}
    for given in (given for report in parts for given in report.inputs):
        for kind, digest in given.digests.items():
            digests.setdefault((given.target, kind), set()).add(digest)
    disputed = [
        target for (target, kind), found in digests.items() if len(found) > 1 or _is_unnamed(parts, target, kind)
    ]
    return list(dict.fromkeys(disputed))


def _is_unnamed(parts: Iterable[Report], target: str, kind: str) -> bool:
    """True if a part does not name the target by its commit, as others do: there it had changes."""
    named = (given for report in parts for given in report.inputs if given.target == target)
    return kind.startswith("git") and any(kind not in given.digests for given in named)


def _span(parts: Iterable[Report]) -> timedelta:
    """Return the time from the first part that ran to the last."""
    moments = [datetime.fromisoformat(time) for part in parts if (time := part.started_at) != EPOCH]
    return max(moments) - min(moments) if moments else timedelta()


def _merging(gaps: Sequence[str]) -> Iterator[StageSummary]:
    """Yield a stage that failed if there are gaps: so every report format shows them."""
    if gaps:
        errors = tuple(StageError(title=text, message="") for text in gaps)
        counts = {one.value: 0 for one in reversed(Severity)}
        yield StageSummary(
            name="merge",
            status=StageStatus.ERROR,
            reason="; ".join(gaps),
            duration_s=0,
            targets=(),
            counts=counts,
            facts={},
            errors=errors,
        )


def _verdict(reports: Sequence[Report], gaps: Sequence[str]) -> Verdict:
    reasons = [Reason(rule="incomplete", message=text) for text in gaps]
    given = [reason for report in reports for reason in report.verdict.reasons]
    found = {report.verdict.status for report in reports} | ({VerdictStatus.INCOMPLETE} if gaps else set())
    return Verdict(
        status=next(status for status in _STRICTEST if status in found),
        reasons=tuple(dict.fromkeys([*reasons, *given])),
        notices=tuple(dict.fromkeys(notice for report in reports for notice in report.verdict.notices)),
        waivers=_waivers(reports),
    )


def _waivers(reports: Iterable[Report]) -> tuple[WaiverUsed, ...]:
    """Return each waiver once, with all findings that it speaks of in any part."""
    joined: dict[tuple[str, str, str], WaiverUsed] = {}
    for one in (one for report in reports for one in report.verdict.waivers):
        key = (one.what, one.owner, one.until)
        before = joined[key].findings if key in joined else 0
        joined[key] = msgspec.structs.replace(one, findings=before + one.findings)
    return tuple(joined.values())


def _stages(reports: Iterable[Report], findings: Sequence[Finding]) -> tuple[StageSummary, ...]:
    summaries: dict[str, list[StageSummary]] = {}
    for stage in (stage for report in reports for stage in report.stages):
        summaries.setdefault(stage.name, []).append(stage)
    return tuple(_stage(summaries[name], findings) for name in sorted(summaries, key=order_of))


def _stage(parts: Sequence[StageSummary], findings: Iterable[Finding]) -> StageSummary:
    found = {part.status for part in parts}
    status = next(one for one in (StageStatus.ERROR, StageStatus.OK, StageStatus.SKIPPED) if one in found)
    reasons = [part.reason for part in parts if part.status is status and part.reason]
    severities = [finding.severity for finding in findings if finding.stage == parts[0].name]
    return StageSummary(
        name=parts[0].name,
        status=status,
        reason="; ".join(dict.fromkeys(one for one in reasons if one != ELSEWHERE)) or next(iter(reasons), None),
        duration_s=round(sum(part.duration_s for part in parts), 3),
        targets=tuple(target for part in parts for target in part.targets),
        counts={one.value: severities.count(one) for one in reversed(Severity)},
        facts=join_facts(part.facts for part in parts),
        share=sum_of(part.share for part in parts),
        errors=tuple(error for part in parts for error in part.errors),
        started_at=min(part.started_at for part in parts),
        finished_at=max(part.finished_at for part in parts),
    )


def _inputs(reports: Iterable[Report]) -> tuple[Input, ...]:
    joined: dict[str, Input] = {}
    for given in (given for report in reports for given in report.inputs):
        known = joined.get(given.target, given)
        joined[given.target] = Input(
            target=given.target,
            digests=known.digests | given.digests,
            layers=known.layers or given.layers,
            in_use=known.in_use or given.in_use,
            folder=known.folder or given.folder,
            repository=known.repository or given.repository,
            branch=known.branch or given.branch,
            indexes=known.indexes or given.indexes,
            created=known.created or given.created,
        )
    return tuple(joined.values())

"""From the results of jobs to the parts of a report."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from gate.declarations import declared
from gate.model import (
    Fact,
    Finding,
    Inventory,
    Package,
    PipelineParty,
    Severity,
    StageError,
    StageResult,
    StageStatus,
    StageSummary,
    Target,
    fingerprint,
)
from gate.model.report import EPOCH
from gate.model.share import sum_of

Answer = TypeVar("Answer")


def number_repeats(result: StageResult) -> StageResult:
    """Give findings that name the same problem of the same file fingerprints of their own, in the order of places."""
    seen: dict[str, int] = {}
    findings = in_order(result).findings
    return msgspec.structs.replace(result, findings=tuple(_numbered(one, seen) for one in findings))


def in_order(result: StageResult) -> StageResult:
    """Return `result` with its findings in the order of places."""
    findings = sorted(result.findings, key=_place)
    return msgspec.structs.replace(result, findings=tuple(findings))


def _place(finding: Finding) -> tuple[str, int, str, str]:
    place = finding.location
    return place.path or "", place.line or 0, finding.rule, finding.message


def _numbered(finding: Finding, seen: dict[str, int]) -> Finding:
    mark = finding.fingerprint
    seen[mark] = seen.get(mark, 0) + 1
    if seen[mark] == 1:
        return finding
    again = fingerprint(finding.stage, finding.rule, finding.location.path, mark, str(seen[mark]))
    return msgspec.structs.replace(finding, fingerprint=again)


def inventories_of(targets: Iterable[Target], results: Sequence[StageResult], now: datetime) -> tuple[Inventory, ...]:
    """Return what the targets are made of, as far as the stages that read packages looked at them."""
    time = build_time(now)
    inventories = []
    for target in targets:
        found = [one for one in results if _reads_packages(one, target)]
        if found:
            parties = [party for one in results if one.target == target.name for party in one.third_parties]
            inventories.append(_inventory(target, found, parties, time))
    return tuple(inventories)


def _inventory(target: Target, found: Sequence[StageResult], parties: Sequence[PipelineParty], time: str) -> Inventory:
    packages = tuple(package for one in found for package in one.packages)
    return Inventory(
        target=target.name,
        kind=target.kind,
        packages=packages,
        is_complete=not any(one.errors for one in found),
        read_at=time,
        uses=_for_each(packages, (use for one in found for use in one.uses)),
        layers=_for_each(packages, (layer for one in found for layer in one.package_layers)),
        third_parties=tuple(parties),
    )


def _for_each(packages: Sequence[Package], answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Return the answers if there is one for each package; nothing if some stage gave none."""
    given = tuple(answers)
    return given if len(given) == len(packages) else ()


def _reads_packages(result: StageResult, target: Target) -> bool:
    return result.target == target.name and declared(result.stage).lists_packages


def build_time(now: datetime) -> str:
    """Return `now` in UTC, or `SOURCE_DATE_EPOCH` if it is set, so that the same input gives the same document."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    time = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() and len(epoch) < 12 else now.astimezone(UTC)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class RunTimes(msgspec.Struct, frozen=True):
    """When a run started and was done: RFC 3339 times in UTC."""

    started_at: str = EPOCH
    finished_at: str = EPOCH


def summarise(results: Sequence[StageResult], findings: Iterable[Finding], span: RunTimes) -> tuple[StageSummary, ...]:
    """Make one summary a stage, in the order of the results. Stages run side by side, so all have the run's times."""
    by_stage: dict[str, list[StageResult]] = {}
    for result in results:
        by_stage.setdefault(result.stage, []).append(result)
    severities = Counter((finding.stage, finding.severity) for finding in findings)
    return tuple(_summary(name, found, severities, span) for name, found in by_stage.items())


def _summary(
    name: str, results: list[StageResult], severities: Counter[tuple[str, Severity]], span: RunTimes
) -> StageSummary:
    status = _status(results)
    return StageSummary(
        name=name,
        status=status,
        reason=_reason(results, status),
        duration_s=round(sum(result.duration_s for result in results), 3),
        targets=tuple(
            result.target for result in results if result.target and result.status is not StageStatus.SKIPPED
        ),
        counts={one.value: severities[name, one] for one in reversed(Severity)},
        facts=join_facts([result.facts for result in results]),
        share=sum_of(result.share for result in results),
        errors=tuple(_with_target(error, result.target) for result in results for error in result.errors),
        started_at=span.started_at,
        finished_at=span.finished_at,
    )


def _status(results: list[StageResult]) -> StageStatus:
    found = {result.status for result in results}
    if StageStatus.ERROR in found:
        return StageStatus.ERROR
    return StageStatus.OK if StageStatus.OK in found else StageStatus.SKIPPED


def _reason(results: list[StageResult], status: StageStatus) -> str | None:
    if status is StageStatus.OK:
        return None
    return "; ".join(dict.fromkeys(result.reason or "" for result in results if result.status is status))


def _with_target(error: StageError, target: str) -> StageError:
    return msgspec.structs.replace(error, target=target)


def join_facts(facts: Iterable[dict[str, Fact]]) -> dict[str, Fact]:
    """Add up what can be added, join lists, and keep what is the same everywhere; else list the different values."""
    joined: dict[str, Fact] = {}
    for one in facts:
        for name, value in one.items():
            joined[name] = _join(joined[name], value) if name in joined else value
    return joined


def _join(first: Fact, second: Fact) -> Fact:
    if isinstance(first, bool) or isinstance(second, bool):
        return first and second
    if isinstance(first, int | float) and isinstance(second, int | float):
        return first + second
    if first == second:
        return first
    return [*_listed(first), *(one for one in _listed(second) if one not in _listed(first))]


def _listed(fact: Fact) -> list[str]:
    return fact if isinstance(fact, list) else [str(fact)]

"""`junit`: one suite a stage; test cases fail exactly if the gate does.

A blocking finding is a failure, something that a stage could not do is an error, a waived or ignored finding is a
skipped case. Each target without a blocking finding is a passing case, whose output lists findings that do not block.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from junit_xml import TestCase, TestSuite

from gate.core.text import counted, one_line, visible
from gate.model import Finding, Report, StageError, StageStatus, StageSummary, Status, VerdictStatus
from gate.reports.from_root import from_root
from gate.reports.junit_text import junit_text
from gate.reports.order import by_place, errors_of, stage_names
from gate.reports.wording import function_answer, mend, place, unfinished, verdict_sentence

MOST_BYTES = 30_000_000
"""Bytes of a file that GitLab accepts."""
MOST_PLACES = 1_000
"""Places that one case lists."""
_FEWER = (100, 10, 1)
"""Places that are tried if the file would be too large."""
_VERDICT = "gate.verdict"
_SET_ASIDE = (Status.WAIVED, Status.IGNORED)


def write(report: Report, stream: TextIO) -> None:
    """Write the report as JUnit XML, small enough for GitLab."""
    report = from_root(report)
    text = junit_text(_suites(report, MOST_PLACES))
    for most in _FEWER:
        if len(text.encode()) <= MOST_BYTES:
            break
        text = junit_text(_suites(report, most))
    stream.write(text)


def _suites(report: Report, most: int) -> Iterator[TestSuite]:
    """Yield the suites; of each list in a case `most` places are shown and the others counted."""
    summaries = {stage.name: stage for stage in report.stages}
    by_stage: dict[str, list[Finding]] = {}
    for finding in by_place(report.findings):
        by_stage.setdefault(finding.stage, []).append(finding)
    suites = [_suite(name, summaries.get(name), by_stage.get(name, []), most) for name in stage_names(report)]
    yield from suites
    cases = [*_unexplained(report, suites), *_edited_pipelines(report)]
    if cases:
        yield TestSuite("verdict", cases)


def _suite(name: str, summary: StageSummary | None, findings: list[Finding], most: int) -> TestSuite:
    cases = [*_finding_cases(findings, most), *_target_cases(summary, findings, most), *_stage_cases(summary)]
    for case in cases:
        case.classname = f"gate.{visible(name)}"
        case.elapsed_sec = summary.duration_s / len(cases) if summary else None
    _make_names_unique(cases)
    return TestSuite(visible(name), cases, timestamp=summary.started_at if summary else None)


def _make_names_unique(cases: Iterable[TestCase]) -> None:
    """Number names that are equal after they are made visible: readers take equal names for the same case."""
    taken: set[str] = set()
    for case in cases:
        name, number = case.name, 1
        while case.name in taken:
            number += 1
            case.name = f"{name} ({number})"
        taken.add(case.name)


def _finding_cases(findings: list[Finding], most: int) -> Iterator[TestCase]:
    """Yield a case for each rule and target that blocks, or that the policy set aside."""
    for group in _by_rule_and_target(findings):
        blocking = [one for one in group if one.blocking]
        set_aside = [one for one in group if _is_set_aside(one)]
        if blocking:
            yield _failure(blocking, [one for one in group if not one.blocking], most)
        elif set_aside:
            yield _skipped(set_aside, most)


def _by_rule_and_target(findings: list[Finding]) -> Iterable[list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.location.target, finding.rule), []).append(finding)
    return groups.values()


def _is_set_aside(finding: Finding) -> bool:
    return not finding.blocking and finding.status in _SET_ASIDE


def _failure(blocking: list[Finding], others: list[Finding], most: int) -> TestCase:
    case = _case_of(blocking[0])
    more = f" (and {counted(len(blocking) - 1, 'more place')})" if len(blocking) > 1 else ""
    case.add_failure_info(
        message=f"{one_line(blocking[0].title)} at {place(blocking[0].location)}{more}",
        output="\n".join(_at_most(most, blocking, _paragraph)),
        failure_type=blocking[0].severity.value,
    )
    case.stdout = _listing(others, most)
    return case


def _skipped(set_aside: list[Finding], most: int) -> TestCase:
    case = _case_of(set_aside[0])
    deciders = sorted({f"{one.status.value} by {visible(one.decided_by or 'the policy')}" for one in set_aside})
    case.add_skipped_info(message=", ".join(deciders), output="\n".join(_at_most(most, set_aside, _line)))
    return case


def _case_of(finding: Finding) -> TestCase:
    where = finding.location
    # An advisory's title names one of several packages, and the case's name must not depend on which comes first.
    title = "" if finding.package else f" {one_line(finding.title)}"
    return TestCase(
        f"{visible(finding.rule)}{title} [{visible(where.target)}]",
        file=visible(where.path) if where.path else None,
        line=where.line,
    )


def _paragraph(finding: Finding) -> str:
    lines = [_line(finding), f"    rule: {visible(finding.rule)}", f"    fix: {mend(finding)}"]
    if answer := function_answer(finding):
        lines.append(f"    {answer}")
    if finding.help_uri:
        lines.append(f"    more: {visible(finding.help_uri)}")
    lines.append(f"    fingerprint: {finding.fingerprint}")
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    return f"{place(finding.location)}: {finding.severity.value}: {one_line(finding.message or finding.title)}"


def _listing(findings: list[Finding], most: int) -> str | None:
    if not findings:
        return None
    return "\n".join(["Reported, not blocking:", *_at_most(most, findings, _reported)])


def _reported(finding: Finding) -> str:
    return f"{_line(finding)} [{visible(finding.rule)}, {finding.status.value}]"


def _at_most(most: int, findings: list[Finding], text_of: Callable[[Finding], str]) -> Iterator[str]:
    yield from map(text_of, findings[:most])
    if len(findings) > most:
        yield f"… and {len(findings) - most:,} more: see the other reports"


def _target_cases(summary: StageSummary | None, findings: list[Finding], most: int) -> Iterator[TestCase]:
    """Yield a passing case for each clean target; for another only if it has something left to report."""
    broken = {error.target for error in errors_of(summary)} if summary else set()
    red = {one.location.target for one in findings if one.blocking}
    shown = {(one.location.target, one.rule) for one in findings if one.blocking}
    for target in _targets(summary, findings):
        reported = [
            one
            for one in findings
            if one.location.target == target and (target, one.rule) not in shown and not _is_set_aside(one)
        ]
        # An error without a target may concern any of them.
        is_clean = target not in red and not broken & {target, ""}
        if is_clean or reported:
            yield _target_case(target, reported, is_clean, most)


def _targets(summary: StageSummary | None, findings: list[Finding]) -> Iterable[str]:
    looked_at = summary.targets if summary and summary.status is not StageStatus.SKIPPED else ()
    return dict.fromkeys([*looked_at, *(one.location.target for one in findings)])


def _target_case(target: str, reported: list[Finding], is_clean: bool, most: int) -> TestCase:
    outcome = "nothing blocks" if is_clean else "reported, not blocking"
    return TestCase(f"{outcome} [{visible(target)}]", stdout=_listing(reported, most))


def _stage_cases(summary: StageSummary | None) -> Iterator[TestCase]:
    """Yield an erroneous case for each thing that the stage could not do, or a skipped one if it had nothing to do."""
    if summary is None:
        return
    for error in errors_of(summary):
        yield _error(error)
    if summary.status is StageStatus.SKIPPED:
        case = TestCase("nothing to look at")
        case.add_skipped_info(message=one_line(summary.reason or "no reason given"))
        yield case


def _error(error: StageError) -> TestCase:
    place_of_error = f" [{visible(error.target)}]" if error.target else ""
    name = visible(error.path) + ": " if error.path else ""
    case = TestCase(f"{name}{one_line(error.title)}{place_of_error}", file=visible(error.path) if error.path else None)
    case.add_error_info(message=unfinished(error), error_type="incomplete")
    return case


def _unexplained(report: Report, suites: list[TestSuite]) -> Iterator[TestCase]:
    """Yield a failing case if the verdict is not a pass and no case fails, so that the file never passes alone."""
    cases = [case for suite in suites for case in suite.test_cases]
    is_red = any(case.is_failure() or case.is_error() for case in cases)
    if report.verdict.status is VerdictStatus.PASS or is_red:
        return
    case = TestCase("verdict", classname=_VERDICT)
    output = "\n".join(f"{visible(reason.rule)}: {one_line(reason.message)}" for reason in report.verdict.reasons)
    add = case.add_failure_info if report.verdict.status is VerdictStatus.FAIL else case.add_error_info
    add(message=verdict_sentence(report), output=output)
    yield case


def _edited_pipelines(report: Report) -> Iterator[TestCase]:
    """Yield a skipped case for each reason that a pass can have too: a reader sees it, and no build fails by it."""
    for reason in report.verdict.reasons:
        if not reason.decides:
            case = TestCase(f"{visible(reason.rule)} [{visible(reason.message.partition(' ')[0])}]", classname=_VERDICT)
            case.add_skipped_info(message=one_line(reason.message))
            yield case

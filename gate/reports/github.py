"""`github`: workflow commands that GitHub Actions turns into annotations.

GitHub shows ten errors and ten warnings a step, so the worst are written and the others are counted. Print it on the
step's standard output (`--report github=-`); the step summary is the format `markdown`.
"""

from collections.abc import Iterator
from typing import TextIO

from gate.core.text import clipped, counted, one_line
from gate.model import Finding, Report, Severity, Status
from gate.reports.from_root import from_root
from gate.reports.order import errors_of, worst_first
from gate.reports.waiver_commands import short
from gate.reports.wording import message_and_mend, unfinished, verdict_sentence

MOST = 10
"""Annotations of a kind (error, warning) that GitHub shows for one step."""
_MAX = 4000
"""Characters of a message at most; GitHub cuts off after 4,096 bytes, the command included."""


def write(report: Report, stream: TextIO) -> None:
    """Write at most ten errors and ten warnings, and a notice with the verdict."""
    report = from_root(report)
    unread = [(stage, error) for stage in report.stages for error in errors_of(stage)]
    errors = [_error(f"{stage.name} could not finish", unfinished(error)) for stage, error in unread]
    blocking = [one for one in worst_first(report.findings) if one.blocking]
    warnings = [one for one in worst_first(report.findings) if _is_warning(one)]
    stream.writelines(f"{line}\n" for line in _most("error", errors, blocking))
    edited = [_warning(reason.rule, reason.message) for reason in report.verdict.reasons if not reason.decides]
    stream.writelines(f"{line}\n" for line in _most("warning", edited, warnings))
    stream.write(f"::notice title=Security gate::{_data(verdict_sentence(report))}\n")


def _is_warning(finding: Finding) -> bool:
    is_standing = finding.status in (Status.NEW, Status.EXISTING)
    return not finding.blocking and is_standing and finding.severity >= Severity.MEDIUM


def _most(kind: str, lines: list[str], findings: list[Finding]) -> Iterator[str]:
    """Yield the lines and then the findings' annotations, as many as GitHub shows; the last one counts the others."""
    total = len(lines) + len(findings)
    shown = [*lines[:MOST], *(_annotation(kind, one) for one in findings[:MOST])]
    if total <= MOST:
        yield from shown
        return
    yield from shown[: MOST - 1]
    yield f"::{kind} title=Security gate::{counted(total - MOST + 1, kind)} more: see the report"


def _error(title: str, text: str) -> str:
    return f"::error title={_property(title)}::{_data(text)}"


def _warning(title: str, text: str) -> str:
    return f"::warning title={_property(title)}::{_data(text)}"


def _annotation(kind: str, finding: Finding) -> str:
    where = finding.location
    place = {"file": where.path, "line": where.line, "endLine": where.end_line, "col": where.column}
    properties = {name: str(value) for name, value in place.items() if value is not None}
    properties["title"] = f"{finding.rule} ({finding.severity.value}): {finding.title}"
    written = ",".join(f"{name}={_property(text)}" for name, text in properties.items())
    return f"::{kind} {written}::{_data(_text(finding))}"


def _text(finding: Finding) -> str:
    return f"{message_and_mend(finding)} ({short(finding)})"


def _data(text: str) -> str:
    """Escape the text of a command, so that it can neither end it nor start another."""
    return clipped(one_line(text), _MAX).replace("%", "%25")


def _property(text: str) -> str:
    return _data(clipped(text, 250)).replace(":", "%3A").replace(",", "%2C")

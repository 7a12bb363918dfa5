"""`markdown`: a short report for a merge request's comment or a step summary.

Names and places stand in code spans, where nothing is read as mark-up; prose is escaped.
"""

import re
from collections.abc import Iterator
from typing import TextIO

from gate.model import Report, Severity, StageStatus
from gate.reports.groups import Group, grouped
from gate.reports.order import errors_of
from gate.reports.wording import mend, place, standing, unfinished, verdict_sentence
from gate.text import clipped, counted, one_line, visible

_MEANT_FOR_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+!|<>&~@:$^=-]")
_MOST_PLACES = 20
_LEVELS = tuple(reversed(Severity))


def write(report: Report, stream: TextIO) -> None:
    """Write the verdict, what blocks, what a stage could not do, and the table of stages."""
    stream.writelines(f"{line}\n" for line in _lines(report))


def escaped(text: str) -> str:
    """Return prose as Markdown shows it, with no mark-up, link, HTML or table cell left in it.

    A word joiner after `@` keeps GitHub and GitLab from mentioning a user: they look at the text as it is shown.
    """
    safe = _MEANT_FOR_MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", clipped(one_line(text)))
    return safe.replace("&#64;", "&#64;&#8288;").replace("www.", "www&#46;")


def code(text: str) -> str:
    """Return a code span of `text`; its fence is longer than any row of backticks in it. Not for table cells."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def _lines(report: Report) -> Iterator[str]:
    yield f"## {escaped(verdict_sentence(report))}"
    yield ""
    yield from _errors(report)
    for group in grouped(one for one in report.findings if one.blocking):
        yield from _group(group)
    yield from _stages(report)
    not_blocking = standing(report.findings)
    if not_blocking:
        yield from ("", f"Not blocking: {not_blocking}.")
    if report.verdict.notices:
        yield ""
        yield from (f"- {escaped(notice)}" for notice in report.verdict.notices[:_MOST_PLACES])


def _errors(report: Report) -> Iterator[str]:
    errors = [(stage, error) for stage in report.stages for error in errors_of(stage)]
    if not errors:
        return
    yield from ("### Could not finish", "")
    for stage, error in errors:
        yield f"- {code(visible(stage.name))} {escaped(unfinished(error))}"
    yield ""


def _group(group: Group) -> Iterator[str]:
    yield f"### {group.severity.value.capitalize()}: {code(group.name)} {escaped(group.title)}"
    yield ""
    for finding in group.findings[:_MOST_PLACES]:
        yield f"- {code(place(finding.location))} – {escaped(finding.message or finding.title)}"
    if len(group.findings) > _MOST_PLACES:
        yield f"- … and {len(group.findings) - _MOST_PLACES:,} more"
    yield ""
    for text in list(dict.fromkeys(mend(one) for one in group.findings))[:_MOST_PLACES]:
        yield f"Mend: {escaped(text)}  "
    yield ""


def _stages(report: Report) -> Iterator[str]:
    yield f"| Stage | Status | {' | '.join(level.value.capitalize() for level in _LEVELS)} | Looked at |"
    yield f"| --- | --- |{' ---: |' * len(_LEVELS)} --- |"
    for stage in report.stages:
        counts = " | ".join(str(stage.counts.get(level.value, 0)) for level in _LEVELS)
        skipped = stage.reason if stage.status is StageStatus.SKIPPED else None
        looked_at = skipped or ", ".join(visible(target) for target in stage.targets) or counted(0, "target")
        yield f"| {escaped(stage.name)} | {stage.status.value} | {counts} | {escaped(looked_at)} |"

"""`markdown`: a short report for a merge request's comment or a step summary.

Names and places are in code spans, in which nothing is read as mark-up; prose is escaped. The first line is an HTML
comment by which `gate comment` recognises its comment.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from gate.core.text import clipped, counted, one_line, visible
from gate.model import GATE, Report, Severity, StageStatus, StageSummary
from gate.reports.excerpts import in_plain_text
from gate.reports.from_root import from_root
from gate.reports.groups import Group, grouped
from gate.reports.order import errors_of
from gate.reports.waiver_commands import short
from gate.reports.wording import detail, function_answer, place, standing, unfinished, verdict_sentence

_MEANT_FOR_MARKDOWN = {ord(one): f"&#{ord(one)};" for one in "\\`*_{}[]()#+!|<>&~@:$^=-\u2060"}
MOST_BYTES = 60_000
"""Bytes of the whole text at most; GitHub refuses a comment of more than 65,536 characters."""
_SHARE = MOST_BYTES // 6
"""Bytes for each of: errors, the table of stages, and notices."""
_MOST_PLACES = 20
_MOST_PLACE = 200
"""Characters of one place."""
_MOST_MENDS = 5
_MENTION = re.compile(r"(?<!\w)@")
_TYPED = re.compile(r"(?P<why>Update \S+ from \S+ to \S+?): (?P<typed>.+)")
"""How to fix a finding with a command, which is put into a code span, so that it can be copied."""
_QUOTED = re.compile(r"`(?P<typed>[^`]+)` (?P<why>.+)")
_LEVELS = tuple(reversed(Severity))


def write(report: Report, stream: TextIO) -> None:
    """Write the verdict, what blocks, what a stage could not do, and the table of stages."""
    stream.write(text_of(report))


def mark_of(name: str = "") -> str:
    """Return the first line of a comment; `name` distinguishes several gates in one merge request."""
    return f"<!-- security-gate{f' {name}' if name else ''} -->"


def text_of(report: Report, name: str = "") -> str:
    """Return the report in at most `MOST_BYTES`; what is left out is counted."""
    report = from_root(report)
    head = [
        mark_of(name),
        f"## {escaped(verdict_sentence(report))}",
        "",
        *_edited_pipelines(report),
        *_loosening(report),
        *_errors(report),
    ]
    tail = [*_stages(report), *_footnotes(report)]
    room = MOST_BYTES - _size(head) - _size(tail)
    return "".join(f"{line}\n" for line in (*head, *_what_blocks(report, room), *tail))


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode("utf-8", "backslashreplace")) + 1 for line in lines)


def _within(most: int, lines: Sequence[str], noun: str) -> Iterator[str]:
    """Yield the lines that fit into `most` bytes; the last one counts the others."""
    for number, line in enumerate(lines):
        most -= _size([line])
        if most < 0:
            yield f"… and {counted(len(lines) - number, noun)} more"
            return
        yield line


def escaped(text: str) -> str:
    """Return prose escaped for Markdown, so that it contains no mark-up, link, HTML or table cell.

    A word joiner after an `@` that starts a word keeps GitHub and GitLab from mentioning a user; escaping it would not,
    because they search the rendered text.
    """
    plain = clipped(one_line(text))
    if "@" in plain:
        plain = _MENTION.sub("@\u2060", plain)
    return plain.translate(_MEANT_FOR_MARKDOWN).replace("www.", "www&#46;")


def code(text: str) -> str:
    """Return a code span of `text`, with a fence longer than any run of backticks in it. Not for table cells."""
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (max(map(len, re.findall("`+", text))) + 1)
    return f"{fence} {text} {fence}"


def _footnotes(report: Report) -> Iterator[str]:
    not_blocking = standing(report.findings)
    if not_blocking:
        yield from ("", f"Not blocking: {not_blocking}.")
    if report.verdict.notices:
        yield ""
        yield from _within(_SHARE, [f"- {escaped(one)}" for one in report.verdict.notices], "notice")


def _edited_pipelines(report: Report) -> Iterator[str]:
    """Yield the reasons that a pass can have too."""
    reasons = [reason for reason in report.verdict.reasons if not reason.decides]
    if reasons:
        yield from _within(_SHARE, [f"- {escaped(reason.message)}" for reason in reasons], "reason")
        yield ""


def _loosening(report: Report) -> Iterator[str]:
    """Yield how the change would loosen the gate, which its reviewers have to read first."""
    found = [
        f"- {code(visible(one.rule))} {code(clipped(place(one.location), _MOST_PLACE))} – {escaped(one.message)}"
        for one in report.findings
        if one.stage == GATE
    ]
    if found:
        yield from ("### The change would loosen the gate", "", *_within(_SHARE, found, "finding"), "")


def _errors(report: Report) -> Iterator[str]:
    errors = [
        f"- {code(visible(stage.name))} {escaped(unfinished(error))}"
        for stage in report.stages
        for error in errors_of(stage)
    ]
    if errors:
        yield from ("### Could not finish", "", *_within(_SHARE, errors, "error"), "")


def _what_blocks(report: Report, room: int) -> Iterator[str]:
    """Yield a section for each group, the worst first, while there is room; the last line counts what is left out."""
    groups = grouped(one for one in report.findings if one.blocking)
    room -= _SHARE // 10  # for the line that counts
    for number, group in enumerate(groups):
        section = _section(group, room)
        if not section:
            left_out = sum(len(one.findings) for one in groups[number:])
            yield from (f"… and {counted(left_out, 'finding')} more that block: the other reports show all.", "")
            return
        room -= _size(section)
        yield from section


def _section(group: Group, room: int) -> list[str]:
    """Return the lines of a group with as many places as there is room for; none if there is not room for one."""
    heading = [f"### {group.severity.value.capitalize()}: {code(group.name)} {escaped(group.title)}", ""]
    mending = group.instructions[:_MOST_MENDS]
    closing = ["", *_excerpt(group), *(f"Fix: {_mending(text)}  " for text in mending), ""]
    room -= _size(heading) + _size(closing) + _SHARE // 100
    places: list[str] = []
    for finding in group.findings[:_MOST_PLACES]:
        where = f"{code(clipped(place(finding.location), _MOST_PLACE))} {code(short(finding))}"
        said = (detail(finding, group.title), function_answer(finding))
        line = " – ".join(filter(None, (f"- {where}", *map(escaped, said))))
        room -= _size([line])
        if room < 0:
            break
        places.append(line)
    if not places:
        return []
    hidden = len(group.findings) - len(places)
    return [*heading, *places, *([f"- … and {hidden:,} more"] if hidden else []), *closing]


def _mending(text: str) -> str:
    """Return how to fix a finding, with a command in it as code."""
    if found := _TYPED.fullmatch(text):
        return f"{escaped(found['why'])}: {code(clipped(found['typed']))}"
    if found := _QUOTED.fullmatch(text):
        return f"{code(clipped(found['typed']))} {escaped(found['why'])}"
    return escaped(text)


def _excerpt(group: Group) -> list[str]:
    """Return the lines around the first place of a group as an indented code block, which no text in it can end."""
    lines = next(filter(None, map(in_plain_text, group.findings[:_MOST_PLACES])), [])
    return [*(f"    {line}" for line in lines), ""] if lines else []


def _stages(report: Report) -> Iterator[str]:
    yield f"| Stage | Status | {' | '.join(level.value.capitalize() for level in _LEVELS)} | Looked at |"
    yield f"| --- | --- |{' ---: |' * len(_LEVELS)} --- |"
    yield from _within(_SHARE, [_row(stage) for stage in report.stages], "stage")


def _row(stage: StageSummary) -> str:
    counts = " | ".join(str(stage.counts.get(level.value, 0)) for level in _LEVELS)
    skipped = stage.reason if stage.status is StageStatus.SKIPPED else None
    looked_at = skipped or ", ".join(visible(target) for target in stage.targets) or counted(0, "target")
    return f"| {escaped(stage.name)} | {stage.status.value} | {counts} | {escaped(looked_at)} |"

"""The parts of the terminal's report, from top to bottom, as rich renderables.

Texts are passed to rich only as `Text`, in which it reads no markup, and only through `gate.core.text`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rich.console import RenderableType
from rich.text import Text

from gate.core.text import clipped, counted, one_line, visible
from gate.model import GATE, Fact, Finding, Reason, Report, Severity, Status
from gate.reports.groups import Group, grouped
from gate.reports.order import errors_of
from gate.reports.terminal.blocks import BlockStyle, group_block
from gate.reports.terminal.lines import IndentedLine
from gate.reports.terminal.overview import Overview
from gate.reports.terminal.styles import SEVERITY_STYLES, VERDICT_STYLES
from gate.reports.terminal.use import image_lines, image_tables
from gate.reports.use import images_of
from gate.reports.waiver_commands import WaiverCommands
from gate.reports.wording import mend, standing, unfinished, why_minor

_MOST_ACTIONS = 3
_MOST_LINES = 20
"""Lines of the short list of what does not block."""
_MOST_GROUPS = 5
"""Rules and packages that a hook shows, and the places of each: about a screen."""
_MOST_AT_ONCE = 3


class Manner(NamedTuple):
    """How the report is shown."""

    is_verbose: bool
    has_links: bool
    """True if the terminal probably supports links."""
    unwaivable: Mapping[str, str] | None = None
    """By fingerprint why no waiver can accept a finding."""


class ReportSection(NamedTuple):
    """A part of the report; `fold` is its heading if a log may fold it."""

    content: list[RenderableType]
    fold: str | None = None


def parts(report: Report, manner: Manner) -> Iterator[ReportSection]:
    """Yield what is printed before the verdict."""
    loosening = [one for one in report.findings if one.stage == GATE]
    blocking = [one for one in report.findings if one.blocking and one.stage != GATE]
    others = [one for one in report.findings if not one.blocking and one.stage != GATE]
    style = BlockStyle(
        is_verbose=manner.is_verbose,
        has_links=manner.has_links,
        with_target=_has_several_targets(report),
        waiving=WaiverCommands(report.findings, manner.unwaivable),
    )

    def blocks(findings: list[Finding]) -> list[RenderableType]:
        return [group_block(group, style) for group in grouped(findings)]

    if loosening:
        yield ReportSection([Text("The change would loosen the gate", style="bold"), Text(), *blocks(loosening)])
    yield ReportSection(blocks(blocking))
    reported = blocks(others) if manner.is_verbose else list(_short_list(others))
    if reported:
        yield ReportSection(reported, "Reported, not blocking")
    yield ReportSection([Overview(report), Text(), *_counts(report), *image_lines(report)])
    if manner.is_verbose and any(True for _ in images_of(report)):
        yield ReportSection(list(image_tables(report)), "What the images use")
    if manner.is_verbose and any(stage.facts for stage in report.stages):
        yield ReportSection(list(_facts(report)), "What the stages saw")
    yield ReportSection(
        [*_errors(report), *_clears_most(blocking), *_reasons(report), *_edited_pipelines(report), *_notices(report)]
    )


def blocking_only(
    report: Report, *, is_verbose: bool, has_links: bool, unwaivable: Mapping[str, str] | None
) -> Iterator[RenderableType]:
    """Yield what blocks, as far as it can be read at once unless verbose, and how much there is besides."""
    style = BlockStyle(
        is_verbose=is_verbose,
        has_links=has_links,
        most=_MOST_AT_ONCE,
        waiving=WaiverCommands(report.findings, unwaivable),
    )
    groups = grouped(one for one in report.findings if one.blocking)
    shown = groups if is_verbose else groups[:_MOST_GROUPS]
    yield from (group_block(group, style) for group in shown)
    hidden = sum(len(group.findings) for group in groups[len(shown) :])
    if hidden:
        number = f"{counted(hidden, 'more finding')} in {len(groups) - len(shown):,} rules or packages"
        yield Text(f"… and {number}. GATE_VERBOSE=1 in the environment shows all.", style="dim")
        yield Text()


def _has_several_targets(report: Report) -> bool:
    return len({one.location.target for one in report.findings}) > 1


def _clears_most(blocking: list[Finding]) -> Iterator[RenderableType]:
    """Yield the package upgrades that fix most of what blocks, if there are more than a few; not secrets."""
    numbers = Counter(mend(one) for one in blocking if one.package is not None)
    if len(numbers) <= _MOST_ACTIONS:
        return
    yield Text("Highest-impact fixes", style="bold")
    for text, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))[:_MOST_ACTIONS]:
        yield IndentedLine(Text(clipped(text)), Text(f"clears {number:,}", style="dim"))
    yield Text()


def _short_list(findings: list[Finding]) -> Iterator[RenderableType]:
    """Yield one line for each rule or package with findings of medium severity and above, and a count of the rest."""
    groups = grouped(one for one in findings if one.status in (Status.NEW, Status.EXISTING))
    shown = [group for group in groups if group.severity >= Severity.MEDIUM]
    if not groups:
        return
    for group in shown[:_MOST_LINES]:
        yield _short_line(group)
    yield from _rest(groups, shown)
    yield Text()


def _short_line(group: Group) -> RenderableType:
    number = counted(len(group.findings), group.noun)
    line = Text.assemble(
        (f"{group.severity.value:<9}", SEVERITY_STYLES[group.severity]), group.name, "  ", group.title, "  "
    )
    line.append(" · ".join([number, visible(group.findings[0].stage), *why_minor(group.findings)]), style="dim")
    return IndentedLine(line)


def _rest(groups: list[Group], shown: list[Group]) -> Iterator[RenderableType]:
    hidden = len(shown) - _MOST_LINES
    if hidden > 0:
        yield IndentedLine(Text(f"… and {hidden:,} more rules or packages", style="dim"))
    minor = Counter(one.severity for group in groups if group.severity < Severity.MEDIUM for one in group.findings)
    numbers = [f"{minor[level]:,} {level.value}" for level in (Severity.LOW, Severity.INFO) if minor[level]]
    if numbers or hidden > 0:
        yield IndentedLine(Text("; ".join([*numbers, "--verbose shows all"]), style="dim"))


def _counts(report: Report) -> Iterator[RenderableType]:
    parts = [counted(report.packages, "package")] if report.packages else []
    not_blocking = standing(report.findings)
    if not_blocking:
        parts.append(f"not blocking: {not_blocking}")
    if parts:
        yield Text("; ".join(parts), style="dim")
        yield Text()


def _facts(report: Report) -> Iterator[RenderableType]:
    for stage in report.stages:
        if stage.facts:
            yield Text(f"What {visible(stage.name)} saw", style="bold")
            for name in sorted(stage.facts):
                yield IndentedLine(Text(f"{visible(name)}: {_fact(stage.facts[name])}"))
            yield Text()


def _fact(fact: Fact) -> str:
    match fact:
        case bool():
            return "yes" if fact else "no"
        case list():
            return clipped(", ".join(visible(one) for one in fact)) or "none"
        case float():
            return f"{fact:,.3f}"
        case int():
            return f"{fact:,}"
        case _:
            return clipped(one_line(str(fact)))


def _errors(report: Report) -> Iterator[RenderableType]:
    errors = [(stage, error) for stage in report.stages for error in errors_of(stage)]
    if not errors:
        return
    yield Text("Could not finish", style="bold red")
    for stage, error in errors:
        yield IndentedLine(Text(visible(stage.name)), Text(clipped(unfinished(error))))
    yield Text()


def _reasons(report: Report) -> Iterator[RenderableType]:
    """Yield the rules of the policy that block; stages that could not finish are listed before."""
    reasons = [reason for reason in report.verdict.reasons if reason.decides and reason.rule != "incomplete"]
    if not reasons:
        return
    yield Text("What blocks", style="bold")
    yield from map(_reason, reasons)
    if any(reason.fingerprints for reason in reasons):
        yield IndentedLine(
            Text("gate explain FINGERPRINT shows why a finding blocks, and what would change that", style="dim")
        )
    yield Text()


def _reason(reason: Reason) -> RenderableType:
    return IndentedLine(Text(visible(reason.rule)), Text(clipped(one_line(reason.message))))


def _edited_pipelines(report: Report) -> Iterator[RenderableType]:
    """Yield the reasons that a pass can have too."""
    reasons = [reason for reason in report.verdict.reasons if not reason.decides]
    if not reasons:
        return
    yield Text("What the verdict rests on", style="bold")
    yield from map(_reason, reasons)
    yield Text()


def _notices(report: Report) -> Iterator[RenderableType]:
    if not report.verdict.notices:
        return
    yield Text("Notices", style="bold")
    for notice in report.verdict.notices[:_MOST_LINES]:
        yield IndentedLine(Text(clipped(one_line(notice))))
    if len(report.verdict.notices) > _MOST_LINES:
        yield IndentedLine(Text(f"… and {len(report.verdict.notices) - _MOST_LINES:,} more", style="dim"))
    yield Text()


def verdict(report: Report, sentence: str) -> Text:
    """Return the last line."""
    status = report.verdict.status
    line = Text(clipped(sentence))
    line.stylize(VERDICT_STYLES[status], 0, len(status.value))
    return line

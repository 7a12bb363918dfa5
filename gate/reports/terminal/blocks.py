"""A group of findings as a block of lines: a rule with its places, or a package with its vulnerabilities."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.text import Text

from gate.core.text import clipped, visible
from gate.model import Finding, Status
from gate.reports.excerpts import code_lines, in_plain_text
from gate.reports.groups import Group
from gate.reports.terminal.lines import Code, Heading, IndentedLine, UncutCommand
from gate.reports.terminal.styles import SEVERITY_STYLES
from gate.reports.waiver_commands import WaiverCommands, short
from gate.reports.wording import address, advisory, detail, marks, mend, place, why_minor

_MOST = 8
"""Places or vulnerabilities of a group that are shown without --verbose."""

_MOST_OF_TEXT = 1500
"""Characters of how to fix a finding: its last sentence names the commits to take a secret out of."""


class BlockStyle(NamedTuple):
    """How a group is shown."""

    is_verbose: bool = False
    has_links: bool = False
    with_target: bool = False
    """True if the report has findings in several targets, so that the heading names the group's."""
    most: int = _MOST
    """Places of a rule, or vulnerabilities of a package, that are shown unless it is verbose."""
    waiving: WaiverCommands | None = None
    """Names the waivers of what blocks; None: no waiver is named."""


class _Manner(NamedTuple):
    """How much of one group is shown."""

    style: BlockStyle
    names_targets: bool
    """True if the group has findings in several targets, so that each place has to name its target."""

    @property
    def is_verbose(self) -> bool:
        return self.style.is_verbose

    @property
    def most(self) -> int | None:
        """Places of a rule, or vulnerabilities of a package, that are shown; None: all."""
        return None if self.style.is_verbose else self.style.most


def group_block(group: Group, style: BlockStyle) -> RenderableType:
    """Return the block of a group: heading, places, how to fix it and, if it blocks, how to waive it."""
    names_targets = len({one.location.target for one in group.findings}) > 1
    manner = _Manner(style, names_targets)
    describe = _package_lines if group.is_package else _rule_lines
    body = [*describe(group, manner), *_waive(group, style), *(_fingerprints(group) if style.is_verbose else ())]
    return Lines(_heading(group, manner, style.with_target and not names_targets), *body, Text())


def _waive(group: Group, style: BlockStyle) -> Iterator[RenderableType]:
    if style.waiving is None or not group.first.blocking:
        return
    label = Text("Waive: ", style="dim")
    if refusal := style.waiving.refusal(group):
        yield IndentedLine(Text.assemble(label, f"not possible, {clipped(refusal)}"))
        return
    for command in style.waiving.commands(group):
        yield UncutCommand(label, clipped(command))


def _heading(group: Group, manner: _Manner, with_target: bool) -> Heading:
    label = (f" {group.severity.value.upper()} ", SEVERITY_STYLES[group.severity])
    target = f" of {visible(group.first.location.target)}" if with_target else ""
    link = "" if group.is_package else _link(group.first, manner)
    name = (group.name, f"bold {link}")
    minor = "".join(f" · {why}" for why in why_minor(group.findings))
    stage = (f" · {visible(group.first.stage)}{target}{minor}", "dim")
    return Heading(Text.assemble(label, " ", name, "  ", group.title, stage))


def _rule_lines(group: Group, manner: _Manner) -> Iterator[RenderableType]:
    for number, finding in enumerate(group.findings[: manner.most]):
        yield _hit(finding, group.title, manner)
        if manner.is_verbose or not number:
            yield from _excerpt(finding)
    yield from _more(manner.most, len(group.findings))
    yield from _at_most(manner.most, [_mend(text) for text in group.instructions])


def _excerpt(finding: Finding) -> Iterator[Code]:
    """Yield the lines around a place; the first place of a rule is enough to recognise the others."""
    for line, text in zip(code_lines(finding), in_plain_text(finding), strict=True):
        yield Code(Text(text, style="" if line.is_marked else "dim"))


def _hit(finding: Finding, title: str, manner: _Manner) -> IndentedLine:
    where = Text(_place(finding, manner)).append(f"  {short(finding)}{_set_aside(finding)}", style="dim")
    return IndentedLine(where, Text(clipped(detail(finding, title))))


def _package_lines(group: Group, manner: _Manner) -> Iterator[RenderableType]:
    places = dict.fromkeys(_place(one, manner) for one in group.findings)
    yield from _at_most(manner.most, [IndentedLine(Text(one)) for one in places])
    every = _one_a_rule(group.findings)
    yield from _at_most(manner.most, [_vulnerability(one, manner) for one in every])
    mending: dict[str, list[str]] = {}
    for one in every:
        mending.setdefault(mend(one), []).append(visible(one.rule))
    yield from _at_most(manner.most, [_mend(text + _clears(rules, len(every))) for text, rules in mending.items()])


def _one_a_rule(findings: list[Finding]) -> list[Finding]:
    """Return the first finding of each advisory, which may be found in several lockfiles."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    return list(first.values())


def _vulnerability(finding: Finding, manner: _Manner) -> IndentedLine:
    known = finding.vulnerability
    score = f" {known.cvss:.1f}" if known and known.cvss is not None else ""
    line = Text.assemble((visible(finding.rule), _link(finding, manner)), "  ", (short(finding), "dim"), "  ")
    line.append(finding.severity.value + score, style=SEVERITY_STYLES[finding.severity])
    for mark in marks(finding):
        line.append(f"  {mark}", style="bold")
    line.append(_set_aside(finding), style="dim")
    return IndentedLine(line, Text(clipped(advisory(finding))), is_cut=not manner.is_verbose)


def _link(finding: Finding, manner: _Manner) -> str:
    """Return the style that links a text to the finding's page (OSC 8); empty if there is none or no support."""
    page = address(finding) if manner.style.has_links else None
    return f"link {page}" if page else ""


def _clears(rules: list[str], total: int) -> str:
    if total == 1:
        return ""
    if len(rules) < total:
        return f" (clears {', '.join(rules)})"
    return " (clears both)" if total == 2 else f" (clears all {total:,})"


def _place(finding: Finding, manner: _Manner) -> str:
    where = finding.location
    return place(where) + (f" in {visible(where.target)}" if manner.names_targets and where.path else "")


def _set_aside(finding: Finding) -> str:
    return "" if finding.status is Status.NEW else f"  {finding.status.value}"


def _fingerprints(group: Group) -> Iterator[RenderableType]:
    """Yield the fingerprints, which `gate waive` needs, in the order of the places."""
    for finding in group.findings:
        name = f"{visible(finding.rule)} " if group.is_package else ""
        yield IndentedLine(Text(f"Fingerprint: {finding.fingerprint} {name}{place(finding.location)}", style="dim"))


def _at_most(most: int | None, lines: Sequence[IndentedLine]) -> Iterator[RenderableType]:
    yield from lines[:most]
    yield from _more(most, len(lines))


def _more(most: int | None, total: int) -> Iterator[IndentedLine]:
    if most is not None and total > most:
        yield IndentedLine(Text(f"… and {total - most:,} more", style="dim"))


def _mend(text: str) -> IndentedLine:
    return IndentedLine(Text.assemble(("Fix: ", "green"), clipped(text, _MOST_OF_TEXT)))

"""Why a finding was decided as it was: by which rule of which file, and what would change it."""

import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime

from gate.cli.named_finding import named_finding
from gate.cli.saying import WIDTH
from gate.core.text import one_line, visible
from gate.model import Exposed, Finding, Report, Status, Vulnerability
from gate.policy.accepted import Accepted
from gate.policy.decide import Policy
from gate.policy.rulings import Ruling, Rulings
from gate.reports.wording import mend, place
from gate.settings.policy import Effect

_MOST_FUNCTIONS = 8
"""Vulnerable functions that are named."""
_MOST_PLACES = 10
"""Further findings of one advisory that are listed."""


def explain_finding(digits: str, report_file: str | None) -> Iterator[str]:
    """Yield the lines that explain the finding of the named report, or of the last run of this project.

    `digits` are the first of its fingerprint. Raises UsageError if they name no finding, or several.
    """
    root, report = _report(report_file)
    yield from _explained(named_finding(digits, report), root, report)


def explain_advisory(advisory_id: str, report_file: str | None) -> Iterator[str]:
    """Yield the lines that explain the findings of an advisory, which an alias may name; nothing if there is none.

    The one that blocks, or the first, is explained whole; of the others the place is named. Raises UsageError if no
    run is kept.
    """
    root, report = _report(report_file)
    found = [one for one in report.findings if _is_on(one, advisory_id.upper())]
    if not found:
        return
    first = next((one for one in found if one.blocking), found[0])
    yield from _explained(first, root, report)
    others = [one for one in found if one is not first]
    if others:
        yield from ("", "It was found too in")
        yield from (f"  {place(one.location)}  {one_line(one.title)}" for one in others[:_MOST_PLACES])
    if len(others) > _MOST_PLACES:
        yield f"  … and {len(others) - _MOST_PLACES:,} more"


def _is_on(finding: Finding, advisory_id: str) -> bool:
    known = finding.vulnerability
    names = (known.id, *known.aliases) if known else (finding.rule,)
    return advisory_id in (name.upper() for name in names)


def _report(report_file: str | None) -> tuple[str, Report]:
    """Return the root of the project, and the named report or that of its last run."""
    from gate.cli.last_report import last_report, last_root
    from gate.reports.reading import read_report

    root = last_root()
    return root, read_report(report_file) if report_file else last_report(root)


def _explained(finding: Finding, root: str, report: Report) -> Iterator[str]:
    from gate.app.project import open_project

    yield from _about(finding)
    yield from _evidence(finding)
    since = report.trust.commit if report.trust and report.trust.mode == "base" else None
    flags = {"since": since} if since else {}
    yield from _decided(finding, open_project(root, flags=flags).policy, datetime.now(UTC))


def _about(finding: Finding) -> Iterator[str]:
    yield f"{visible(finding.rule)}  {one_line(finding.title)}"
    sure = f"{finding.severity.value} severity, {finding.confidence.value} confidence"
    yield f"{sure}, stage {visible(finding.stage)}, {place(finding.location)}"
    yield f"status {finding.status.value}, {'blocks' if finding.blocking else 'does not block'}"


def _evidence(finding: Finding) -> Iterator[str]:
    """Yield what the worth is known by, and whether the package is in use, where that was analysed."""
    if finding.worth_evidence:
        yield from ("", f"Worth stopping for: {finding.worth.value}")
        yield from (f"  {one_line(step)}" for step in finding.worth_evidence)
    if finding.in_use is not None:
        yield from ("", f"In use: {finding.in_use.value}")
        yield from (f"  {one_line(step)}" for step in finding.in_use_evidence)
    if finding.reachable_function is not None and finding.vulnerability is not None:
        yield from ("", f"Vulnerable function reached: {finding.reachable_function.value}")
        yield from _functions(finding.vulnerability)
        yield from (f"  {one_line(step)}" for step in finding.reachable_function_evidence)
    if finding.exposed is not None:
        yield from _exposure(finding, finding.exposed)
    if finding.deployed is not None:
        yield from ("", f"Deployed: {finding.deployed.value}")
        yield from (f"  {one_line(place)}" for place in finding.deployed_evidence)


def _exposure(finding: Finding, exposed: Exposed) -> Iterator[str]:
    """Yield who runs the image, and how far it can be reached from outside."""
    if finding.run_by:
        yield from ("", "Run by")
        yield from (f"  {one_line(workload)}" for workload in finding.run_by)
    yield from ("", f"Exposed: {exposed.value}")
    yield from (f"  {one_line(step)}" for step in finding.exposed_evidence)


def _functions(known: Vulnerability) -> Iterator[str]:
    more = f" and {len(known.symbols) - _MOST_FUNCTIONS:,} more" if len(known.symbols) > _MOST_FUNCTIONS else ""
    yield f"  {one_line(', '.join(known.symbols[:_MOST_FUNCTIONS]))}{more}"
    if known.symbols_source:
        yield f"  by {one_line(known.symbols_source)}"


def _decided(finding: Finding, policy: Policy, now: datetime) -> Iterator[str]:
    is_new = finding.status is not Status.EXISTING
    rulings = Rulings(policy.layers, now)
    decided = rulings.strictest(finding, is_new=is_new)
    yield from ("", "What decides")
    if finding.status is Status.WAIVED:
        yield f"  It is accepted by a {visible(finding.decided_by or 'waiver')} in {visible(finding.decided_in or '')}."
    elif not is_new:
        yield "  It was there before the change."
    for layer, own in zip(policy.layers, rulings.of_each_layer(finding, is_new=is_new), strict=True):
        mark = "→" if decided is not None and own == decided else " "
        yield from _prose(f"{visible(layer.source)}: {_ruling(own)}", f"{mark} ")
    yield from ("", "What would change it")
    yield from _ways_out(finding, policy, decided, now)


def _prose(text: str, mark: str = "  ") -> list[str]:
    """Return the lines of a text to be read; commands to be copied stay in one."""
    return textwrap.wrap(text, WIDTH, initial_indent=mark, subsequent_indent="    ", break_long_words=False)


def _ruling(ruling: Ruling | None) -> str:
    if ruling is None:
        return "no rule matches"
    rule = ruling.rule
    grace = f", in grace until {ruling.blocks_from}" if ruling.blocks_from else ""
    relaxed = ", not enforced" if rule.effect is Effect.BLOCK and not ruling.layer.enforce else ""
    source = ruling.layer.source_of(rule)
    where = f" ({visible(source)})" if source != ruling.layer.source else ""
    return f"{rule.effect.value} by the rule {visible(rule.id)}{where}{grace}{relaxed}: {one_line(rule.why)}"


def _ways_out(finding: Finding, policy: Policy, ruling: Ruling | None, now: datetime) -> Iterator[str]:
    yield from _prose(f"Fix it: {mend(finding)}")
    accepted = Accepted(policy.layers, (), policy.codeowners, now)
    refusal = accepted.refusal_of_waivers(finding, ruling)
    if finding.status is Status.WAIVED:
        yield "  It blocks again when the waiver or comment goes, if a rule says so."
    elif refusal:
        yield from _prose(f"It cannot be waived: {one_line(refusal)}.")
    elif finding.blocking:
        yield f"  Accept it: gate waive {finding.fingerprint} --owner WHO --reason WHY --until YYYY-MM-DD"
    if ruling is not None:
        yield f"  Change the rule {visible(ruling.rule.id)} in {visible(ruling.layer.source_of(ruling.rule))}."

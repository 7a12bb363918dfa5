"""Texts that reports have in common: where a finding is, how to fix it, what the verdict means."""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from gate.core.lazy_regex import lazy_regex
from gate.core.text import counted, encodable, one_line, visible
from gate.model import (
    Confidence,
    Deployed,
    Exposed,
    Finding,
    InUse,
    Location,
    Report,
    StageError,
    StageStatus,
    StageSummary,
    Status,
    VerdictStatus,
    Worth,
)

_SHORT_COMMIT = 12
"""Digits of a commit id that are shown."""
_IN_ADDRESSES = "/:?#&=%+,;@~-._"
"""Characters that are not quoted in a URL."""
_PLAIN_ADDRESS = lazy_regex(r"[\w/:.-]*", re.ASCII)
"""A URL in which nothing has to be quoted, as nearly all are."""
_SENTENCE_ENDS = (".", "!", "?", ":", "…", ".)")
_NOTABLE_EPSS = 0.1
"""The least probability of exploitation that is shown; for most vulnerabilities it is far lower."""


def place(location: Location) -> str:
    """Return `path:line` (or the target's name, if there is no path) and the commit."""
    where = visible(location.path or location.target)
    line = f":{location.line}" if location.path and location.line else ""
    commit = f" in commit {visible(location.commit[:_SHORT_COMMIT])}" if location.commit else ""
    return where + line + commit


def mend(finding: Finding) -> str:
    """Return in one line how to fix a finding."""
    if finding.fix is not None:
        return one_line(finding.fix.description)
    if finding.vulnerability is None:
        return f"`gate explain {visible(finding.rule)}` says how."
    if finding.vulnerability.fixed_versions and finding.package is not None:
        package = finding.package
        return one_line(f"Update {package.name} {package.version} to {finding.vulnerability.fixed_versions[0]}.")
    return "No fixed version is known yet."


def message_and_mend(finding: Finding) -> str:
    """Return in one line what was found and how to fix it, each as a sentence."""
    return f"{as_sentence(finding.message or finding.title)} {mend(finding)}"


def detail(finding: Finding, title: str) -> str:
    """Return the message in one line without what `title`, shown next to it, says already; empty if that is all."""
    message = one_line(finding.message)
    if message == title or not message.startswith(title):
        return "" if message == title else message
    return message[len(title) :].lstrip(",;: ") if message[len(title)] in ",;:" else message


def as_sentence(text: str) -> str:
    """Return a text in one line that ends as a sentence does, so that another can follow it."""
    line = one_line(text)
    return line if line.endswith(_SENTENCE_ENDS) else f"{line}."


def address(finding: Finding) -> str | None:
    """Return the URL of a finding's page, safe for a link; only https is allowed, which cannot run a script."""
    page = finding.help_uri or ""
    if not page.startswith("https://"):
        return None
    return page if _PLAIN_ADDRESS.fullmatch(page) else quote(encodable(page), safe=_IN_ADDRESSES)


def advisory(finding: Finding) -> str:
    """Return the title of a package's finding without the package's name in front."""
    package = finding.package
    title = finding.title if package is None else finding.title.removeprefix(f"{package.name} {package.version}: ")
    return one_line(title)


def marks(finding: Finding) -> list[str]:
    """Return labels of a vulnerability: exploited, likely to be exploited, in use or not, without a fix."""
    known = finding.vulnerability
    if known is None:
        return []
    holds = {
        "exploited": known.known_exploited,
        f"EPSS {min(known.epss or 0, 0.99):.0%}": (known.epss or 0) >= _NOTABLE_EPSS,
        "in use": finding.in_use is InUse.YES,
        "not in use": finding.in_use is InUse.NO,
        "function reached": finding.reachable_function is InUse.YES,
        "function not reached": finding.reachable_function is InUse.NO,
        "exposed": finding.exposed is Exposed.YES,
        "deployed": finding.deployed is Deployed.YES,
        "no fix yet": not known.fixed_versions,
    }
    return [mark for mark, is_shown in holds.items() if is_shown]


def function_answer(finding: Finding) -> str:
    """Return in one line whether a vulnerable function is reached, and what shows it; empty if that is not asked."""
    if finding.reachable_function is None:
        return ""
    shown = one_line("; ".join(finding.reachable_function_evidence))
    answer = f"vulnerable function reached: {finding.reachable_function.value}"
    return f"{answer} ({shown})" if shown else answer


def why_minor(findings: Iterable[Finding]) -> list[str]:
    """Return why findings count for little, where it is the same for all of them: low confidence, and low worth."""
    reasons = {(one.confidence is Confidence.LOW, _why_low(one)) for one in findings}
    if len(reasons) != 1:
        return []
    is_doubtful, why_low = reasons.pop()
    return [*(["low confidence"] if is_doubtful else []), *why_low]


def _why_low(finding: Finding) -> tuple[str, ...]:
    return tuple(map(visible, finding.worth_evidence[:1])) if finding.worth is Worth.LOW else ()


def unfinished(error: StageError) -> str:
    """Return an error of a stage in one line: file, what happened, what to do, and the target."""
    text = one_line(str(error)) or "the stage could not finish"
    return f"{text} (in {visible(error.target)})" if error.target and error.target != error.path else text


def standing(findings: Iterable[Finding]) -> str:
    """Return how many findings do not block, and why: `3 reported, 1 existing, 2 waived`; empty if all do."""
    words = {Status.NEW: "reported", Status.EXISTING: "existing", Status.WAIVED: "waived", Status.IGNORED: "ignored"}
    numbers = Counter(one.status for one in findings if not one.blocking)
    return ", ".join(f"{numbers[status]:,} {word}" for status, word in words.items() if numbers[status])


def verdict_sentence(report: Report) -> str:
    """Return the verdict and its reason in one line; it starts with `PASS`, `FAIL` or `INCOMPLETE`."""
    sentences = {
        VerdictStatus.PASS: _passed,
        VerdictStatus.FAIL: _failed,
        VerdictStatus.INCOMPLETE: _incomplete,
    }
    return f"{report.verdict.status.value.upper()}: {sentences[report.verdict.status](report)}"


def _passed(report: Report) -> str:
    if all(stage.status is StageStatus.SKIPPED for stage in report.stages):
        return "there was nothing to look at; every stage was skipped."
    if not report.findings:
        return "nothing was found."
    return f"nothing blocks ({standing(report.findings)})."


def _failed(report: Report) -> str:
    blocking = [one for one in report.findings if one.blocking]
    if not blocking:
        return (
            one_line("; ".join(reason.message for reason in report.verdict.reasons if reason.decides))
            or "the policy says so."
        )
    numbers = Counter(one.decided_by or "the policy" for one in blocking)
    deciders = dict(sorted(numbers.items(), key=lambda item: (-item[1], item[0])))
    rules = ", ".join(visible(rule) if len(deciders) == 1 else f"{visible(rule)} {n:,}" for rule, n in deciders.items())
    return f"{_blocks(len(blocking))} ({rules})."


def _incomplete(report: Report) -> str:
    stages = [visible(stage.name) for stage in report.stages if stage.status is StageStatus.ERROR]
    required = [reason.message for reason in report.verdict.reasons if reason.decides and not reason.fingerprints]
    if not stages and required:
        # The first sentence alone: what to do about it stands above, with the reason.
        return one_line(required[0]).partition(". ")[0].rstrip(".") + "."
    cause = f"{' and '.join(stages) or 'a stage'} did not finish, so there is no verdict."
    blocking = sum(one.blocking for one in report.findings)
    return f"{cause} In addition, {_blocks(blocking)}." if blocking else cause


def _blocks(number: int) -> str:
    return f"{counted(number, 'finding')} {'blocks' if number == 1 else 'block'}"


def shown_seconds(stage: StageSummary) -> str:
    """Return how long a stage worked, as people read it."""
    return f"{stage.duration_s:.1f} s"

"""The rules of a run, with the text that GitHub shows with each alert."""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from gate.core.text import clipped, one_line, visible
from gate.model import Finding, Report, RuleDescription, Severity
from gate.reports.markdown import code, escaped
from gate.reports.sarif.results import LEVELS
from gate.reports.wording import address, mend

_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
"""The `security-severity` if no CVSS score is known: about the middle of the severity's range."""
_MOST_TAGS = 20
"""Tags of a rule that GitHub accepts; it shows ten."""
_WORD = re.compile("[A-Za-z0-9]+")
_MOST_SHORT = 1024
"""Characters of a short or full description that GitHub accepts."""


def rules_of(findings: Iterable[Finding], report: Report) -> list[dict[str, Any]]:
    """Return the rules that the findings name, sorted by id, made from the worst finding and the rule's description."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(visible(finding.rule), finding)
    described = _descriptions(report)
    return [_rule(name, first[name], _about(first[name], described)) for name in sorted(first)]


def _descriptions(report: Report) -> Mapping[str, list[RuleDescription]]:
    by_stage: dict[str, list[RuleDescription]] = {}
    for rule in () if isinstance(report.rules, msgspec.UnsetType) else report.rules:
        by_stage.setdefault(rule.stage, []).append(rule)
    return by_stage


def _about(finding: Finding, described: Mapping[str, list[RuleDescription]]) -> RuleDescription | None:
    """Return the description of a finding's rule, if there is one."""
    return next((rule for rule in described.get(finding.stage, ()) if _is_of(rule, finding.rule)), None)


def _is_of(rule: RuleDescription, name: str) -> bool:
    return rule.id == name or any(fnmatchcase(name, one) for one in rule.id.split(", ") if "*" in one)


def _rule(name: str, finding: Finding, about: RuleDescription | None) -> dict[str, Any]:
    title = one_line(about.title if about and about.id == finding.rule else finding.title) or name
    rule: dict[str, Any] = {
        "id": name,
        "name": _pascal(title) or name,
        "shortDescription": {"text": clipped(title, _MOST_SHORT)},
        "fullDescription": {"text": clipped(one_line(about.why if about else finding.message) or title, _MOST_SHORT)},
        "help": {"text": _help(finding, about, name), "markdown": _help_in_markdown(finding, about)},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {
            "tags": _tags(finding, about),
            "precision": finding.confidence,
            "security-severity": _score(finding),
        },
    }
    if page := address(finding):
        rule["helpUri"] = page
    return rule


def _pascal(title: str) -> str:
    """Return the name of a rule in PascalCase, as SARIF requires."""
    return clipped("".join([word[0].upper() + word[1:] for word in _WORD.findall(title)]), 100)


def _score(finding: Finding) -> str:
    known = finding.vulnerability
    return f"{known.cvss:.1f}" if known and known.cvss is not None else _SCORES[finding.severity]


def _tags(finding: Finding, about: RuleDescription | None) -> list[str]:
    known = finding.vulnerability
    references = about.references if about else ()
    weaknesses = (*references, *known.cwes) if known else references
    tags = [f"external/cwe/{visible(one).lower()}" for one in weaknesses if one.startswith("CWE-")]
    return list(dict.fromkeys(("security", visible(finding.stage), *tags)))[:_MOST_TAGS]


def _help(finding: Finding, about: RuleDescription | None, name: str) -> str:
    return one_line(f"{about.why} {about.mend}" if about else mend(finding)) or name


def _help_in_markdown(finding: Finding, about: RuleDescription | None) -> str:
    parts = [escaped(about.why), f"**Fix:** {escaped(about.mend)}"] if about else [f"**Fix:** {escaped(mend(finding))}"]
    known = finding.vulnerability
    if known and known.aliases:
        parts.append(f"Also known as {', '.join(code(visible(alias)) for alias in known.aliases[:_MOST_TAGS])}.")
    for heading, example in (("Caught", about.bad), ("Fine", about.good)) if about else ():
        if example:
            parts.append(f"{heading}:\n\n{_indented(example)}")
    return "\n\n".join(parts)


def _indented(example: str) -> str:
    """Return an example as a code block that nothing in it can end."""
    return "\n".join(f"    {visible(line)}" for line in example.rstrip().splitlines())

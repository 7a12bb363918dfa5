"""From the hits of rules on definitions to findings: levels of the settings, comments that silence, order."""

from collections.abc import Iterable, Mapping

import msgspec

from gate.model import Finding, Severity
from gate.rules.findings import finding_of
from gate.rules.hits import Hit
from gate.rules.rule import StageRule

Comments = Mapping[str, Mapping[int, Mapping[str, str]]]
"""By path, what `ignored_rules` says of the file."""


class RuleReport(msgspec.Struct, frozen=True):
    """What a stage has to say of its files."""

    findings: tuple[Finding, ...] = ()
    silenced: tuple[Finding, ...] = ()
    """What comments silence, each with the comment's words."""


def report(
    hits: Iterable[tuple[StageRule, Hit]], target: str, levels: Mapping[str, str], comments: Comments
) -> RuleReport:
    """Return the findings of `hits`, each once; a hit names its `path`.

    `levels` are severities by rule, or `off`. A comment counts on the line of a hit.
    """
    findings: dict[Finding, None] = {}
    silenced: dict[Finding, None] = {}
    for rule, hit in hits:
        level = levels.get(rule.id, "off" if rule.on_request else "on")
        if level == "off":
            continue
        finding = finding_of(rule, hit, target, path=hit.path)
        if level != "on":
            finding = msgspec.structs.replace(finding, severity=Severity(level))
        comment = comments.get(hit.path or "", {}).get(finding.location.line or 0, {}).get(rule.id)
        if comment is None:
            findings[finding] = None
        else:
            silenced[msgspec.structs.replace(finding, comment=comment)] = None
    return RuleReport(tuple(sorted(findings, key=_order)), tuple(sorted(silenced, key=_order)))


def _order(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.location.path or "", finding.location.line or 0, finding.rule, finding.message)

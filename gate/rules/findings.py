"""From a hit to a finding: the rule's text, the place in the target, the fingerprint."""

from collections.abc import Iterable
from typing import Any

from gate.model import Edit, Finding, Fix, Location, Severity, fingerprint
from gate.rules.hits import Change, Hit
from gate.rules.rule import StageRule


def finding_of(
    rule: StageRule,
    hit: Hit,
    target: str,
    *,
    path: str | None = None,
    stage: str | None = None,
    evidence: tuple[str, ...] | None = None,
    **further: Any,
) -> Finding:
    """Return the finding of a hit of `rule` in `target`, which reports call so.

    `path` is the file that the rule was asked about; it is part of the fingerprint, a hit's own path is not.
    `stage` is another one than the rule's, `evidence` another one than the hit's, `further` more members of a Finding.
    """
    text = rule.description
    stage = stage or text.stage
    mend = text.mend if hit.mend is None else hit.mend
    evidence = hit.evidence if evidence is None else evidence
    return Finding(
        stage=stage,
        rule=text.id,
        severity=_severity(rule, hit),
        confidence=hit.confidence,
        worth=hit.worth,
        worth_evidence=hit.worth_evidence,
        title=hit.title or text.title,
        message=hit.message,
        fingerprint=fingerprint(stage, text.id, path, *evidence),
        location=_location(hit, target, hit.path or path),
        places=tuple(Location(target=target, path=other, layer=layer) for other, layer in hit.places),
        help_uri=rule.help_uri,
        fix=Fix(description=mend, edits=hit.edits or _edits(hit.changes, path)) if mend else None,
        object=hit.object,
        field=hit.field,
        secret=hit.secret,
        package=hit.package,
        **further,
    )


def _location(hit: Hit, target: str, path: str | None) -> Location:
    if hit.span is None:
        return Location(target=target, path=path, line=hit.line, end_line=hit.end_line, layer=hit.layer)
    (line, column), (end_line, end_column) = hit.span
    return Location(
        target=target,
        path=path,
        line=line,
        end_line=end_line,
        column=column,
        end_column=end_column,
        layer=hit.layer,
    )


def _severity(rule: StageRule, hit: Hit) -> Severity:
    """Return how bad a hit is: what only stays in a stage that does not ship is one step milder."""
    severity = hit.severity or rule.description.severity
    if hit.ships or not rule.stays_in_image:
        return severity
    return list(Severity)[max(0, severity.rank - 1)]


def _edits(changes: Iterable[Change], path: str | None) -> tuple[Edit, ...]:
    return tuple(
        Edit(path=path or "", start=change.span[0], end=change.span[1], text=change.text) for change in changes
    )

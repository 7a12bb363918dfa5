"""Joins the results by the change's and the base's versions of files that can loosen: the strictest result counts.

The stages read `.hadolint.yaml`, VEX documents and a detect-secrets baseline. If a change alters one, the stage
analyses the target once with each version, and the results are joined here: a finding of any of them counts, with the
highest severity, and is cleared or listed as known only if it is so in all of them.
"""

from collections.abc import Iterable, Sequence

import msgspec

from gate.declarations import declared
from gate.model import Finding, Loosened, StageResult

_Name = tuple[str, int]
"""A fingerprint, and the number of earlier findings that have the same one."""


def join_strictest(own: StageResult, others: Sequence[StageResult], path: str) -> StageResult:
    """Join what a stage found by the files of the change (`own`) and by those of its bases.

    What the change would let pass goes with `loosened`; `path` is the file that is named if the stage names none.
    """
    results = (own, *others)
    by_name = [_by_name(result.findings) for result in results]
    names = dict.fromkeys(name for findings in by_name for name in findings)
    joined: dict[_Name, Finding] = {}
    for name in names:
        joined[name] = _strictest([findings.get(name) for findings in by_name])
    known = set(own.existing).intersection(*(result.existing for result in others))
    passing = [joined[name].fingerprint for name in names if _would_pass(by_name[0].get(name), joined[name])]
    passing += [mark for mark in own.existing if mark not in known]
    reported = {id(one) for one in own.findings}
    kept = {one.fingerprint for one in joined.values() if id(one) not in reported}
    return msgspec.structs.replace(
        own,
        findings=tuple(joined.values()),
        silenced=tuple(one for one in own.silenced if one.fingerprint not in kept),
        existing=tuple(mark for mark in own.existing if mark in known),
        errors=tuple(dict.fromkeys(error for result in results for error in result.errors)),
        skipped=own.skipped if not joined and not any(result.errors for result in results) else None,
        loosened=tuple(_loosened(own, tuple(dict.fromkeys(passing)), path)),
    )


def _by_name(findings: Iterable[Finding]) -> dict[_Name, Finding]:
    named: dict[_Name, Finding] = {}
    seen: dict[str, int] = {}
    for finding in findings:
        count = seen.get(finding.fingerprint, 0)
        named[finding.fingerprint, count] = finding
        seen[finding.fingerprint] = count + 1
    return named


def _strictest(found: Sequence[Finding | None]) -> Finding:
    """Return the worst of the findings on one problem; a document clears it only where every one has it cleared."""
    said = [one for one in found if one is not None]
    worst = max(said, key=lambda one: (one.severity, one.confidence))
    uncleared = next((one for one in said if one.vex is None), None)
    return worst if uncleared is None or worst.vex is None else msgspec.structs.replace(worst, vex=None)


def _would_pass(own: Finding | None, joined: Finding) -> bool:
    """True if the change's files would have the problem left out, milder or cleared."""
    return own is None or own.severity < joined.severity or (own.vex is not None and joined.vex is None)


def _loosened(own: StageResult, passing: tuple[str, ...], path: str) -> Iterable[Loosened]:
    if own.loosened:
        return (msgspec.structs.replace(one, passes=passing) for one in own.loosened)
    if not passing:
        return ()
    rule = declared(own.stage).words_rule
    return (Loosened(rule=rule, target=own.target, path=path, what=f"{path} says less than it did", passes=passing),)

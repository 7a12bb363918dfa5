"""Findings with the answer whether the image uses their package, and how many of them that leaves."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from gate.images.in_use.go import Functions
from gate.images.in_use.owners import key_of
from gate.model import Fact, Finding, InUse, Severity

if TYPE_CHECKING:
    from gate.images.scan import Scan

_TOLD = 3
"""Functions that a finding's evidence tells by name."""


def with_use(findings: Iterable[Finding], scan: "Scan") -> Iterator[Finding]:
    """Yield the findings; those on packages say whether they are in use, and why."""
    states = {key_of(package): state for package, state in zip(scan.packages, scan.uses, strict=True)}
    functions = {path: Functions(numbers) for path, numbers in scan.functions.items()}
    for finding in findings:
        state = states.get(key_of(finding.package)) if finding.package else None
        if state is None:
            yield finding
        else:
            used = msgspec.structs.replace(finding, in_use=state.in_use, in_use_evidence=state.evidence)
            yield with_functions(used, functions.get(finding.package.path)) if finding.package else used


def with_functions(finding: Finding, functions: Functions | None) -> Finding:
    """Return a finding that says whether the vulnerable functions are in the program, where an advisory names them."""
    named = finding.vulnerability.symbols if finding.vulnerability else ()
    if functions is None or not named:
        return finding
    there = [name for name in named if functions.has(name)]
    program = finding.package.path if finding.package else ""
    if not there:
        why = f"the advisory names {_listed(named)}, and none of it is in {program}"
        return msgspec.structs.replace(finding, in_use=InUse.NO, in_use_evidence=(why,))
    evidence = (*finding.in_use_evidence, f"{_listed(there)}, which the advisory names, is in {program}")
    return msgspec.structs.replace(finding, in_use_evidence=evidence)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return f"{', '.join(names[:_TOLD])}{more}"


def facts_of_use(findings: Sequence[Finding]) -> dict[str, Fact]:
    """Return how many serious vulnerabilities there are, how many have a fix, and how many of these are in use."""
    serious = [one for one in findings if one.vulnerability and one.severity >= Severity.HIGH]
    fixable = [one for one in serious if one.is_fixable]
    count = {state: sum(one.in_use is state for one in fixable) for state in InUse}
    return {
        "in_use": f"{len(serious):,} high or critical, {len(fixable):,} with a fix, {count[InUse.YES]:,} of these in "
        f"use, {count[InUse.NO]:,} not in use, {count[InUse.UNKNOWN]:,} unknown"
    }

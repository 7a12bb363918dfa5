"""Adds to findings whether the image uses their package."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.model import Finding, InUse, Package, PackageUse
from gate.reachability.runtimes.languages.go import Functions
from gate.reachability.runtimes.packages.state import key_of

_MOST_NAMED = 3
"""Functions that a finding's evidence names."""


def with_use(
    findings: Iterable[Finding],
    packages: Sequence[Package],
    uses: Sequence[PackageUse],
    functions: Mapping[str, bytes],
) -> Iterator[Finding]:
    """Yield the findings; those about packages state whether the package is in use, and why.

    `uses` has the state of each of `packages`; `functions` the numbers of the functions of each Go program, by path.
    """
    states = {key_of(package): state for package, state in zip(packages, uses, strict=True)}
    by_path = {path: Functions(numbers) for path, numbers in functions.items()}
    for finding in findings:
        state = states.get(key_of(finding.package)) if finding.package else None
        if state is None:
            yield finding
        else:
            used = msgspec.structs.replace(finding, in_use=state.in_use, in_use_evidence=state.evidence)
            yield with_functions(used, by_path.get(finding.package.path)) if finding.package else used


def with_functions(finding: Finding, functions: Functions | None) -> Finding:
    """Return a finding that says whether the vulnerable functions are in the program, where an advisory names them."""
    named = finding.vulnerability.symbols if finding.vulnerability else ()
    if functions is None or not named:
        return finding
    there = [name for name in named if functions.has(name)]
    program = finding.package.path if finding.package else ""
    if not there:
        why = f"the advisory names {_listed(named)}, and none of it is in {program}"
        return msgspec.structs.replace(
            finding,
            in_use=InUse.NO,
            in_use_evidence=(why,),
            reachable_function=InUse.NO,
            reachable_function_evidence=(why,),
        )
    linked = f"{_listed(there)}, which the advisory names, is in {program}"
    return msgspec.structs.replace(
        finding,
        in_use_evidence=(*finding.in_use_evidence, linked),
        reachable_function=InUse.YES,
        reachable_function_evidence=(linked,),
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(names[:_MOST_NAMED])}{more}"

"""Which packages of which files are to be raised, from the findings of a run."""

import re
from collections.abc import Iterable, Sequence

from gate.app.fixes.resolvers.resolver import PackageRaise
from gate.declarations.dependencies import DEPENDENCIES
from gate.model import Finding, Status

_NUMBERS = re.compile(r"\d+")


def raises_of(findings: Iterable[Finding], rules: Sequence[str] = ()) -> dict[str, tuple[PackageRaise, ...]]:
    """Return the raises that fix new findings, by the files that list the packages; one for a package of a version.

    `rules` are the vulnerabilities that are to be fixed, in capitals; none given: all.
    """
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for one in findings:
        is_wanted = one.status is Status.NEW and (not rules or one.rule.upper() in rules)
        if is_wanted and one.stage == DEPENDENCIES.name and one.package and one.fix and one.fix.version:
            found.setdefault((one.package.path, one.package.name, one.package.version), []).append(one)
    by_file: dict[str, list[PackageRaise]] = {}
    for (path, _, _), several in sorted(found.items()):
        by_file.setdefault(path, []).append(_raise(several))
    return {path: tuple(several) for path, several in by_file.items()}


def _raise(several: list[Finding]) -> PackageRaise:
    """Return what fixes all findings on one package, which name the same version where one is safe."""
    first = max(several, key=lambda one: order_of(_version(one)))
    assert first.package is not None
    assert first.fix is not None
    return PackageRaise(
        path=first.package.path,
        line=first.package.line,
        name=first.package.name,
        version=first.package.version,
        to=_version(first),
        ecosystem=first.package.ecosystem,
        direct=first.package.direct,
        via=first.package.via,
        rules=tuple(sorted({one.rule for one in several})),
        blocking=sum(one.blocking for one in several),
        command=first.fix.command,
    )


def _version(finding: Finding) -> str:
    return (finding.fix.version if finding.fix else None) or ""


def order_of(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, which order releases well enough to choose the higher of two."""
    return tuple(map(int, _NUMBERS.findall(version)[:6]))


def is_breaking(version: str, to: str) -> bool:
    """True if a release may break what uses the package: the first number that is not 0 differs (semver.org)."""
    before, after = order_of(version)[:3], order_of(to)[:3]
    for old, new in zip(before, after, strict=False):
        if old != new:
            return True
        if old:
            return False
    return False

"""Lockfiles that contradict themselves: what they call a package is not what its address fetches."""

from collections.abc import Iterable, Iterator

from gate.advisories.about import finding_about
from gate.model import Confidence, Finding, Fix, Package, Severity

RULE = "GP005"


def contradicted(packages: Iterable[Package], *, stage: str, target: str) -> Iterator[Finding]:
    """Yield a finding for each package that is fetched under another name or in another version than its file says."""
    seen: set[tuple[str, str, str, str | None]] = set()
    for package in packages:
        key = (package.path, package.name, package.version, package.stated_as)
        if package.stated_as is not None and key not in seen:
            seen.add(key)
            yield _finding(package, package.stated_as, stage, target)


def _finding(package: Package, stated: str, stage: str, target: str) -> Finding:
    fetched = f"{package.name} {package.version}"
    return finding_about(
        package,
        RULE,
        stage=stage,
        target=target,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        title=f"{stated}: the lockfile fetches {fetched} instead",
        message=(
            f"{package.path} calls it {stated}, and the address beside it is that of {fetched}, which is what gets "
            "installed. No tool writes such a lockfile; whoever edited it by hand decides what the build runs."
        ),
        fix=Fix(description=f"Lock {stated.partition(' ')[0]} again with its own tool, from a clean state"),
    )

"""Lockfiles that contradict themselves: what they call a package is not what its address fetches."""

import posixpath
from collections.abc import Iterable, Iterator

from gate.model import Finding, Package, Severity
from gate.package_rules.rules import ON_PACKAGES, findings_on, hit_on
from gate.rules import Hit, RuleScope

PACKAGES = RuleScope(Package)
"""Each package of a lockfile."""
_YARN = "yarn.lock"
_BY_HAND = "No tool writes such a lockfile; the person who edited it by hand decides what the build runs."
_BY_MANIFEST = (
    "Yarn writes the version that the package's own manifest states: either this one was published under another, or "
    "someone edited the lockfile by hand."
)


@ON_PACKAGES.rule(
    "GP005",
    Severity.HIGH,
    "Lockfile entry that fetches a different package",
    looks_at=PACKAGES,
    why="Reviewers read the name, but installers fetch the URL: a manually edited lockfile hides what is installed.",
    mend="Regenerate the lockfile with its package manager, and find out who edited it.",
    references=("CWE-345", "CWE-829"),
    bad='package-lock.json: minimist 1.2.8, resolved: "https://packages.example/minimist/-/minimist-1.2.0.tgz"',
    good='package-lock.json: minimist 1.2.8, resolved: "https://packages.example/minimist/-/minimist-1.2.8.tgz"',
)
def is_fetched_as_another(package: Package) -> Iterator[Hit]:
    stated = package.stated_as
    if stated is None:
        return
    name = stated.partition(" ")[0]
    fetched = f"{package.name} {package.version}"
    severity, why = None, _BY_HAND
    if name == package.name and posixpath.basename(package.path) == _YARN:
        severity, why = Severity.MEDIUM, _BY_MANIFEST
    yield hit_on(
        package,
        f"{package.path} calls it {stated}, and the address beside it is that of {fetched}, which is what gets "
        f"installed. {why}",
        title=f"{stated}: the lockfile fetches {fetched} instead",
        mend=f"Lock {name} again with its own tool, from a clean state",
        severity=severity,
    )


def contradicted(packages: Iterable[Package], *, stage: str, target: str) -> Iterator[Finding]:
    """Return a finding for each package that is fetched under another name or in another version than its file says."""
    return findings_on((is_fetched_as_another,), packages, lambda package: package, stage=stage, target=target)

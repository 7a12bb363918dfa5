"""The set of the rules on packages, and what their hits have in common: place, name and fingerprint."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gate.declarations.dependencies import DEPENDENCIES
from gate.ecosystems import base_of
from gate.model import Finding, Package, Severity
from gate.rules import Hit, RuleSet, StageRule, ask, finding_of

ON_PACKAGES = RuleSet(
    DEPENDENCIES.name,
    "on packages",
    elsewhere=(
        __name__,
        "gate.package_rules.confusion",
        "gate.package_rules.contradictions",
        "gate.package_rules.licences",
    ),
)

MALICIOUS = ON_PACKAGES.without_check(
    "MAL-*",
    Severity.CRITICAL,
    "Malicious package",
    module=__name__,
    why="It steals credentials or opens a back door as soon as it is installed, on developers' machines and in CI.",
    mend="Remove it, and replace every credential that was accessible on machines that installed it.",
    references=("CWE-506", "https://osv.dev"),
    bad="requirements.txt: reqeusts==2.0.0",
    good="requirements.txt: requests==2.32.4",
)
"""Advisories on packages like this; each finding has the id of its own."""

VULNERABLE = ON_PACKAGES.without_check(
    "GHSA-*, CVE-*, PYSEC-*, GO-*, RUSTSEC-*",
    Severity.MEDIUM,
    "Package with a published vulnerability",
    module=__name__,
    why="The flaw is public, so attackers know how to exploit the package. The severity is the advisory's.",
    mend="Update the package to the fixed version that the finding names.",
    references=("CWE-1395", "https://osv.dev"),
    bad="requirements.txt: jinja2==2.10",
    good="requirements.txt: jinja2==3.1.6",
)
"""All other advisories."""

UNCOMPARED = ON_PACKAGES.without_check(
    "GP004",
    Severity.MEDIUM,
    "Commit that could not be compared with advisories",
    module=__name__,
    why="Advisories for this repository name commits; only the history shows whether a commit comes after the fix.",
    mend="Check out the submodule with its full history; or read the advisories yourself, and waive the finding.",
    references=("CWE-1395",),
    bad="a submodule of a shallow clone, whose repository has advisories",
    good="the same submodule with its whole history",
)

INCLUDED = ON_PACKAGES.without_check(
    "GP006",
    Severity.MEDIUM,
    "Requirements file fetched from a URL",
    module=__name__,
    why="Anyone who controls the server decides at every installation which packages and versions you get.",
    mend="Commit the file from that URL, and include it by its path.",
    references=("CWE-829",),
    bad="requirements.txt: -r https://packages.example/requirements.txt",
    good="requirements.txt: -r requirements/base.txt",
)


def hit_on(package: Package, message: str, **parts: Any) -> Hit:
    """Return a hit on a package, which stays the same problem in another line, version and release."""
    evidence = (base_of(package.ecosystem), package.name)
    return Hit(message=message, line=package.line, package=package, evidence=evidence, **parts)


def finding_on(rule: StageRule, hit: Hit, *, stage: str, target: str, **further: Any) -> Finding:
    """Return the finding of a hit on a package, as of `stage`: images are asked some of these rules too."""
    path = hit.package.path if hit.package else ""
    return finding_of(rule, hit, target, path=path or None, stage=stage, **further)


def findings_on(
    rules: Iterable[StageRule],
    packages: Iterable[Package],
    subject: Callable[[Package], object],
    *,
    stage: str,
    target: str,
) -> Iterator[Finding]:
    """Yield the findings of `rules` on packages, of each rule one for a name in a file.

    `subject` makes of a package what the rules are asked of.
    """
    rules = tuple(rules)
    seen: set[tuple[str, ...]] = set()
    for package in packages:
        for rule, hit in ask(rules, subject(package)):
            key = (rule.description.id, package.path, package.ecosystem, package.name, package.stated_as or "")
            if key not in seen:
                seen.add(key)
                yield finding_on(rule, hit, stage=stage, target=target)

"""Whether a finding is worth stopping a change for: what its evidence says, beyond how bad it would be.

A stage says of a finding what it knows better (`Hit.worth`); all else is known by the same few facts.
"""

import re

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_documentation_path, is_test_path, is_vendored_path
from gate.model import Finding, InUse, Scope, Vulnerability, Worth

LIKELY = 0.01
"""EPSS from which exploitation counts as likely: one in 100 in the next 30 days (decision 0018 says why)."""

Weighed = tuple[Worth, tuple[str, ...]]
"""A worth, and what it is known by."""


def with_worth(finding: Finding) -> Finding:
    """Return a finding that states its worth; one whose stage has given evidence stays as it is."""
    if finding.worth_evidence:
        return finding
    worth, evidence = _weigh(finding)
    if (worth, evidence) == (finding.worth, finding.worth_evidence):
        return finding
    return msgspec.structs.replace(finding, worth=worth, worth_evidence=evidence)


def _weigh(finding: Finding) -> Weighed:
    if finding.secret is not None and finding.secret.verified:
        return Worth.HIGH, ("its service accepts it",)
    if finding.vulnerability is not None:
        return _of_vulnerability(finding, finding.vulnerability)
    path = finding.location.path or ""
    place = where_no_program_is(path) or _where_no_image_ships(path)
    if place:
        return Worth.LOW, (place,)
    return finding.worth, ()


def where_no_program_is(path: str) -> str:
    """Say of a path that what stands there is not this project's program; empty if nothing speaks for that."""
    if is_vendored_path(path):
        return "it stands in a copy of another project"
    return where_nothing_ships(path)


def where_nothing_ships(path: str) -> str:
    """Say of a path that what stands there is for a test or a reader; empty if nothing speaks for that."""
    if is_test_path(path):
        return "it stands in a test"
    if is_documentation_path(path) and not _is_page(path):
        return "it stands in documentation or an example"
    return ""


_FOR_DEVELOPERS = r"(?:ci|coverage|dev|devel|development|e2e|local|tests?|testing)"
_DEFINITION = r"(?:[\w-]+[._-])?(?:docker-?file|containerfile|(?:docker-)?compose)"
_OF_DEVELOPERS = lazy_regex(
    rf"(?:^|/)(?:\.devcontainer/|{_DEFINITION}[._-](?:[^/]*[._-])?{_FOR_DEVELOPERS}(?:[._-][^/]*)?\Z"
    rf"|(?:[^/]*[._-])?{_FOR_DEVELOPERS}(?:[._-][^/]*)?\.(?:dockerfile|containerfile)\Z)",
    re.IGNORECASE,
)
"""`Dockerfile.dev`, `docker-compose.local.yml`, `test.Dockerfile`: what runs on a developer's machine."""


def _where_no_image_ships(path: str) -> str:
    return "the image is for tests or development, by the file's name" if _OF_DEVELOPERS.search(path) else ""


def _is_page(path: str) -> bool:
    """True for a page outside of the folders for documentation: a program may serve it."""
    bare = path.lower().removesuffix(".html").removesuffix(".htm")
    return bare != path.lower() and not is_documentation_path(bare)


def _of_vulnerability(finding: Finding, known: Vulnerability) -> Weighed:
    if known.malicious:
        return Worth.HIGH, ("the package was published to do harm",)
    if known.known_exploited:
        return Worth.HIGH, ("attackers already use it",)
    place = "" if finding.location.layer else where_nothing_ships(finding.location.path or "")
    if place:
        return Worth.LOW, (place,)
    if finding.in_use is InUse.NO:
        return Worth.LOW, ("the package is not in use",)
    likely = _likelihood(known.epss)
    is_unlikely = known.epss is not None and known.epss < LIKELY
    if is_unlikely and finding.package is not None and finding.package.scope is Scope.DEVELOPMENT:
        return Worth.LOW, (likely, "only those who develop the project have the package")
    if finding.in_use is InUse.YES:
        is_likely = known.epss is not None and known.epss >= LIKELY
        return Worth.HIGH if is_likely else Worth.MEDIUM, ("the package is in use", likely)
    if is_unlikely:
        return Worth.LOW, (likely, "nothing shows that the package is in use")
    return Worth.MEDIUM, (likely,)


def _likelihood(epss: float | None) -> str:
    if epss is None:
        return "no estimate of how likely its exploitation is"
    return f"exploitation in the next 30 days is {'likely' if epss >= LIKELY else 'unlikely'} (EPSS {epss:.1%})"

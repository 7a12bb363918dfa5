"""What the advisories say of some packages, and how a package is raised to a version that mends."""

from collections.abc import Callable

import msgspec

from gate.model import Edit, Fact, Finding, Package, StageError

Edits = Callable[[Package, str], tuple[Edit, ...]]
"""Makes the edits that raise a package to a version; none where a program cannot do it safely."""


class Matches(msgspec.Struct, frozen=True, kw_only=True):
    """What the advisories say of some packages."""

    findings: tuple[Finding, ...] = ()
    """In the order of path, line, package and advisory."""
    errors: tuple[StageError, ...] = ()
    """What could not be judged: a missing or damaged source, an ecosystem or release that is unknown."""
    facts: dict[str, Fact] = {}
    not_judged: int = 0
    """Number of packages that were not looked up, because there are no advisories for them."""


def no_edits(_package: Package, _version: str) -> tuple[Edit, ...]:
    """Edit nothing; the default of `find_vulnerabilities`."""
    return ()

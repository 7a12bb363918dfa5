"""Packages that may not be the intended ones: names close to a popular one, internal names from elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

import msgspec

from gate.ecosystems import canonical_name
from gate.model import Confidence, Finding, Package, Severity
from gate.package_rules.lookalikes import lookalike
from gate.package_rules.rules import ON_PACKAGES, findings_on, hit_on
from gate.rules import Hit, RuleScope


class Internal(msgspec.Struct, frozen=True, kw_only=True):
    """The packages that an organisation publishes for itself."""

    names: Sequence[str] = ()
    """Patterns; `*` as wildcard."""
    registries: Sequence[str] = ()
    """Beginnings of the addresses that they come from."""

    def is_foreign(self, package: Package) -> bool:
        """True if `package` has an internal name and its lockfile says that it comes from elsewhere."""
        if package.registry is None or not any(_matches(pattern, package) for pattern in self.names):
            return False
        return not package.registry.startswith(tuple(self.registries))


def _matches(pattern: str, package: Package) -> bool:
    name = canonical_name(package.ecosystem, package.name)
    return fnmatchcase(name, pattern) or fnmatchcase(name, canonical_name(package.ecosystem, pattern))


class NamedPackage(msgspec.Struct, frozen=True):
    """What these rules are asked of: a package, and which packages are the organisation's own."""

    package: Package
    internal: Internal


NAMES = RuleScope(NamedPackage)
"""Each name of a package in a file, once."""


@ON_PACKAGES.rule(
    "GP001",
    Severity.MEDIUM,
    "Package name close to a popular one",
    looks_at=NAMES,
    why="Attackers register names one typo away from a popular package, so that people install them by mistake.",
    mend="If you meant the popular package, use that; otherwise waive the finding and state who reviewed the package.",
    references=("CWE-1357",),
    bad="requirements.txt: reqeusts==2.32.4",
    good="requirements.txt: requests==2.32.4",
)
def has_a_name_near_a_popular_one(named: NamedPackage) -> Iterator[Hit]:
    package = named.package
    near = lookalike(package.ecosystem, package.name)
    if near is None:
        return
    is_likely = package.direct is not False and near.slip != "other separators"
    yield hit_on(
        package,
        f"{package.name} is no popular package, and its name differs from {near.popular}'s little: {near.slip}. "
        "Names like this are registered to catch those who mistype the other.",
        title=f"{package.name}: nearly the name of {near.popular}",
        confidence=Confidence.MEDIUM if is_likely else Confidence.LOW,
        mend=f"Use {near.popular} if you meant it; otherwise waive the finding",
    )


@ON_PACKAGES.rule(
    "GP002",
    Severity.HIGH,
    "Internal package from another registry",
    looks_at=NAMES,
    why="Anyone who registers an organisation's internal name in a public registry decides what its builds install.",
    mend="Restrict the name (or its scope) to the internal registry, and lock the package again.",
    references=("CWE-427",),
    bad="package-lock.json: @acme/ui resolved from a public registry (internal_packages has @acme/*)",
    good="package-lock.json: @acme/ui resolved from one of internal_registries",
)
def comes_from_another_registry(named: NamedPackage) -> Iterator[Hit]:
    package = named.package
    if not named.internal.is_foreign(package):
        return
    yield hit_on(
        package,
        f"{package.name} has the name of an internal package, and its lockfile takes it from {package.registry}. "
        "Anyone who registers an internal name in public decides what the build installs.",
        title=f"{package.name}: an internal name from another registry",
        confidence=Confidence.MEDIUM,
        mend=f"Bind {package.name} to the internal registry and lock it again",
    )


RULES = (has_a_name_near_a_popular_one, comes_from_another_registry)


def confused(packages: Iterable[Package], internal: Internal, *, stage: str, target: str) -> Iterator[Finding]:
    """Return a finding for each package with a doubtful name, one for a name in a file."""
    return findings_on(RULES, packages, lambda package: NamedPackage(package, internal), stage=stage, target=target)

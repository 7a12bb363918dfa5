"""Packages that may be others than whoever asks for them thinks: near names, and internal names from elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

import msgspec

from gate.advisories.about import finding_about
from gate.advisories.lookalikes import Lookalike, lookalike
from gate.advisories.names import canonical_name
from gate.model import Confidence, Finding, Fix, Package, Severity

LOOKALIKE = "GP001"
FOREIGN = "GP002"


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


def confused(packages: Iterable[Package], internal: Internal, *, stage: str, target: str) -> Iterator[Finding]:
    """Yield a finding for each package with a doubtful name, once a name and file."""
    seen: set[tuple[str, str, str]] = set()
    for package in packages:
        key = (package.path, package.ecosystem, package.name)
        if key not in seen:
            seen.add(key)
            near = lookalike(package.ecosystem, package.name)
            if near is not None:
                yield _lookalike(package, near, stage, target)
            if internal.is_foreign(package):
                yield _foreign(package, stage, target)


def _lookalike(package: Package, near: Lookalike, stage: str, target: str) -> Finding:
    is_likely = package.direct is not False and near.slip != "other separators"
    return finding_about(
        package,
        LOOKALIKE,
        stage=stage,
        target=target,
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM if is_likely else Confidence.LOW,
        title=f"{package.name}: nearly the name of {near.popular}",
        message=(
            f"{package.name} is no popular package, and its name differs from {near.popular}'s little: {near.slip}. "
            "Names like this are registered to catch those who mistype the other."
        ),
        fix=Fix(description=f"Ask for {near.popular} if that was meant; else waive the finding"),
    )


def _foreign(package: Package, stage: str, target: str) -> Finding:
    return finding_about(
        package,
        FOREIGN,
        stage=stage,
        target=target,
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        title=f"{package.name}: an internal name from another registry",
        message=(
            f"{package.name} has the name of an internal package, and its lockfile takes it from {package.registry}. "
            "Whoever registers an internal name in public decides what the build installs."
        ),
        fix=Fix(description=f"Bind {package.name} to the internal registry and lock it anew"),
    )

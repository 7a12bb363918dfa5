"""Which of OSV's ecosystems have advisories on a package: releases of a distribution have several names."""

from collections.abc import Iterable

from gate.ecosystems import BY_COMMIT, all_ecosystems, base_of, find
from gate.model import Package


def is_judged(base: str) -> bool:
    """True if packages of the ecosystem `base` can be judged: its versions compare, or it is known by commit."""
    known = find(base)
    return known is not None and (known.version_order is not None or base in BY_COMMIT)


def advised_as(package: Package) -> tuple[str, str]:
    """Return the ecosystem and the name under which advisories speak of a package: as a rule its own."""
    known = find(package.ecosystem)
    elsewhere = known.judged_as(package.name) if known and known.judged_as else None
    return elsewhere or (package.ecosystem, package.name)


def all_judged() -> list[str]:
    """Return the names of all ecosystems whose packages can be judged."""
    return sorted(known.name for known in all_ecosystems() if is_judged(known.name))


def lacks_advisories(base: str) -> bool:
    """True for an ecosystem that lockfiles and images know and OSV does not."""
    known = find(base)
    return known is not None and not known.has_advisories


def is_in_every_source(base: str) -> bool:
    """False for an ecosystem that a source of advisories may do without."""
    known = find(base)
    return known is None or known.is_in_every_source


def bases_of(used: Iterable[str]) -> list[str]:
    """Return the ecosystems whose advisories are about packages of the ecosystems `used`, which have no release."""
    bases = {base for base in used if is_judged(base)}
    return sorted(bases | set(BY_COMMIT)) if bases & set(BY_COMMIT) else sorted(bases)


class Releases:
    """The ecosystems that an index has advisories for."""

    def __init__(self, ecosystems: Iterable[str]) -> None:
        self._by_release: dict[str, list[str]] = {}
        for ecosystem in sorted(ecosystems):
            self._by_release.setdefault(_comparable(ecosystem), []).append(ecosystem)

    def about(self, ecosystem: str, version: str) -> tuple[str, ...]:
        """Return those whose advisories are about `version` of a package of `ecosystem`; none if it is unknown."""
        own = self._by_release.get(_comparable(ecosystem), [])
        return (*own, *self._extended(ecosystem, version))

    def _extended(self, ecosystem: str, version: str) -> list[str]:
        known = find(ecosystem)
        if known is None or known.distribution is None:
            return []
        base, _, release = ecosystem.partition(":")
        extended = known.distribution.extended_release(release, version)
        return self._by_release.get(f"{base}:{extended}", []) if extended else []


def _comparable(ecosystem: str) -> str:
    """Return the one name that stands for all names of a release."""
    base = base_of(ecosystem)
    release = ecosystem.removeprefix(base).removeprefix(":")
    known = find(base)
    distribution = known.distribution if known else None
    return f"{base}:{distribution.comparable_release(release) if distribution else release}"

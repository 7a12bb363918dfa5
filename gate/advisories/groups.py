"""Advisories that are about one vulnerability, joined by their aliases, and which of them decides."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.advisories.osv import Advisory
from gate.advisories.ranges import fixes, is_affected
from gate.advisories.versions import sort_key
from gate.ecosystems import find

_MALICIOUS = ("MAL-",)


class VulnerabilityGroup(msgspec.Struct, frozen=True, kw_only=True):
    """One vulnerability of one package."""

    base: str
    advisories: tuple[Advisory, ...]
    """The most trusted first."""

    @property
    def deciding(self) -> tuple[Advisory, ...]:
        """Return the advisories that decide on versions: the most trusted kind that names versions at all."""
        judgeable = [advisory for advisory in self.advisories if advisory.is_judgeable]
        return tuple(each for each in judgeable if _rank(self.base, each) == _rank(self.base, judgeable[0]))

    def affecting(self, version: str) -> list[Advisory]:
        """Return those of the deciding advisories that affect `version`."""
        return [advisory for advisory in self.deciding if is_affected(self.base, advisory, version)]

    def is_overruled(self, version: str) -> bool:
        """True if the deciding advisories clear `version` and another does not."""
        return not self.affecting(version) and any(
            is_affected(self.base, advisory, version) for advisory in self.advisories
        )

    @property
    def names(self) -> set[str]:
        """Every id and alias, and the vulnerabilities that a distribution's advisories are about."""
        return {name for advisory in self.advisories for name in (advisory.id, *advisory.aliases, *advisory.upstream)}

    @property
    def related_cves(self) -> set[str]:
        """The CVEs that its advisories are related to, where none of them has one of its own."""
        if any(name.startswith("CVE-") for name in self.names):
            return set()
        return {name for advisory in self.advisories for name in advisory.related_cves}

    @property
    def bundled(self) -> set[str]:
        """The vulnerabilities of an advisory that is about several, else nothing."""
        return {name for advisory in self.advisories if len(advisory.upstream) > 1 for name in advisory.upstream}


def _rank(base: str, advisory: Advisory) -> int:
    if advisory.id.startswith(_MALICIOUS):
        return 0
    known = find(base)
    if known and advisory.id.startswith(known.advisory_ids):
        return 1
    return 2 if advisory.id.startswith("GHSA-") else 3


def join_aliases(base: str, advisories: Iterable[Advisory]) -> list[VulnerabilityGroup]:
    """Join the advisories of one package: two that share an id or alias are about one vulnerability.

    A distribution's advisory on a single upstream vulnerability is joined by that too; one that bundles several
    stands for itself.
    """
    ordered = sorted(advisories, key=lambda advisory: (_rank(base, advisory), advisory.id))
    leader: dict[str, str] = {}
    for advisory in ordered:
        first = _find(leader, advisory.id)
        for name in _joining_names(advisory):
            leader[_find(leader, name)] = first
    members: dict[str, list[Advisory]] = {}
    for advisory in ordered:
        members.setdefault(_find(leader, advisory.id), []).append(advisory)
    return [VulnerabilityGroup(base=base, advisories=tuple(group)) for group in members.values()]


def _joining_names(advisory: Advisory) -> Iterator[str]:
    yield from advisory.aliases
    if len(advisory.upstream) == 1:
        yield from advisory.upstream


def _find(leader: dict[str, str], name: str) -> str:
    """Return the leader of a name's set, halving the way to it."""
    leader.setdefault(name, name)
    while leader[name] != name:
        leader[name] = leader[leader[name]]
        name = leader[name]
    return name


class AffectedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A vulnerability that affects a version."""

    group: VulnerabilityGroup
    affecting: tuple[Advisory, ...]
    """The deciding advisories that say so, the most trusted first."""
    fixed_versions: tuple[str, ...]
    """Versions above it that mend the vulnerability, the smallest first."""

    @property
    def is_malicious(self) -> bool:
        return any(advisory.is_malicious for advisory in self.affecting)


def hits(groups: list[VulnerabilityGroup], version: str) -> list[AffectedVersion]:
    """Return those of `groups` that affect `version`."""
    found = (_hit(group, version) for group in groups)
    return _without_covered_bundles([hit for hit in found if hit is not None])


def _hit(group: VulnerabilityGroup, version: str) -> AffectedVersion | None:
    affecting = tuple(group.affecting(version))
    if not affecting:
        return None
    fixed = () if any(advisory.is_malicious for advisory in affecting) else _fixed_versions(group, affecting, version)
    return AffectedVersion(group=group, affecting=affecting, fixed_versions=fixed)


def _fixed_versions(group: VulnerabilityGroup, affecting: tuple[Advisory, ...], version: str) -> tuple[str, ...]:
    """Return what the deciding advisories name as fixed; if they name nothing, what the others do."""
    installed = sort_key(group.base, version)
    for advisories in (affecting, group.advisories):
        candidates = {fix for advisory in advisories for fix in fixes(advisory)}
        above = [fix for fix in candidates if sort_key(group.base, fix) > installed and not group.affecting(fix)]
        if above:
            return tuple(sorted(above, key=lambda fix: (sort_key(group.base, fix), fix)))
    return ()


def _without_covered_bundles(found: list[AffectedVersion]) -> list[AffectedVersion]:
    """Leave out bundles whose vulnerabilities all have a hit of their own, with a fix there if the bundle has one."""
    single = [hit for hit in found if not hit.group.bundled]
    covered = {name for hit in single for name in hit.group.names}
    mended = {name for hit in single if hit.fixed_versions for name in hit.group.names}
    return [
        hit
        for hit in found
        if not (hit.group.bundled and hit.group.bundled <= (mended if hit.fixed_versions else covered))
    ]

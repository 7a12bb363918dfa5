"""Which vulnerabilities affect which packages: the indexes are asked, each version of a package is judged once."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from gate.advisories.ecosystems import Releases, advised_as
from gate.advisories.groups import AffectedVersion, VulnerabilityGroup, hits, join_aliases
from gate.advisories.index import Index
from gate.advisories.modules import Stream, concerns, has_streams, stream_of
from gate.advisories.remedy import least_affected, smallest_safe
from gate.ecosystems import base_of, canonical_name, described
from gate.model import Fact, Package, StageError


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A vulnerability that affects a package."""

    package: Package
    hit: AffectedVersion
    safe_version: str | None
    """Smallest version above the package's that no advisory on it affects."""
    best_version: str | None = None
    """Where there is no such version: the smallest one that fewest of the package's vulnerabilities affect, if it fixes
    this one."""
    links: tuple[str, ...] = ()
    """Addresses of pages about the advisory."""

    @property
    def id(self) -> str:
        """Id of the advisory that the finding is named by."""
        return self.hit.affecting[0].id

    @property
    def names(self) -> set[str]:
        """All ids and aliases."""
        return self.hit.group.names

    @property
    def related_cves(self) -> set[str]:
        """What exploitation is asked of, where no id or alias is a CVE."""
        return self.hit.group.related_cves

    @property
    def summary(self) -> str:
        return next((advisory.summary for advisory in self.hit.group.advisories if advisory.summary), self.id)


class Matcher:
    """Matches packages with the advisories of some indexes, which are named by ecosystem without release."""

    def __init__(self, indexes: dict[str, Index]) -> None:
        self._indexes = indexes
        self._releases = {base: Releases(index.totals.releases) for base, index in indexes.items()}
        self._groups: dict[tuple[tuple[str, ...], str, Stream], list[VulnerabilityGroup]] = {}
        self._verdicts: dict[
            tuple[tuple[str, ...], str, Stream, str], tuple[list[AffectedVersion], str | None, str | None]
        ] = {}
        self._unknown: Counter[str] = Counter()
        self._overruled = 0
        self._commit_ranges = 0

    def cases(self, packages: Iterable[Package]) -> Iterator[Case]:
        """Yield what affects `packages`; those of ecosystems without an index are left out."""
        for package in packages:
            ecosystem, _ = advised_as(package)
            base = base_of(ecosystem)
            if base not in self._indexes:
                continue
            ecosystems = self._releases[base].about(ecosystem, package.version)
            if ecosystems:
                yield from self._cases_of(package, ecosystems)
            else:
                self._unknown[ecosystem] += 1

    def errors(self) -> Iterator[StageError]:
        """Yield an error for each release that the advisories know nothing of."""
        for ecosystem, count in sorted(self._unknown.items()):
            file = f"{base_of(ecosystem)}/all.zip"
            yield StageError(
                title=f"the advisories say nothing about {ecosystem}",
                message=f"{count:,} packages were not judged; use a source whose {file} covers it",
                path=file,
            )

    @property
    def unknown(self) -> frozenset[str]:
        """Releases that the advisories know nothing of (`Debian:99`)."""
        return frozenset(self._unknown)

    def facts(self) -> dict[str, Fact]:
        """Return counts of advisories that led to no finding."""
        return {"advisories_overruled": self._overruled, "commit_ranges_not_compared": self._commit_ranges}

    def _cases_of(self, package: Package, ecosystems: tuple[str, ...]) -> Iterator[Case]:
        ecosystem, name = advised_as(package)
        version = described(ecosystem).advised_version(package.version)
        key = (ecosystems, canonical_name(ecosystem, name), stream_of(package), version)
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(self._groups_of(*key[:3]), version)
        found, safe_version, best = self._verdicts[key]
        for hit in found:
            links = self._indexes[base_of(ecosystem)].links(hit.affecting[0].id)
            fixes = best if best is not None and not hit.group.affecting(best) else None
            yield Case(package=package, hit=hit, safe_version=safe_version, best_version=fixes, links=links)

    def _groups_of(self, ecosystems: tuple[str, ...], name: str, stream: Stream) -> list[VulnerabilityGroup]:
        key = (ecosystems, name, stream)
        if key not in self._groups:
            base = base_of(ecosystems[0])
            index = self._indexes[base]
            listed = (advisory for ecosystem in ecosystems for advisory in index.advisories(ecosystem, name))
            advisories = [each for each in dict.fromkeys(listed) if not has_streams(base) or concerns(each, stream)]
            self._commit_ranges += sum(advisory.git_ranges for advisory in advisories)
            self._groups[key] = join_aliases(base, advisories)
        return self._groups[key]

    def _judge(
        self, groups: list[VulnerabilityGroup], version: str
    ) -> tuple[list[AffectedVersion], str | None, str | None]:
        """Return what affects `version`, the smallest version above it that none affects, and else the best one."""
        found = hits(groups, version)
        self._overruled += sum(group.is_overruled(version) for group in groups)
        safe = smallest_safe(found, groups, version)
        return found, safe, least_affected(groups, version) if safe is None and found else None

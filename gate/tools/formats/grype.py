"""Grype's JSON: vulnerabilities of packages."""

from collections.abc import Iterator

import msgspec

from gate.tools.report import Affected, Reported, severity_of


class _Fix(msgspec.Struct):
    versions: list[str] = []


class _Vulnerability(msgspec.Struct, rename="camel"):
    id: str
    severity: str = ""
    data_source: str | None = None
    fix: _Fix = msgspec.field(default_factory=_Fix)


class _Related(msgspec.Struct):
    id: str


class _Place(msgspec.Struct):
    path: str


class _Artifact(msgspec.Struct):
    name: str
    version: str
    type: str = ""
    locations: list[_Place] = []


class _Match(msgspec.Struct, rename="camel"):
    vulnerability: _Vulnerability
    artifact: _Artifact
    related_vulnerabilities: list[_Related] = []


class _Document(msgspec.Struct):
    matches: list[_Match]


def read(content: bytes) -> Iterator[Reported]:
    """Yield one problem a match."""
    for match in msgspec.json.decode(content, type=_Document).matches:
        known, package = match.vulnerability, match.artifact
        yield Reported(
            rule=known.id,
            title=f"{package.name} {package.version}: {known.id}",
            severity=severity_of(known.severity),
            path=package.locations[0].path if package.locations else None,
            help_uri=known.data_source,
            affected=Affected(
                name=package.name,
                version=package.version,
                ecosystem=package.type,
                ids=(known.id, *(one.id for one in match.related_vulnerabilities)),
                fixed_versions=tuple(known.fix.versions),
            ),
        )

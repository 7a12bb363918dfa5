"""From what a program reports to findings."""

import os
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from gate.model import Finding, Location, Package, Secret, Vulnerability, fingerprint
from gate.text import clipped
from gate.tools.reported import Affected, Reported

STAGE = "tools"


def findings_of(tool: str, reported: Iterable[Reported], target: str, folder: str) -> Iterator[Finding]:
    """Yield a finding for each problem; a path inside `folder` becomes relative to it, and one outside is left out."""
    for one in reported:
        path = _relative(one.path, folder)
        yield Finding(
            stage=STAGE,
            rule=f"{tool}:{one.rule}",
            severity=one.severity,
            title=clipped(one.title),
            message=f"{tool} reports it",
            fingerprint=fingerprint(STAGE, f"{tool}:{one.rule}", path, *_evidence(one)),
            location=Location(target=target, path=path, line=one.line if path else None),
            help_uri=one.help_uri,
            secret=_secret(one),
            package=_package(one.affected, path) if one.affected else None,
            vulnerability=_vulnerability(one.affected) if one.affected else None,
        )


def _relative(path: str | None, folder: str) -> str | None:
    if path is None:
        return None
    inside = os.path.relpath(os.path.join(folder, path), folder).replace(os.sep, "/")
    return None if inside == ".." or inside.startswith("../") else inside


def _evidence(one: Reported) -> tuple[str, ...]:
    return (one.affected.name, one.affected.version) if one.affected else (one.title,)


def _secret(one: Reported) -> Secret | None:
    return Secret(type=one.title, hash="", redacted="…") if one.is_secret else None


def _package(affected: Affected, path: str | None) -> Package:
    kind = affected.ecosystem.lower() or "generic"
    purl = f"pkg:{quote(kind, safe='')}/{quote(affected.name)}@{quote(affected.version, safe='')}"
    return Package(
        name=affected.name,
        version=affected.version,
        ecosystem=affected.ecosystem,
        purl=purl,
        path=path or "",
    )


def _vulnerability(affected: Affected) -> Vulnerability:
    first, *others = affected.ids
    return Vulnerability(id=first, aliases=tuple(others), fixed_versions=affected.fixed_versions)

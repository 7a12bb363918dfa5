"""From what a program reports to findings, and to errors for what it could not look at."""

import os
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from gate.core.text import clipped
from gate.declarations.tools import TOOLS
from gate.model import Finding, Location, Package, Secret, StageError, Vulnerability, fingerprint
from gate.tools.report import Affected, NotLookedAt, Reported

STAGE = TOOLS.name
MOST_ERRORS = 100
"""Errors of one program that are told; one more counts the others."""
_MOST_LINES = 1 << 31
"""No file has so many lines, and larger numbers do not fit into a report."""


def findings_of(tool: str, reported: Iterable[Reported], target: str, folder: str) -> Iterator[Finding]:
    """Yield a finding for each problem; a path inside `folder` becomes relative to it, and one outside is left out."""
    for one in reported:
        path = _relative(one.path, folder)
        yield Finding(
            stage=STAGE,
            rule=f"{tool}:{one.rule}",
            severity=one.severity,
            confidence=one.confidence,
            title=clipped(one.title),
            message=f"{tool} reports it{'' if one.is_valid is None else '; ' + answer(tool, one.is_valid)}",
            fingerprint=fingerprint(STAGE, f"{tool}:{one.rule}", path, *_evidence(one)),
            location=Location(target=target, path=path, line=_line(one.line) if path else None),
            help_uri=one.help_uri,
            secret=_secret(one),
            package=_package(one.affected, path) if one.affected else None,
            vulnerability=_vulnerability(one.affected) if one.affected else None,
        )


def errors_of(tool: str, unread: Iterable[NotLookedAt], folder: str) -> Iterator[StageError]:
    """Yield an error for each thing that a program could not look at, and takes for no usual matter."""
    told = list(dict.fromkeys(_what(one, folder) for one in unread if not one.is_partial))
    for path, package in told[:MOST_ERRORS]:
        what = package or ("it" if path else "everything")
        yield StageError(title=f"{tool} could not look at {what}", message="Its own report says so", path=path)
    if len(told) > MOST_ERRORS:
        yield StageError(title=f"{tool} could not look at {len(told) - MOST_ERRORS:,} more", message="")


def partly_read(tool: str, unread: Iterable[NotLookedAt], folder: str) -> list[str]:
    """Return the names of what a program left out, or looked at in part, as it does everywhere."""
    left = dict.fromkeys(_what(one, folder) for one in unread if one.is_partial)
    return [clipped(f"{tool}: {package or path or 'something'}") for path, package in left][:MOST_ERRORS]


def answer(tool: str, is_valid: bool) -> str:
    """Return in words what the service of a secret said to the program that asked it."""
    return f"its service, asked by {tool}, {'accepts' if is_valid else 'refuses'} it"


def _line(told: int | None) -> int | None:
    """Return a line's number; None for one that no file has."""
    return told if told is not None and 0 < told < _MOST_LINES else None


def _what(one: NotLookedAt, folder: str) -> tuple[str | None, str]:
    return _relative(one.path, folder), clipped(one.package)


def _relative(path: str | None, folder: str) -> str | None:
    if path is None:
        return None
    inside = os.path.relpath(os.path.join(folder, path), folder).replace(os.sep, "/")
    return None if inside == ".." or inside.startswith("../") else inside


def _evidence(one: Reported) -> tuple[str, ...]:
    return (one.affected.name, one.affected.version) if one.affected else (one.title,)


def _secret(one: Reported) -> Secret | None:
    return Secret(type=one.title, hash="", redacted="…", verified=one.is_valid) if one.is_secret else None


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

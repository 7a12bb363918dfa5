"""Findings made of what a tool reports, and errors for what it could not look at."""

import os
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import msgspec

from gate.core.text import clipped
from gate.declarations.tools import TOOLS
from gate.model import Finding, Location, Package, Secret, StageError, Vulnerability, fingerprint
from gate.tools.report import Affected, NotLookedAt, Reported

STAGE = TOOLS.name
MOST_ERRORS = 100
"""Errors of one tool that are listed; a further one counts the rest."""
_MOST_LINES = 1 << 31
"""No file has so many lines, and larger numbers do not fit into a report."""


def findings_of(tool: str, reported: Iterable[Reported], target: str, folder: str) -> Iterator[Finding]:
    """Yield a finding for each problem.

    A path inside `folder` becomes relative to it; of a path outside the finding has none.
    """
    for one in reported:
        yield _finding(tool, one, Location(target=target, path=_relative(one.path, folder)))


def _finding(tool: str, one: Reported, target: Location) -> Finding:
    path = target.path
    line = _line(one.line) if path else None
    return Finding(
        stage=STAGE,
        rule=f"{tool}:{one.rule}",
        severity=one.severity,
        confidence=one.confidence,
        title=clipped(one.title),
        message=_message(tool, one.is_valid),
        fingerprint=fingerprint(STAGE, f"{tool}:{one.rule}", path, *_evidence(one)),
        location=msgspec.structs.replace(target, line=line),
        help_uri=one.help_uri,
        secret=_secret(one),
        package=_package(one.affected, path),
        vulnerability=_vulnerability(one.affected),
    )


def _message(tool: str, is_valid: bool | None) -> str:
    if is_valid is None:
        return f"{tool} reports it"
    return f"{tool} reports it; {answer(tool, is_valid)}"


def errors_of(tool: str, unread: Iterable[NotLookedAt], folder: str) -> Iterator[StageError]:
    """Yield an error for each thing that a tool could not look at, without those that it leaves out everywhere."""
    missed = list(dict.fromkeys(_what(one, folder) for one in unread if not one.is_partial))
    for path, package in missed[:MOST_ERRORS]:
        what = package or ("it" if path else "everything")
        yield StageError(title=f"{tool} could not look at {what}", message="Its own report says so", path=path)
    if len(missed) > MOST_ERRORS:
        yield StageError(title=f"{tool} could not look at {len(missed) - MOST_ERRORS:,} more", message="")


def partly_read(tool: str, unread: Iterable[NotLookedAt], folder: str) -> list[str]:
    """Return the names of what a tool left out or read in part, and takes for normal (`NotLookedAt.is_partial`)."""
    left = dict.fromkeys(_what(one, folder) for one in unread if one.is_partial)
    return [clipped(f"{tool}: {package or path or 'something'}") for path, package in left][:MOST_ERRORS]


def answer(tool: str, is_valid: bool) -> str:
    """Return a text for what a secret's service answered to the tool."""
    return f"its service, asked by {tool}, {'accepts' if is_valid else 'refuses'} it"


def _line(reported: int | None) -> int | None:
    """Return a line's number; None for a number that no file has."""
    return reported if reported is not None and 0 < reported < _MOST_LINES else None


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


def _package(affected: Affected | None, path: str | None) -> Package | None:
    if affected is None:
        return None
    kind = affected.ecosystem.lower() or "generic"
    purl = f"pkg:{quote(kind, safe='')}/{quote(affected.name)}@{quote(affected.version, safe='')}"
    return Package(
        name=affected.name,
        version=affected.version,
        ecosystem=affected.ecosystem,
        purl=purl,
        path=path or "",
    )


def _vulnerability(affected: Affected | None) -> Vulnerability | None:
    if affected is None:
        return None
    first, *others = affected.ids
    return Vulnerability(id=first, aliases=tuple(others), fixed_versions=affected.fixed_versions)

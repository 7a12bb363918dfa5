"""What to do about a vulnerable package: the version to raise it to, and the command that does it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from shlex import quote

from gate.advisories.groups import AffectedVersion, VulnerabilityGroup
from gate.advisories.ranges import fixes
from gate.advisories.versions import sort_key
from gate.ecosystems import BY_COMMIT, all_ecosystems, described
from gate.ecosystems.version_orders import SortKey
from gate.model import Package

_PRE_RELEASE = re.compile(
    r"[0-9][._-]?(?:(?:alpha|beta|canary|dev|milestone|next|pre|preview|rc|snapshot)|[abcm](?=[0-9]))", re.IGNORECASE
)


def smallest_safe(found: Iterable[AffectedVersion], groups: Iterable[VulnerabilityGroup], version: str) -> str | None:
    """Return the smallest version above `version` that none of the package's vulnerabilities affects.

    Pre-releases are left out, unless `version` is one or there is nothing else. None if no such version is known.
    """
    known = list(groups)
    if not all(hit.fixed_versions for hit in found):
        return None
    safe = (fix for fix in _fixes_above(known, version) if not _is_affected(fix, known))
    if _is_pre_release(version):
        return next(safe, None)
    first = next(safe, None)
    if first is None or not _is_pre_release(first):
        return first
    return next((fix for fix in safe if not _is_pre_release(fix)), first)


def least_affected(groups: Iterable[VulnerabilityGroup], version: str) -> str | None:
    """Return the smallest version above `version` that fewest of the package's vulnerabilities affect; None: no fix.

    So all that one raise can fix has one version to raise to. Pre-releases are taken if there is nothing else.
    """
    known = list(groups)
    above = _fixes_above(known, version)
    released = [fix for fix in above if not _is_pre_release(fix)] or above
    return min(released, key=lambda fix: sum(bool(group.affecting(fix)) for group in known), default=None)


def _is_affected(version: str, groups: Iterable[VulnerabilityGroup]) -> bool:
    return any(group.affecting(version) for group in groups)


def _fixes_above(groups: Iterable[VulnerabilityGroup], version: str) -> list[str]:
    """Return the versions above `version` in which any vulnerability of the package ends, the smallest first."""
    keys: dict[str, SortKey] = {}
    for group in groups:
        for advisory in group.advisories:
            keys |= {fix: sort_key(group.base, fix) for fix in fixes(advisory)}
        installed = sort_key(group.base, version)
    return sorted((fix for fix in keys if keys[fix] > installed), key=lambda fix: (keys[fix], fix))


def _is_pre_release(version: str) -> bool:
    return _PRE_RELEASE.search(version) is not None


def command(package: Package, version: str) -> str | None:
    """Return what to type to raise `package` to `version`, for the package manager that wrote its file.

    Names and versions come from outside: they are quoted for the shell. None where there is no such command.
    """
    parts = {
        "last": package.name.rpartition("/")[2],
        "name": package.name,
        "version": version,
    }
    words = (_words(word, package, parts) for word in _template(package).split())
    return " ".join(quote(word) for several in words for word in several) or None


def _words(word: str, package: Package, parts: Mapping[str, str]) -> Sequence[str]:
    """Return a word of a template with its blanks filled in; the packages that were built of one source are several."""
    if word != "{binary}":
        return (word.format_map(parts),)
    built = [binary.name for binary in package.binaries]
    return sorted(set(built)) or (package.installed_as or package.name,)


def _template(package: Package) -> str:
    own = described(package.ecosystem).update
    named = own.by_package.get(package.name)
    return named or own.installed or _of_file(package)[package.direct is False]


def _of_file(package: Package) -> tuple[str, str]:
    # A commit stands in the lockfiles of other ecosystems, whose package managers raise it.
    writers = all_ecosystems() if package.ecosystem in BY_COMMIT else (described(package.ecosystem),)
    file = PurePosixPath(package.path).name
    found = (ecosystem.update.by_file[file] for ecosystem in writers if file in ecosystem.update.by_file)
    return next(found, ("", ""))


def brought_by(package: Package) -> str | None:
    """Return the direct dependency that brings in `package`; None if it is direct or this is unknown."""
    return package.via[0] if package.via and package.direct is not True else None

"""What to do about a vulnerable package: the version to raise it to, and the command that does it."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from shlex import quote

from gate.advisories.groups import AffectedVersion, VulnerabilityGroup
from gate.advisories.ranges import fixes
from gate.advisories.versions import SortKey, base_of, sort_key
from gate.model import Package

_PRE_RELEASE = re.compile(
    r"[0-9][._-]?(?:(?:alpha|beta|canary|dev|milestone|next|pre|preview|rc|snapshot)|[abcm](?=[0-9]))", re.IGNORECASE
)

_COMMANDS = {
    "Cargo.lock": ("cargo update {name} --precise {version}",) * 2,
    "Gemfile.lock": ("bundle update --conservative {name}",) * 2,
    "Package.resolved": ("swift package update {last}",) * 2,
    "Pipfile.lock": ("pipenv upgrade {name}=={version}", "pipenv update {name}"),
    "buildscript-gradle.lockfile": ("gradle dependencies --update-locks {name}",) * 2,
    "bun.lock": ("bun add {name}@{version}", "bun update {name}"),
    "composer.lock": ("composer require {name}:^{version}", "composer update {name} --with-dependencies"),
    "deno.lock": ("deno add npm:{name}@{version}", "deno outdated --update --latest"),
    "gems.locked": ("bundle update --conservative {name}",) * 2,
    "go.mod": ("go get {name}@{version}",) * 2,
    "gradle.lockfile": ("gradle dependencies --update-locks {name}",) * 2,
    "mix.lock": ("mix deps.update {name}",) * 2,
    "npm-shrinkwrap.json": ("npm install {name}@{version}", "npm update {name}"),
    "package-lock.json": ("npm install {name}@{version}", "npm update {name}"),
    "packages.lock.json": ("dotnet add package {name} --version {version}",) * 2,
    "pdm.lock": ("pdm add {name}>={version}", "pdm update {name}"),
    "pnpm-lock.yaml": ("pnpm add {name}@{version}", "pnpm update {name} --depth Infinity"),
    "poetry.lock": ("poetry add {name}>={version}", "poetry update {name}"),
    "pom.xml": ("mvn versions:use-dep-version -Dincludes={name} -DdepVersion={version}", ""),
    "pubspec.lock": ("dart pub add {name}:^{version}", "dart pub upgrade {name}"),
    "rebar.lock": ("rebar3 upgrade {name}",) * 2,
    "uv.lock": ("uv add {name}>={version}", "uv lock --upgrade-package {name}"),
    "yarn.lock": ("yarn add {name}@{version}", "yarn up --recursive {name}"),
}
"""Name of a lockfile to the commands that raise what the project asks for itself, and what others bring in."""
_APT, _DNF, _APK = "apt-get install --only-upgrade {binary}", "dnf upgrade {binary}", "apk upgrade {binary}"
_SYSTEM_COMMANDS = {
    "AlmaLinux": _DNF,
    "Alpine": _APK,
    "Chainguard": _APK,
    "Debian": _APT,
    "Photon OS": "tdnf update {binary}",
    "Red Hat": _DNF,
    "Rocky Linux": _DNF,
    "SUSE": "zypper update {binary}",
    "Ubuntu": _APT,
    "Wolfi": _APK,
    "openSUSE": "zypper update {binary}",
}
"""Distribution to the command that raises an installed package."""


def smallest_safe(found: Iterable[AffectedVersion], groups: Iterable[VulnerabilityGroup], version: str) -> str | None:
    """Return the smallest version above `version` that none of the package's vulnerabilities affects.

    Pre-releases are left out, unless `version` is one or there is nothing else. None if no such version is known.
    """
    known = list(groups)
    if not all(hit.fixed_versions for hit in found):
        return None
    safe = (fix for fix in _fixes_above(known, version) if not any(group.affecting(fix) for group in known))
    if _is_pre_release(version):
        return next(safe, None)
    first = next(safe, None)
    if first is None or not _is_pre_release(first):
        return first
    return next((fix for fix in safe if not _is_pre_release(fix)), first)


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
    system = _SYSTEM_COMMANDS.get(base_of(package.ecosystem))
    commands = _COMMANDS.get(PurePosixPath(package.path).name, ("", ""))
    template = system or commands[package.direct is False]
    if package.ecosystem == "Go" and package.name == "stdlib":
        template = "go get go@{version}"
    parts = {
        "binary": package.installed_as or package.name,
        "last": package.name.rpartition("/")[2],
        "name": package.name,
        "version": version,
    }
    return " ".join(quote(word.format_map(parts)) for word in template.split()) or None


def brought_by(package: Package) -> str | None:
    """Return the direct dependency that brings in `package`; None if it is direct, or nobody knows."""
    return package.via[0] if package.via and package.direct is not True else None

"""Gradle's lockfiles (Gradle User Manual, "Locking Versions"): lines of `group:artifact:version=configuration,…`."""

import re
from collections.abc import Iterator

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, read_written, unparsable
from gate.model import Scope
from gate.trees import FileTree

_NAMES = r"[^\s,]+(?:\s*,\s*[^\s,]+)*"
_LINE = re.compile(rf"(?P<group>[^:=\s]+):(?P<name>[^:=\s]+):(?P<version>[^:=\s]+)(?:\s*=\s*(?P<used>{_NAMES}))?")
_EMPTY = re.compile(r"empty\s*=")
"""The line that lists the configurations without a package."""
_OF_THE_BUILD = ("buildscript-gradle.lockfile", "settings-gradle.lockfile")
"""Lockfiles of the plugins of a build and of its settings."""
_FOR_DEVELOPMENT = re.compile(
    r"test|annotationprocessor|kapt|ksp|lint|checkstyle|pmd|spotbugs|detekt|jacoco|ktlint|spotless|errorprone|asciidoc"
)


def read(tree: FileTree, path: str) -> Locked:
    """Read a lockfile of Gradle. It does not say what is direct."""
    return locked(LockfilePlace("Maven", path), _entries(read_written(tree, path), path))


def _entries(text: str, path: str) -> Iterator[LockEntry]:
    for number, row in enumerate(text.split("\n"), 1):
        said = row.strip()
        if not said or said.startswith("#") or _EMPTY.match(said):
            continue
        found = _LINE.fullmatch(said)
        if found is None:
            raise unparsable(path, "a line is group:artifact:version=configurations", number)
        name = f"{found['group']}:{found['name']}"
        yield LockEntry(name=name, version=found["version"], line=number, scope=_scope(path, found["used"] or ""))


def _scope(path: str, used: str) -> Scope:
    """Return what the configurations that use a package are for; the older form has one file a configuration."""
    if path.endswith(_OF_THE_BUILD):
        return Scope.DEVELOPMENT
    configurations = used.split(",") if used else [path.rpartition("/")[2]]
    is_development = all(_FOR_DEVELOPMENT.search(configuration.lower()) for configuration in configurations)
    return Scope.DEVELOPMENT if is_development else Scope.RUNTIME

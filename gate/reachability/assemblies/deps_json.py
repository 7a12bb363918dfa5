"""`NAME.deps.json` in the folder of a program of .NET: which packages and projects it was built of, and their files."""

import posixpath
from collections.abc import Iterator
from typing import Any

import msgspec

from gate.inventory.installed.packages import decode_json

DEPS = ".deps.json"
RUNTIME_CONFIG = ".runtimeconfig.json"
"""What the frameworks and their settings are called, next to it."""


class Library(msgspec.Struct, frozen=True):
    """A package, a project, or a part of .NET (`runtimepack`)."""

    type: str = ""


class Assets(msgspec.Struct, frozen=True, rename="camel"):
    """The files of a library, by their paths in its package."""

    runtime: dict[str, Any] = {}
    native: dict[str, Any] = {}
    runtime_targets: dict[str, Any] = {}
    """Files for one platform, which keep their folders in the application."""
    dependencies: dict[str, str] = {}
    """Name and version of what it needs."""

    def assemblies(self, folder: str) -> Iterator[str]:
        """Yield the paths of the assemblies that every platform has, in the application's folder."""
        return (posixpath.join(folder, posixpath.basename(name)) for name in self.runtime)

    def paths(self, folder: str) -> Iterator[str]:
        """Yield the paths of all files."""
        yield from self.assemblies(folder)
        for name in self.native:
            yield from (posixpath.join(folder, name), posixpath.join(folder, posixpath.basename(name)))
        yield from (posixpath.join(folder, name) for name in self.runtime_targets)


class DepsJson(msgspec.Struct, frozen=True):
    """What a program was built of."""

    libraries: dict[str, Library] = {}
    targets: dict[str, dict[str, Assets]] = {}

    def listed(self) -> Iterator[tuple[str, str, Assets]]:
        """Yield `NAME/VERSION`, type and files of each library, for each target."""
        for target in self.targets.values():
            for name, assets in target.items():
                yield name, self.libraries.get(name, Library()).type, assets


def read_deps(content: bytes, path: str) -> DepsJson:
    """Read a deps.json. Raises UnreadableError."""
    return decode_json(content, path, DepsJson)

"""npm packages: the `package.json` of every folder in a `node_modules`, nested and scoped ones too."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, decode_json, language_package
from gate.model import Package
from gate.trees import Entry, FileTree

_PACKAGE = re.compile(r"(?:^|/)node_modules/(?:@[^/]+/)?[^/]+/package\.json$")
"""A package's own file. Those deeper in a package set options for a folder or belong to its tests."""


_FOLDER = "/node_modules/"
_MAX_LICENSES = 10


class _Manifest(msgspec.Struct):
    name: str = ""
    version: str = ""
    license: Any = None
    """SPDX expression; old packages have an object, or a list under `licenses`."""
    licenses: Any = None


def finder(tree: FileTree) -> Finder:
    """Return the test for files that describe an installed package."""

    def states_package(path: str, entry: Entry) -> bool:
        if not path.endswith("/package.json") or _PACKAGE.search(path) is None:
            return False
        return _FOLDER in f"/{entry.path}" or not _is_own(path, entry, tree)

    return states_package


def _is_own(path: str, entry: Entry, tree: FileTree) -> bool:
    """True for a link to the application itself or a part of its workspace, which no registry has given.

    Such a package lies in the project that links to it, or has packages of its own installed in it.
    """
    project = path.partition("node_modules/")[0]
    home = entry.path.rpartition("/")[0]
    return entry.path.startswith(project) or tree.look_up(f"{home}/node_modules") is not None


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the package, or nothing if the file does not name one (as in a bundler's cache)."""
    manifest = decode_json(content, path, _Manifest)
    if manifest.name and manifest.version:
        license = _license(manifest.license or manifest.licenses)
        yield language_package("npm", manifest.name, manifest.version, path, license)


def _license(said: Any) -> str | None:
    """Return a licence as an expression; several are a choice."""
    if isinstance(said, list):
        return (
            " OR ".join(filter(None, (_license(one) for one in said[:_MAX_LICENSES] if isinstance(one, str | dict))))
            or None
        )
    if isinstance(said, dict):
        said = said.get("type")
    return said if isinstance(said, str) else None

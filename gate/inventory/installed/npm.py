"""npm packages: the `package.json` of every folder in a `node_modules`, nested and scoped ones too."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, decode_json, language_package
from gate.model import Package
from gate.trees import FileTree

_PACKAGE = re.compile(r"(?:^|/)node_modules/(?:@[^/]+/)?[^/]+/package\.json$")
"""A package's own file. Those deeper in a package set options for a folder or belong to its tests."""


_MAX_LICENSES = 10


class _Manifest(msgspec.Struct):
    name: str = ""
    version: str = ""
    license: Any = None
    """SPDX expression; old packages have an object, or a list under `licenses`."""
    licenses: Any = None


def finder(_: FileTree) -> Finder:
    """Return the test for files that describe an installed package."""
    return lambda path, _: path.endswith("/package.json") and _PACKAGE.search(path) is not None


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

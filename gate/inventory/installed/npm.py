"""npm packages: the `package.json` of every folder in a `node_modules`, nested and scoped ones too."""

import re
from collections.abc import Callable, Iterator

import msgspec

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import language_package, unparsable
from gate.model import Package
from gate.trees import FileTree

_PACKAGE = re.compile(r"(?:^|/)node_modules/(?:@[^/]+/)?[^/]+/package\.json$")
"""A package's own file. Those deeper in a package set options for a folder or belong to its tests."""


class _Manifest(msgspec.Struct):
    name: str = ""
    version: str = ""


def finder(_: FileTree) -> Callable[[str], bool]:
    """Tell the files that describe an installed package."""
    return lambda path: path.endswith("/package.json") and _PACKAGE.search(path) is not None


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the package, or nothing if the file does not name one (as in a bundler's cache)."""
    try:
        manifest = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Manifest)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise unparsable(path, str(error)) from error
    if manifest.name and manifest.version:
        yield language_package("npm", manifest.name, manifest.version, path)

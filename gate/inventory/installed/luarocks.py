"""Lua packages: LuaRocks keeps a `lib/luarocks/rocks-5.4/NAME/VERSION/` for each, with its rockspec.

A rockspec is Lua, which is never run: name and version are those of the folders.
"""

import re
from collections.abc import Iterator

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, language_package
from gate.model import Package
from gate.trees import FileTree

_ROCKSPEC = re.compile(
    r"(?:.+/)?luarocks/rocks(?:-[0-9.]+)?/(?P<name>[^/]+)/(?P<version>[^/]+)/(?P=name)-(?P=version)\.rockspec"
)
_LICENSE = re.compile(r"""\blicen[cs]e\s*=\s*["']([^"'\n]+)["']""")


def finder(_: FileTree) -> Finder:
    """Return the test for the rockspecs of installed packages, by their path."""
    return lambda path, _: path.endswith(".rockspec") and _ROCKSPEC.fullmatch(path) is not None


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the package."""
    found = _ROCKSPEC.fullmatch(path)
    license = _LICENSE.search(content.decode("utf-8", "replace"))
    if found is not None:
        yield language_package("LuaRocks", found["name"], found["version"], path, license[1] if license else None)

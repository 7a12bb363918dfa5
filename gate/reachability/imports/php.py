"""PHP: `use Vendor\\Package\\Class`; `composer.lock` says which namespaces a package holds."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

import msgspec

from gate.core.errors import GateError
from gate.inventory.lockfile import MAX_JSON, parse_json, read_text
from gate.model import Package
from gate.reachability.imports.language import Import, beginnings, found_by
from gate.trees import FileTree

NAME = "PHP"
ENDINGS = (".php", ".phtml", ".inc")
_IMPORT = re.compile(
    r"(?:^[ \t]*use[ \t]+(?:function[ \t]+|const[ \t]+)?\\?|(?<![\w\\])\\)([A-Z]\w*(?:\\\w+)+)", re.MULTILINE
)
"""A `use` statement, or a name that is written in full."""


class _Autoload(msgspec.Struct, frozen=True):
    psr_4: dict[str, Any] = msgspec.field(default={}, name="psr-4")
    psr_0: dict[str, Any] = msgspec.field(default={}, name="psr-0")


class _Package(msgspec.Struct, frozen=True):
    name: str
    autoload: _Autoload = _Autoload()


class _Lock(msgspec.Struct, frozen=True, rename="kebab"):
    packages: list[_Package] = []
    packages_dev: list[_Package] = []


def imports(text: str) -> Iterator[Import]:
    """Yield the names of classes that a source uses from other namespaces."""
    return found_by(_IMPORT, text)


def keys_of(module: str) -> Iterator[str]:
    """Yield a class and the namespaces that it is in."""
    return beginnings(module.lower(), "\\")


def names_of(package: Package, tree: FileTree) -> tuple[str, ...]:
    """Return the namespaces that the lockfile states for a package."""
    if not package.path.endswith("composer.lock"):
        return ()
    with suppress(GateError):  # the lockfile's own reader reports that it cannot be read
        stated = _namespaces(tree, package.path)  # type: ignore[arg-type]  # trees are hashed by identity
        return stated.get(package.name.lower(), ())
    return ()


@lru_cache(maxsize=2)
def _namespaces(tree: FileTree, path: str) -> dict[str, tuple[str, ...]]:
    """Return the namespaces of every package in the lockfile, which is read once for all packages."""
    lock = parse_json(read_text(tree, path, MAX_JSON), path, _Lock)
    return {each.name.lower(): _names(each.autoload) for each in (*lock.packages, *lock.packages_dev)}


def _names(autoload: _Autoload) -> tuple[str, ...]:
    prefixes = {prefix.strip("\\").lower() for prefix in (*autoload.psr_4, *autoload.psr_0)}
    return tuple(sorted(prefixes - {""}))

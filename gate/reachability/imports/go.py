"""Go (Go specification, "Import declarations"): the path of an imported package begins with its module's."""

import re
from collections.abc import Iterator

from gate.model import Package
from gate.reachability.imports.language import Import, beginnings, found_by
from gate.trees import FileTree

NAME = "Go"
ENDINGS = (".go",)
_IMPORT = re.compile(
    r"""^(?:import)?[ \t(]*(?:[\w.]+[ \t]+)?["`]([\w~-]+\.[\w.~-]+/[\w./~-]+)["`][ \t]*(?://.*)?$""", re.MULTILINE
)
"""A line of its own, alone or in parentheses; the first part of a path that is not Go's own has a dot."""


def imports(text: str) -> Iterator[Import]:
    """Yield the paths of the packages that are not Go's own."""
    return found_by(_IMPORT, text)


def keys_of(module: str) -> Iterator[str]:
    """Yield a package's path and those above it."""
    return beginnings(module, "/")


def names_of(package: Package, _tree: FileTree) -> tuple[str, ...]:
    """Return the module's path."""
    return (package.name,)

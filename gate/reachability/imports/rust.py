"""Rust: a path that begins with a crate's name; hyphens of a package's name are underscores in the crate's."""

import re
from collections.abc import Iterator

from gate.model import Package
from gate.reachability.imports.language import Import, found_by
from gate.trees import FileTree

NAME = "Rust"
ENDINGS = (".rs",)
_IMPORT = re.compile(r"(?:(?<![\w:])(?=\w+::)|\buse[ \t]+|\bextern[ \t]+crate[ \t]+)([A-Za-z_]\w*)")


def imports(text: str) -> Iterator[Import]:
    """Yield the first part of every path: crates, and modules of the project's own."""
    return found_by(_IMPORT, text)


def keys_of(module: str) -> Iterator[str]:
    """Yield the crate's name."""
    yield module


def names_of(package: Package, _tree: FileTree) -> tuple[str, ...]:
    """Return the name of the package's library."""
    return (package.name.replace("-", "_"),)

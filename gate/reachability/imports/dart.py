"""Dart: `import "package:name/file.dart"`."""

import re
from collections.abc import Iterator

from gate.model import Package
from gate.reachability.imports.language import Import, found_by
from gate.trees import FileTree

NAME = "Dart"
ENDINGS = (".dart",)
_IMPORT = re.compile(r"""^[ \t]*(?:import|export)[ \t]+["']package:(\w+)/""", re.MULTILINE)


def imports(text: str) -> Iterator[Import]:
    """Yield the packages that a library imports or exports."""
    return found_by(_IMPORT, text)


def keys_of(module: str) -> Iterator[str]:
    """Yield the package."""
    yield module


def names_of(package: Package, _tree: FileTree) -> tuple[str, ...]:
    """Return the package's name."""
    return (package.name,)

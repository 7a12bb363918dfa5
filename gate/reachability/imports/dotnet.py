"""C#, F# and Visual Basic: a package's namespaces bear its name by custom (Framework Design Guidelines)."""

import re
from collections.abc import Iterator

from gate.model import Package
from gate.reachability.imports.language import Import, beginnings, found_by
from gate.trees import FileTree

NAME = ".NET"
ENDINGS = (".cs", ".fs", ".vb", ".razor", ".cshtml")
_IMPORT = re.compile(
    r"^[ \t]*@?(?:global[ \t]+)?(?:using|open|Imports)[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?([A-Z]\w*(?:\.\w+)*)",
    re.MULTILINE,
)


def imports(text: str) -> Iterator[Import]:
    """Yield the namespaces that a source uses."""
    return found_by(_IMPORT, text)


def keys_of(module: str) -> Iterator[str]:
    """Yield a namespace and those above it."""
    return beginnings(module.lower(), ".")


def names_of(package: Package, _tree: FileTree) -> tuple[str, ...]:
    """Return the namespace of the package's name."""
    return (package.name.lower(),)

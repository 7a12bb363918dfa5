"""Java, Kotlin, Scala and Groovy: an artifact's Java packages are guessed from its name, as no file lists them.

`org.apache.commons:commons-text` is imported as `org.apache.commons.text.…`: the group's first two parts, and the
artifact's last word as one of the parts. For artifacts that do not follow this (guava) no import is found.
"""

import re
from collections.abc import Iterator

from gate.model import Package
from gate.reachability.imports.language import Import, found_by
from gate.trees import FileTree

NAME = "Java"
ENDINGS = (".java", ".kt", ".kts", ".scala", ".groovy")
_IMPORT = re.compile(r"^[ \t]*import[ \t]+(?:static[ \t]+)?([a-z]\w*(?:\.\w+)+)", re.MULTILINE)


def imports(text: str) -> Iterator[Import]:
    """Yield the names that are imported."""
    return found_by(_IMPORT, text)


def keys_of(module: str) -> Iterator[str]:
    """Yield `org.apache:text` for each part of `org.apache.commons.text.Style`."""
    first, second, *parts = module.split(".")
    return (f"{first}.{second}:{part.lower()}" for part in parts or (second,))


def names_of(package: Package, _tree: FileTree) -> tuple[str, ...]:
    """Return the key of an artifact: the two parts that its group begins with, and its own last word."""
    group, _, artifact = package.name.partition(":")
    beginning = ".".join(group.split(".")[:2])
    return (f"{beginning}:{artifact.lower().rpartition('-')[2]}",) if "." in beginning else ()

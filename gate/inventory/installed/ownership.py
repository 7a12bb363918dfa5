"""Which files a distribution's packages own: their versions are the distribution's, and so are their fixes.

Debian's python3-jinja2 leaves the same metadata as pip does, but Debian mends it without a new upstream version: to
match it with PyPI's advisories as well would report what is mended. Its Debian package is judged instead.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from gate.inventory.installed import apk, dpkg, rpm
from gate.trees import FileTree, Kind, resolve
from gate.trees.told import Question, told

_LISTS = "var/lib/dpkg/info/"
_ARCHITECTURES = re.compile(r":[a-z0-9-]+$")


def owned_files(tree: FileTree, installed: frozenset[str] | None, candidates: frozenset[str]) -> frozenset[str]:
    """Return those of `candidates` that packages with the names `installed` own (None: packages of any name).

    Raises as `FileTree.read` does.
    """
    if not candidates:
        return frozenset()
    names = {path.rpartition("/")[2] for path in candidates}
    stated = ((path, layer) for path, layer in _stated(tree, installed) if path.rpartition("/")[2] in names)
    return candidates.intersection(_real(tree, path, layer) for path, layer in stated)


def _real(tree: FileTree, path: str, layer: str | None) -> str:
    """Return the path without links; nothing if another layer than `layer` (if given) has changed the file."""
    entry = resolve(tree, path)
    if entry is None or (layer is not None and entry.origin != layer):
        return ""
    return entry.path


def _stated(tree: FileTree, installed: frozenset[str] | None) -> Iterator[tuple[str, str | None]]:
    """Yield the files that the databases say are of installed packages, and the layer that brought them.

    dpkg has a list a package, which comes in the layer of its files; the one database of apk and rpm does not tell
    the layer.
    """
    databases = [(module.finder(tree), module.owned_files) for module in (apk, rpm)]
    for entry in tree.walk():
        if entry.kind is not Kind.FILE:
            continue
        if entry.path.startswith(_LISTS) and entry.path.endswith(".list"):
            name = entry.path.removeprefix(_LISTS).removesuffix(".list")
            if installed is None or _ARCHITECTURES.sub("", name) in installed:
                yield from ((path, entry.origin) for path in dpkg.listed_files(tree, entry.path))
        for is_database, owned in databases:
            if is_database(entry.path, entry):
                yield from ((path, None) for path in _told(tree, entry.path, owned))


def _told(tree: FileTree, path: str, owned: Callable[[bytes, str], Iterable[str]]) -> list[str]:
    """Return the files that the one database of apk or rpm lists."""

    def tell(content: bytes) -> list[str]:
        return list(owned(content, path))

    return told(tree, path, Question("files of a database", list[str], tell))

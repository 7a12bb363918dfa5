"""apk's database of installed packages (Alpine, Wolfi, Chainguard): apk-package(5), "installed database"."""

from collections.abc import Iterator

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import BuiltPackage, Finder, system_package, unparsable
from gate.model import Package
from gate.trees import FileTree, resolve

PLACES = ("lib/apk/db/installed", "usr/lib/apk/db/installed")
_FIELDS = frozenset("PVAoL")
"""Name, version, architecture, origin (the source package), licence."""


def finder(tree: FileTree) -> Finder:
    """Return the test for the database's file, with links resolved."""
    entries = [resolve(tree, place) for place in PLACES]
    paths = frozenset(entry.path for entry in entries if entry)
    return lambda _, entry: entry.path in paths


def read(content: bytes, path: str, distribution: Distribution | None) -> Iterator[Package]:
    """Yield a package for each installed one, named by its origin as OSV does."""
    assert distribution is not None
    for paragraph in content.decode("utf-8", "replace").split("\n\n"):
        fields = {
            line[0]: line[2:].strip() for line in paragraph.split("\n") if line[1:2] == ":" and line[0] in _FIELDS
        }
        if not paragraph.strip():
            continue
        if "P" not in fields or "V" not in fields:
            raise unparsable(path, "a paragraph has no P: or no V: line")
        built = BuiltPackage(
            type="apk",
            source=(fields.get("o") or fields["P"], fields["V"]),
            binary=(fields["P"], fields["V"]),
            architecture=fields.get("A", ""),
            license=fields.get("L"),
        )
        yield system_package(built, path, distribution)


def owned_files(content: bytes, _: str) -> Iterator[str]:
    """Yield the paths of all files that the database lists: `F:` names a folder, `R:` a file in it."""
    folder = ""
    for line in content.decode("utf-8", "replace").split("\n"):
        if line.startswith("F:"):
            folder = line[2:]
        elif line.startswith("R:"):
            yield f"{folder}/{line[2:]}"

"""Searches the repository's own code for imports of the packages that have findings.

A package that no source imports may still be in use: as a program that is run, a plug-in, or through another package.
So the result is never `no`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.context import Context
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.inventory.discovery import INSTALLED_FOLDERS, VENDORED_FOLDERS
from gate.model import ONLY_BY_TESTS, Finding, InUse, Package, Scope, StageError, Tree
from gate.reachability.imports.language import has_language, language_of
from gate.trees import Entry, EntryKind, FileTree, open_tree

MAX_SIZE = 1 << 20
"""Bytes of a source; a larger one is generated."""
MAX_SOURCES = 50_000
"""Sources of one language."""
_WORD = re.compile(r"\w+")
_OTHERS = INSTALLED_FOLDERS | VENDORED_FOLDERS
"""Folders of third-party code."""


class ImportPlace(msgspec.Struct, frozen=True):
    """Where something is imported."""

    path: str
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.module}"


class LanguageSources(msgspec.Struct, frozen=True):
    """Where the sources of one language import the packages that are searched for."""

    folders: frozenset[str]
    """Every folder that has a source of the language below it."""
    places: dict[str, list[ImportPlace]]
    """Key of an import to the first place in each source that has it."""
    count: int
    left_out: int
    """Number of sources that were not read: too many, too large, or unreadable."""


def with_imports(findings: Sequence[Finding], target: Tree, context: Context) -> Iterator[Finding]:
    """Yield the findings; those with a vulnerable package state whether a source imports it."""
    by_ecosystem: defaultdict[str, list[Package]] = defaultdict(list)
    for finding in findings:
        if finding.vulnerability and finding.package and has_language(finding.package.ecosystem):
            by_ecosystem[finding.package.ecosystem].append(finding.package)
    files = list(_sources(_whole(target))) if by_ecosystem else []
    answers = {
        ecosystem: _Answers(ecosystem, packages, files, target, context) for ecosystem, packages in by_ecosystem.items()
    }
    for finding in findings:
        package = finding.package if finding.vulnerability else None
        if package and package.ecosystem in answers:
            in_use, evidence = answers[package.ecosystem].state(package)
            yield msgspec.structs.replace(finding, in_use=in_use, in_use_evidence=(evidence,))
        else:
            yield finding


def _sources(tree: FileTree) -> Iterator[Entry]:
    for entry in tree.walk():
        if entry.kind is EntryKind.FILE and not _OTHERS.intersection(entry.path.split("/")[:-1]):
            yield entry


class _Answers:
    """Looks up in the sources of one language where the packages of an ecosystem are imported."""

    def __init__(
        self, ecosystem: str, packages: list[Package], files: list[Entry], target: Tree, context: Context
    ) -> None:
        self._language = language_of(ecosystem)
        self._tree = _whole(target)
        keys = sorted({key for package in packages for key in self._keys(package)})
        self._sources = _read(ecosystem, keys, files, target, context)

    def state(self, package: Package) -> tuple[InUse, str]:
        """Return whether a source imports the package, with the place, or why that is unknown."""
        place = self._first(package, package.name)
        if place is not None and _ships(place.path):
            return InUse.YES, str(place)
        scope = "a development dependency; " if package.scope is Scope.DEVELOPMENT else ""
        return InUse.UNKNOWN, f"{scope}{self._doubt(package, place)}"

    def _doubt(self, package: Package, in_tests: ImportPlace | None) -> str:
        if in_tests is not None:
            return f"{ONLY_BY_TESTS} it: {in_tests}"
        brought = self._first(package, package.via[0]) if package.via else None
        if brought is not None:
            through = f" through {', '.join(package.via[1:])}" if package.via[1:] else ""
            return f"{brought}, and {package.via[0]} brings it in{through}"
        unread = f" ({self._sources.left_out:,} more were not read)" if self._sources.left_out else ""
        return (
            f"none of the {self._sources.count:,} {self._language.NAME} sources{unread} imports it; "
            "it may be a program, a plug-in, or what another package loads"
        )

    def _keys(self, package: Package) -> Iterator[str]:
        """Yield the keys for imports of a package, and of the direct dependency through which it is needed."""
        for name in (package.name, *package.via[:1]):
            yield from self._names(package, name)

    def _names(self, package: Package, name: str) -> tuple[str, ...]:
        named = package if name == package.name else msgspec.structs.replace(package, name=name, direct=True)
        return self._language.names_of(named, self._tree)

    def _first(self, package: Package, name: str) -> ImportPlace | None:
        """Return the first place that imports `name`, a package of the same lockfile.

        It is below the lockfile's folder, or anywhere if no source is below that.
        """
        folder = package.path.rpartition("/")[0]
        inside = f"{folder}/" if folder and folder in self._sources.folders else ""
        places = (place for key in self._names(package, name) for place in self._sources.places.get(key, ()))
        below = (place for place in places if place.path.startswith(inside))
        return min(below, key=lambda place: (not _ships(place.path), place.path, place.line), default=None)


def _ships(path: str) -> bool:
    """False for a source of a test, an example or documentation."""
    return not is_test_path(path) and not is_documentation_path(path)


def _whole(target: Tree) -> FileTree:
    """Open the tree with all of its files, even if only some of them are judged."""
    return open_tree(msgspec.structs.replace(target, only=None))


def _read(ecosystem: str, keys: list[str], files: list[Entry], target: Tree, context: Context) -> LanguageSources:
    own = [entry for entry in files if entry.path.endswith(language_of(ecosystem).ENDINGS)]
    paths = [entry.path for entry in own if entry.size <= MAX_SIZE][:MAX_SOURCES]
    context.progress(f"looking for what {len(paths):,} sources import")
    places: defaultdict[str, list[ImportPlace]] = defaultdict(list)
    unread = len(own) - len(paths)
    for _, found in context.map(find_imports, paths, target, ecosystem, keys):
        if isinstance(found, StageError):
            unread += 1
            continue
        for key, place in found.items():
            places[key].append(place)
    folders = {folder for entry in own for folder in _folders_of(entry.path)}
    return LanguageSources(frozenset(folders), places, len(own) - unread, unread)


def find_imports(path: str, target: Tree, ecosystem: str, keys: list[str]) -> dict[str, ImportPlace]:
    """Return the first place in one source of every import that has one of `keys`; made for `Context.map`."""
    language = language_of(ecosystem)
    text = _whole(target).read(path, MAX_SIZE).decode("utf-8", "replace")
    if not _may_name(text, keys):
        return {}
    wanted, found = {*keys}, dict[str, ImportPlace]()
    for each in language.imports(text):
        for key in language.keys_of(each.module):
            if key in wanted:
                found.setdefault(key, ImportPlace(path, each.line, each.module))
    return found


def _may_name(text: str, keys: Iterable[str]) -> bool:
    """False if a source contains the last word of no key: a cheap test before its imports are parsed."""
    lower = text.lower()
    words = {(_WORD.findall(key.lower()) or [""])[-1] for key in keys}
    return any(word in lower for word in words)


def _folders_of(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path

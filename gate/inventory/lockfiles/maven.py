"""`pom.xml` (Maven, "POM Reference"): dependencies with what properties, parents and management in this tree say.

Nothing is resolved: a version that comes from outside of the repository is imprecise, and so are ranges and the
packages that packages need.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from gate.core.errors import GateError
from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, refused, unparsable
from gate.inventory.lockfiles.xml_document import Element, read_xml
from gate.model import Scope
from gate.trees import EntryKind, FileTree, join, resolve

IS_MANIFEST = True
MAX_PARENTS = 20
"""Files in a chain of parents."""
MAX_IMPORTS = 50
"""Bills of materials that one POM imports, those of its parents and bills included."""
MAX_SIZE = 2 << 20
"""Bytes of one POM, which its modules read again and again."""
MAX_TEXT = 1000
"""Characters of a property, or of a text in which properties are put in."""
MAX_DEPTH = 20
"""Properties in one another."""

_PROPERTY = re.compile(r"\$\{([^${}]*)\}")
_EXACT = re.compile(r"\[\s*([^\[\](),]+?)\s*\]|([^\[\](),\s]+)")
_MOVING = frozenset({"LATEST", "RELEASE"})
_SCOPES = {"test": Scope.DEVELOPMENT, "provided": Scope.RUNTIME, "system": Scope.RUNTIME}


class _Managed(msgspec.Struct, frozen=True):
    """What the management says of a dependency, as it is written; properties are those of the POM that asks."""

    version: str
    scope: str


class _Project(msgspec.Struct):
    """A POM with all that it inherits within the tree."""

    root: Element
    properties: dict[str, str] = {}
    worked_out: dict[str, str | None] = {}
    """The values of properties, once they were asked for."""
    managed: dict[str, _Managed] = {}
    """`group:artifact` to what is said of it."""

    def expand(self, text: str, inside: tuple[str, ...] = ()) -> str:
        """Put in properties, those in properties too; what is not known or too long stays as it is written."""
        if len(text) > MAX_TEXT or len(inside) > MAX_DEPTH:
            return text
        return _PROPERTY.sub(lambda found: self._value(found[1].strip(), inside) or found[0], text).strip()

    def _value(self, name: str, inside: tuple[str, ...]) -> str | None:
        """Return a property's value, worked out once; None inside of itself."""
        if name in inside or name not in self.properties:
            return None
        if name not in self.worked_out:
            value = self.expand(self.properties[name], (*inside, name))
            self.worked_out[name] = value if len(value) <= MAX_TEXT else None
        return self.worked_out[name]

    def key_of(self, dependency: Element) -> str:
        """Return `group:artifact`."""
        return f"{self.expand(dependency.said('groupId'))}:{self.expand(dependency.said('artifactId'))}"


def read(tree: FileTree, path: str) -> Locked:
    """Read a POM; inherited dependencies are reported for the parent, where they are written."""
    project = _inherited(tree, path, [], set())
    entries = [_entry(project, dependency, path) for dependency in _dependencies(project.root)]
    return locked(LockfilePlace("Maven", path), entries, frozenset(entry.name for entry in entries))


def _dependencies(root: Element) -> Iterator[Element]:
    yield from root.all("dependencies", "dependency")
    yield from root.all("profiles", "profile", "dependencies", "dependency")


def _entry(project: _Project, dependency: Element, path: str) -> LockEntry:
    name = project.key_of(dependency)
    if name.startswith(":") or name.endswith(":"):
        raise unparsable(path, "a dependency has no groupId or no artifactId", dependency.line)
    managed = project.managed.get(name, _Managed("", ""))
    version = _exact(project.expand(dependency.said("version") or managed.version))
    return LockEntry(
        name=name,
        version=None if "${" in name else version,
        line=dependency.line,
        scope=_scope(
            project.expand(dependency.said("scope") or managed.scope), project.expand(dependency.said("optional"))
        ),
    )


def _exact(version: str) -> str | None:
    """Return the one version that a requirement stands for; ranges and what has unknown properties have none."""
    found = _EXACT.fullmatch(version)
    exact = (found[1] or found[2]) if found else ""
    return exact if exact and "${" not in exact and exact not in _MOVING else None


def _scope(scope: str, optional: str) -> Scope:
    return Scope.OPTIONAL if optional == "true" else _SCOPES.get(scope, Scope.RUNTIME)


def _inherited(tree: FileTree, path: str, below: list[str], imported: set[str]) -> _Project:
    """Return the POM with what its parents and bills of materials in the tree say.

    `below` are the files that led here; `imported` gathers the bills, each of which counts once.
    """
    if path in below:
        raise unparsable(path, "its parents form a circle")
    if len(below) > MAX_PARENTS:
        raise refused(path, f"more than {MAX_PARENTS} parents in a chain")
    root = read_xml(tree, path, "project", MAX_SIZE)
    parent = _parent_of(tree, path, root, [*below, path], imported)
    project = _Project(root)
    if parent is not None:
        project.properties |= parent.properties
        project.managed |= parent.managed
    project.properties |= _own_properties(root)
    managed = list(root.all("dependencyManagement", "dependencies", "dependency"))
    for dependency in managed:
        if dependency.said("scope") == "import":
            project.managed |= _imported(tree, project.expand(dependency.said("artifactId")), imported)
    for dependency in managed:
        project.managed[project.key_of(dependency)] = _Managed(dependency.said("version"), dependency.said("scope"))
    return project


def _imported(tree: FileTree, artifact: str, imported: set[str]) -> dict[str, _Managed]:
    """Return what a bill of materials of this tree manages, its properties put in; nothing if it is from elsewhere."""
    path = _modules(tree).get(artifact)  # type: ignore[arg-type]  # a tree is hashed by identity
    if path is None or path in imported:
        return {}
    imported.add(path)
    if len(imported) > MAX_IMPORTS:
        raise refused(path, f"one POM imports more than {MAX_IMPORTS} bills of materials")
    bill = _inherited(tree, path, [], imported)
    return {key: _Managed(bill.expand(one.version), one.scope) for key, one in bill.managed.items()}


@lru_cache(maxsize=8)
def _modules(tree: FileTree) -> dict[str, str]:
    """Return the artifacts of the tree's POMs with their paths; an artifact that stands twice is left out."""
    found: dict[str, str] = {}
    twice = set()
    for entry in tree.walk():
        if entry.kind is EntryKind.FILE and entry.path.rpartition("/")[2] == "pom.xml":
            try:
                artifact = read_xml(tree, entry.path, "project", MAX_SIZE).said("artifactId")
            except GateError:
                continue  # said when that file is read for itself
            if artifact in found:
                twice.add(artifact)
            found[artifact] = entry.path
    return {artifact: path for artifact, path in found.items() if artifact not in twice}


def _parent_of(tree: FileTree, path: str, root: Element, below: list[str], imported: set[str]) -> _Project | None:
    """Return the parent if it is in the tree and is the one that the POM names."""
    stated = root.first("parent")
    if stated is None:
        return None
    relative = stated.first("relativePath")
    place = join(path.rpartition("/")[0], "../pom.xml" if relative is None else relative.text)
    entry = resolve(tree, place) if place and (relative is None or relative.text) else None
    if entry is not None and entry.kind is EntryKind.FOLDER:
        entry = resolve(tree, f"{entry.path}/pom.xml")
    if entry is None or entry.kind is not EntryKind.FILE:
        return None
    parent = _inherited(tree, entry.path, below, imported)
    is_it = parent.root.said("artifactId") == stated.said("artifactId")
    return parent if is_it else None


def _own_properties(root: Element) -> dict[str, str]:
    """Return the properties of a POM and the parts of it that expressions name."""
    stated = root.first("properties")
    own = {child.name: child.text for child in stated.children} if stated else {}
    parts = {key: root.said(key) or root.said("parent", key) for key in ("groupId", "artifactId", "version")}
    for key, value in parts.items():
        if value:
            own |= {f"project.{key}": value, f"pom.{key}": value}
        if root.said("parent", key):
            own |= {f"project.parent.{key}": root.said("parent", key)}
    return own

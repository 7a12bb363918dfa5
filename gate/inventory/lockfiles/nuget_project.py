"""`*.csproj` and similar files (NuGet, "PackageReference" and "Central Package Management"): projects without a lock.

NuGet restores the lowest version that a reference allows, so `Version="1.0"` is version 1.0. Floating versions, ranges
and properties that are set elsewhere are imprecise, and what packages need is not listed.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

import msgspec

from gate.inventory.lockfile import Locked, LockfilePlace
from gate.inventory.lockfiles.xml_document import Element, read_xml
from gate.model import Package, Scope
from gate.trees import FileTree, NameHint, join, resolve, walk_named

_LOCK = "packages.lock.json"
LOCKED_BY = (f"./{_LOCK}",)
MAX_SIZE = 2 << 20
"""Bytes of one file; every project reads the central one."""
MAX_IMPORTS = 50
"""Files that one central file imports, those of its imports included."""
_CENTRAL = ("Directory.Packages.props", "Packages.props")
_FILE_ABOVE = re.compile(
    r"\$\(\[MSBuild\]::GetPathOfFileAbove\(\s*'?(?P<name>[\w.-]+)'?\s*(?:,\s*'?\$\(MSBuildThisFileDirectory\)\.\.[\\/]?'?)?\s*\)\)"
)
"""The path of the nearest file of a name in the folders above, as a central file imports the one above it."""
_PROPERTY = re.compile(r"\$\(([^$()]*)\)")
_EXACT = re.compile(r"\[\s*([0-9][^\s,*\[\]()]*)\s*\]|([0-9][^\s,*\[\]()]*)")


class _Version(msgspec.Struct, frozen=True):
    """Where the version of a package is written."""

    text: str
    path: str
    line: int


def read(tree: FileTree, path: str) -> Locked:
    """Read a project, or a file that projects share.

    A version from the central file is reported there, where it can be raised. Read itself, that file states all
    versions that a project can get, whichever asks: a reference may stand in a file of any name that a project imports.
    """
    root = read_xml(tree, path, "Project", MAX_SIZE)
    if path.rpartition("/")[2] in _CENTRAL:
        return _managed(tree, path, root)
    central, properties = _central(tree, path)
    properties |= _properties(root)
    return _referenced(root, path, central, properties)


def _managed(tree: FileTree, path: str, root: Element) -> Locked:
    """Return the versions of a central file, and its own references (of the older form, `Update` alone)."""
    files = [(path, root), *_imported(tree, path, root)]
    properties = _properties_of(files)
    packages, imprecise = [], []
    for name, version in () if _has_locks(tree, path) else _central_versions(root, path):
        exact = _exact(version, properties)
        if exact:
            packages.append(LockfilePlace("NuGet", path).package(name, exact, version.line))
        else:
            imprecise.append(f"{path}:{version.line}: {name[:100]}")
    central = {name.lower(): version for file, one in files for name, version in _central_versions(one, file)}
    own = _referenced(root, path, central, properties)
    return Locked(packages=(*own.packages, *packages), imprecise=(*own.imprecise, *imprecise))


def _has_locks(tree: FileTree, path: str) -> bool:
    """True if projects below the central file `path` have lockfiles, which state what they get of it."""
    folder = path.rpartition("/")[0]
    locks = walk_named(tree, lambda found: found.rpartition("/")[2] == _LOCK, NameHint(endings=(_LOCK,)))
    return any(entry.path.startswith(f"{folder}/" if folder else "") for entry in locks)


def _referenced(root: Element, path: str, central: dict[str, _Version], properties: dict[str, str]) -> Locked:
    packages, imprecise = [], []
    for reference in _items(root, "PackageReference", "GlobalPackageReference"):
        name = reference.attributes.get("Include", "").strip()
        if not name:
            continue  # Update and Remove change what another file includes
        version = _own_version(reference, path) or central.get(name.lower())
        package = _package(name, version, properties, reference) if version else None
        if package:
            packages.append(package)
        else:
            imprecise.append(f"{path}:{reference.line}: {name[:100]}")
    return Locked(packages=tuple(packages), imprecise=tuple(imprecise))


def _package(name: str, version: _Version, properties: dict[str, str], reference: Element) -> Package | None:
    exact = _exact(version, properties)
    if exact is None:
        return None
    private = (reference.attributes.get("PrivateAssets") or reference.said("PrivateAssets")).lower()
    is_development = private == "all" or reference.name == "GlobalPackageReference"
    scope = Scope.DEVELOPMENT if is_development else Scope.RUNTIME
    return LockfilePlace("NuGet", version.path).package(name, exact, version.line, scope=scope, direct=True)


def _exact(version: _Version, properties: dict[str, str]) -> str | None:
    """Return the one version that is stated; None for a range, a floating one or an unknown property."""
    said = _PROPERTY.sub(lambda found: properties.get(found[1].lower(), found[0]), version.text)
    exact = _EXACT.fullmatch(said.strip())
    return (exact[1] or exact[2]) if exact else None


def _own_version(reference: Element, path: str) -> _Version | None:
    for key in ("VersionOverride", "Version"):
        text = reference.attributes.get(key) or reference.said(key)
        if text:
            return _Version(text, path, reference.line)
    return None


def _central(tree: FileTree, path: str) -> tuple[dict[str, _Version], dict[str, str]]:
    """Return the versions and properties of the nearest central file in the project's folder or above."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        for name in _CENTRAL:
            place = f"{folder}/{name}" if folder else name
            if resolve(tree, place) is not None:
                root = read_xml(tree, place, "Project", MAX_SIZE)
                files = [(place, root), *_imported(tree, place, root)]
                versions = {
                    name.lower(): version
                    for file, one in reversed(files)
                    for name, version in _central_versions(one, file)
                }
                return versions, _properties_of(files)
    return {}, {}


def _imported(tree: FileTree, path: str, root: Element) -> list[tuple[str, Element]]:
    """Return the files of the tree that a central file imports, and those that these import, with their roots.

    An import by a condition or a property that only the build knows is left out.
    """
    found: dict[str, Element] = {}
    todo = [(path, root)]
    while todo:
        above, element = todo.pop()
        for one in element.all("Import"):
            place = _import_place(tree, above, one.attributes.get("Project", ""))
            if place is not None and place != path and place not in found and len(found) < MAX_IMPORTS:
                found[place] = read_xml(tree, place, "Project", MAX_SIZE)
                todo.append((place, found[place]))
    return list(found.items())


def _import_place(tree: FileTree, path: str, project: str) -> str | None:
    """Return the path that an import names; None if it names no file of the tree."""
    folder = path.rpartition("/")[0]
    above = _FILE_ABOVE.fullmatch(project.strip())
    if above is not None:
        name = above["name"]
        folders = [*accumulate(folder.split("/")[:-1], "{}/{}".format)] if folder else []
        places = [f"{one}/{name}" for one in reversed(folders)] + ([name] if folder else [])
        return next((place for place in places if resolve(tree, place) is not None), None)
    said = project.strip().replace("$(MSBuildThisFileDirectory)", "").replace("\\", "/")
    place = join(folder, said) if said and "$" not in said and "*" not in said else None
    return place if place and resolve(tree, place) is not None else None


def _properties_of(files: list[tuple[str, Element]]) -> dict[str, str]:
    """Return the properties of files, the first of which is read last."""
    properties: dict[str, str] = {}
    for _, root in reversed(files):
        properties |= _properties(root)
    return properties


def _central_versions(root: Element, path: str) -> Iterator[tuple[str, _Version]]:
    """Yield id and version; the older form updates references."""
    for item in _items(root, "PackageVersion", "PackageReference"):
        name = item.attributes.get("Include") or item.attributes.get("Update")
        version = _own_version(item, path)
        if name and version:
            yield name.strip(), version


def _items(root: Element, *names: str) -> Iterator[Element]:
    for group in root.all("ItemGroup"):
        yield from (child for child in group.children if child.name in names)


def _properties(root: Element) -> dict[str, str]:
    """Return the properties by lower-case name; one that is set twice depends on conditions and is left out."""
    properties: dict[str, str] = {}
    twice = set()
    for group in root.all("PropertyGroup"):
        for child in group.children:
            name = child.name.lower()
            if properties.get(name, child.text) != child.text:
                twice.add(name)
            properties[name] = child.text
    return {name: text for name, text in properties.items() if name not in twice}

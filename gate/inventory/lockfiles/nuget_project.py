"""`*.csproj` and similar files (NuGet, "PackageReference" and "Central Package Management"): projects without a lock.

NuGet restores the lowest version that a reference allows, so `Version="1.0"` is version 1.0. Floating versions, ranges
and properties that are set elsewhere are imprecise, and what packages need is not listed.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.inventory.lockfile import Locked, LockfilePlace
from gate.inventory.lockfiles.xml_document import Element, read_xml
from gate.model import Package, Scope
from gate.trees import FileTree, resolve

LOCKED_BY = ("./packages.lock.json",)
MAX_SIZE = 2 << 20
"""Bytes of one file; every project reads the central one."""
_CENTRAL = ("Directory.Packages.props", "Packages.props")
_PROPERTY = re.compile(r"\$\(([^$()]*)\)")
_EXACT = re.compile(r"\[\s*([0-9][^\s,*\[\]()]*)\s*\]|([0-9][^\s,*\[\]()]*)")


class _Version(msgspec.Struct, frozen=True):
    """Where the version of a package is written."""

    text: str
    path: str
    line: int


def read(tree: FileTree, path: str) -> Locked:
    """Read a project. A version from the central file is reported there, where it can be raised."""
    root = read_xml(tree, path, "Project", MAX_SIZE)
    central, properties = _central(tree, path)
    properties |= _properties(root)
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
    said = _PROPERTY.sub(lambda found: properties.get(found[1].lower(), found[0]), version.text)
    exact = _EXACT.fullmatch(said.strip())
    if exact is None:
        return None
    private = (reference.attributes.get("PrivateAssets") or reference.said("PrivateAssets")).lower()
    is_development = private == "all" or reference.name == "GlobalPackageReference"
    scope = Scope.DEVELOPMENT if is_development else Scope.RUNTIME
    return LockfilePlace("NuGet", version.path).package(
        name, exact[1] or exact[2], version.line, scope=scope, direct=True
    )


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
                return dict(_central_versions(root, place)), _properties(root)
    return {}, {}


def _central_versions(root: Element, path: str) -> Iterator[tuple[str, _Version]]:
    """Yield lower-case id and version; the older form updates references."""
    for item in _items(root, "PackageVersion", "PackageReference"):
        name = item.attributes.get("Include") or item.attributes.get("Update")
        version = _own_version(item, path)
        if name and version:
            yield name.strip().lower(), version


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

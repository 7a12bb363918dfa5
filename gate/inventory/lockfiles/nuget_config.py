"""`packages.config` (NuGet, "packages.config reference"): the flat list of the older .NET projects."""

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, unparsable
from gate.inventory.lockfiles.xml_document import read_xml
from gate.model import Scope
from gate.trees import FileTree


def read(tree: FileTree, path: str) -> Locked:
    """Read a packages.config. It does not say what is direct."""
    entries = []
    for package in read_xml(tree, path, "packages").all("package"):
        name, version = package.attributes.get("id"), package.attributes.get("version")
        if not name or not version:
            raise unparsable(path, "a package has no id or no version", package.line)
        is_development = package.attributes.get("developmentDependency", "").lower() == "true"
        scope = Scope.DEVELOPMENT if is_development else Scope.RUNTIME
        entries.append(LockEntry(name=name, version=version, line=package.line, scope=scope))
    return locked(LockfilePlace("NuGet", path), entries)

"""`gradle/verification-metadata.xml` (Gradle User Manual, "Verifying dependencies"): all that a build ever resolved.

Where Gradle's lockfile is there, that is read alone: it says what is used, and for what.
"""

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import MAX_JSON, Locked, LockfilePlace, unparsable
from gate.inventory.lockfiles.xml_document import read_xml
from gate.trees import FileTree

LOCKED_BY = ("gradle.lockfile",)


def read(tree: FileTree, path: str) -> Locked:
    """Read the components that have checksums or signatures."""
    root = read_xml(tree, path, "verification-metadata", MAX_JSON)
    entries = []
    for component in root.all("components", "component"):
        group, name, version = (component.attributes.get(key, "") for key in ("group", "name", "version"))
        if not (group and name and version):
            raise unparsable(path, "a component has no group, name or version", component.line)
        entries.append(LockEntry(name=f"{group}:{name}", version=version, line=component.line))
    return locked(LockfilePlace("Maven", path), entries)

"""`*.dist-info/METADATA` (PyPA, "Core metadata specifications"): Python packages that a repository keeps unpacked."""

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace
from gate.trees import FileTree

MAX_SIZE = 4 << 20
"""Bytes of one file; it holds the package's README."""


def read(tree: FileTree, path: str) -> Locked:
    """Read the metadata of one installed distribution."""
    from gate.inventory.installed.python import read as read_metadata

    found = read_metadata(tree.read(path, MAX_SIZE), path, None)
    entries = (LockEntry(name=one.name, version=one.version, line=1, license=one.license) for one in found)
    return locked(LockfilePlace("PyPI", path), entries)

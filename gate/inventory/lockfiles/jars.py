"""`*.jar` and `*.war` that a repository keeps (JAR File Specification): what their own metadata says they are.

Archives in archives are read too. One that says nothing of itself, as Gradle's wrapper, is imprecise.
"""

import msgspec

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked
from gate.model import Package
from gate.trees import FileTree

MAX_SIZE = 128 << 20
"""Bytes of one archive at most."""


def read(tree: FileTree, path: str) -> Locked:
    """Read the packages of one archive. One that is damaged is imprecise: no program loads it either.

    Raises LimitError for one that is too large.
    """
    from gate.inventory.installed.java import read as packages_of

    try:
        found = list(packages_of(tree.read(path, MAX_SIZE), path, None))
    except UnreadableError:
        return Locked(imprecise=(f"{path}:1: an archive that cannot be read",))
    packages = [one for one in found if isinstance(one, Package)]
    if not packages:
        return Locked(imprecise=(f"{path}:1: an archive that does not say what it is",))
    return Locked(packages=tuple(msgspec.structs.replace(one, direct=None) for one in packages))

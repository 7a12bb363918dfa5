"""`pixi.lock` (Pixi documentation, "Lock file"), versions 4 to 7: packages of conda and PyPI for all environments."""

import re

import msgspec

from gate.ecosystems.conda import fetched
from gate.ecosystems.pypi import normalised
from gate.inventory.entries import LockEntry, locked, merged
from gate.inventory.lockfile import Locked, LockfilePlace, unparsable
from gate.inventory.yaml_document import places, read_yaml
from gate.trees import FileTree

_SOURCE_NAME = re.compile(r"\[| @ ")
_OLDEST, _NEWEST = 4, 7


class _Package(msgspec.Struct, frozen=True):
    kind: str = ""
    """`conda` or `pypi`, before version 6."""
    name: str | None = None
    version: str | None = None
    url: str = ""
    path: str = ""
    conda: str = ""
    """Address or folder, since version 6."""
    pypi: str = ""
    conda_source: str = ""
    """`name[hash] @ folder or address`: what is built from its sources, since version 7."""
    license: str | None = None

    @property
    def is_python(self) -> bool:
        return bool(self.pypi) or self.kind == "pypi"

    @property
    def address(self) -> str:
        return self.conda or self.pypi or self.url or self.conda_source.rpartition(" @ ")[2] or self.path

    @property
    def is_local(self) -> bool:
        return bool(self.address) and "://" not in self.address and not self.address.startswith("git+")


class _Lock(msgspec.Struct, frozen=True):
    version: int
    packages: list[_Package] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a pixi.lock. It does not say what is direct; packages from a folder of the repository are left out."""
    lock, root = read_yaml(tree, path, _Lock)
    if not _OLDEST <= lock.version <= _NEWEST:
        raise unparsable(path, f"its version {lock.version} is not known")
    lines = [line for _, line in places(root, "packages")] if lock.packages else []
    conda: dict[tuple[str, str | None], LockEntry] = {}  # a package stands there for each platform
    pip: dict[tuple[str, str | None], LockEntry] = {}
    for package, line in zip(lock.packages, lines, strict=True):
        if not package.is_local:
            entry = _entry(package, path, line)
            (pip if package.is_python else conda).setdefault((entry.name, entry.version), entry)
    return merged(
        [locked(LockfilePlace("Conda", path), conda.values()), locked(LockfilePlace("PyPI", path), pip.values())]
    )


def _entry(package: _Package, path: str, line: int) -> LockEntry:
    name, version = package.name or _SOURCE_NAME.split(package.conda_source)[0] or None, package.version
    if not package.conda_source and not package.is_python and (name is None or version is None):
        stated = fetched(package.address)
        name, version = (stated.name, stated.version) if stated else (None, None)
    if name is None:
        raise unparsable(path, "a package without a name", line)
    spelled = normalised(name) if package.is_python else name
    return LockEntry(name=spelled, version=version, line=line, license=package.license, registry=package.address)

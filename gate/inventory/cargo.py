"""`Cargo.lock`, versions 1 to 4. Packages without a source are the workspace's own; what they need is direct."""

import msgspec

from gate.inventory.lockfile import Locked, Place, package_block_lines, read_toml, unparsable
from gate.trees import FileTree

PATTERNS = ("Cargo.lock",)
_NEWEST = 4


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str
    source: str | None = None
    dependencies: list[str] = []

    @property
    def needs(self) -> set[str]:
        """Names of its dependencies, which are written as `name`, `name version` or `name version (source)`."""
        return {dependency.partition(" ")[0] for dependency in self.dependencies}


class _Lock(msgspec.Struct, frozen=True):
    version: int = 1
    """Absent in the versions 1 and 2."""
    package: list[_Package] = []
    root: _Package | None = None
    """The project itself, in the oldest files."""


def read(tree: FileTree, path: str) -> Locked:
    """Read a Cargo.lock. It does not say what is for development alone, so all packages are of scope runtime."""
    lock, text = read_toml(tree, path, _Lock)
    if not 1 <= lock.version <= _NEWEST:
        raise unparsable(path, f"its version {lock.version} is not known")
    own = [package for package in (lock.root, *lock.package) if package is not None and package.source is None]
    direct = {name for package in own for name in package.needs}
    place = Place("crates.io", path)
    return Locked(
        packages=tuple(
            place.package(package.name, package.version, line, direct=package.name in direct if own else None)
            for package, line in zip(lock.package, package_block_lines(text, len(lock.package)), strict=True)
            if package.source is not None
        )
    )

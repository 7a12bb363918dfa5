"""`package-lock.json` and `npm-shrinkwrap.json`, lockfile versions 1, 2 and 3 (npm documentation, "package-lock.json").

Versions 2 and 3 list every installed folder under `packages`; version 1 nests `dependencies` as the folders nest.
"""

from collections.abc import Iterator

import msgspec

from gate.inventory.json_lines import object_lines
from gate.inventory.lockfile import Locked, Place, read_json, unparsable
from gate.model import Package, Scope
from gate.trees import FileTree, join, resolve

PATTERNS = ("package-lock.json", "npm-shrinkwrap.json")
MAX_DEPTH = 200
"""Folders in folders of a version 1 lockfile."""
_FOLDER = "node_modules/"
_VERSIONS = (1, 2, 3)

Ranges = dict[str, str]


class _Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """What a project asks for: a package.json, or its copy under `packages`."""

    dependencies: Ranges = {}
    dev_dependencies: Ranges = {}
    optional_dependencies: Ranges = {}
    peer_dependencies: Ranges = {}

    @property
    def names(self) -> set[str]:
        return {*self.dependencies, *self.dev_dependencies, *self.optional_dependencies, *self.peer_dependencies}


class _Installed(_Manifest, frozen=True, rename="camel"):
    """A member of `packages`."""

    name: str | None = None
    """Given where it differs from the folder: an alias."""
    version: str | None = None
    link: bool = False
    dev: bool = False
    optional: bool = False
    dev_optional: bool = False

    @property
    def scope(self) -> Scope:
        return _scope(self.dev, self.optional or self.dev_optional)


class _Nested(msgspec.Struct, frozen=True):
    """A member of version 1's `dependencies`."""

    version: str | None = None
    dev: bool = False
    optional: bool = False
    dependencies: dict[str, "_Nested"] = {}


class _Lock(msgspec.Struct, frozen=True, rename="camel"):
    lockfile_version: int | None = None
    packages: dict[str, _Installed] | None = None
    dependencies: dict[str, _Nested] | None = None


def read(tree: FileTree, path: str) -> Locked:
    """Read a lockfile of npm."""
    lock, text = read_json(tree, path, _Lock)
    if lock.lockfile_version is None and lock.dependencies is None:
        raise unparsable(path, "it has no lockfileVersion")
    version = 1 if lock.lockfile_version is None else lock.lockfile_version
    if version not in _VERSIONS:
        raise unparsable(path, f"its lockfileVersion {version} is not known")
    place = Place("npm", path)
    if version == 1:
        return _read_nested(place, lock.dependencies or {}, text, _direct_names(tree, path))
    if lock.packages is None:
        raise unparsable(path, f"lockfileVersion {version} without packages")
    return _read_installed(place, lock.packages, text)


def _scope(is_development: bool, is_optional: bool) -> Scope:
    if is_development:
        return Scope.DEVELOPMENT
    return Scope.OPTIONAL if is_optional else Scope.RUNTIME


def _read_installed(place: Place, installed: dict[str, _Installed], text: str) -> Locked:
    lines = dict(object_lines(text, frozenset({"packages"})))
    direct = {name for folder, project in installed.items() if _FOLDER not in folder for name in project.names}
    packages, imprecise = [], []
    for folder, entry in installed.items():
        _, marker, name = folder.rpartition(_FOLDER)
        if not marker or entry.link:
            continue  # the project's own folders, and links to them
        line = lines.get(folder)
        if entry.version is None:
            imprecise.append(f"{place.path}:{line or 1}: {name[:100]}")
            continue
        is_direct = folder.count(_FOLDER) == 1 and name in direct
        packages.append(place.package(entry.name or name, entry.version, line, scope=entry.scope, direct=is_direct))
    return Locked(packages=tuple(packages), imprecise=tuple(imprecise))


def _direct_names(tree: FileTree, path: str) -> set[str] | None:
    """Return what the package.json beside a version 1 lockfile asks for, or None if there is none."""
    manifest = join(path.rpartition("/")[0], "package.json")
    if manifest is None or resolve(tree, manifest) is None:
        return None
    return read_json(tree, manifest, _Manifest)[0].names


def _read_nested(place: Place, dependencies: dict[str, _Nested], text: str, direct: set[str] | None) -> Locked:
    packages: list[Package] = []
    imprecise: list[str] = []
    lines = object_lines(text, frozenset({"dependencies"}))
    for depth, key, entry in _walk(place, dependencies):
        line = next((line for name, line in lines if name == key), None)
        name, version = _name_and_version(key, entry.version or "")
        if version is None:
            imprecise.append(f"{place.path}:{line or 1}: {name[:100]}")
            continue
        is_direct = None if direct is None else depth == 0 and key in direct
        scope = _scope(entry.dev, entry.optional)
        packages.append(place.package(name, version, line, scope=scope, direct=is_direct))
    return Locked(packages=tuple(packages), imprecise=tuple(imprecise))


def _walk(place: Place, dependencies: dict[str, _Nested]) -> Iterator[tuple[int, str, _Nested]]:
    """Yield (depth, name, entry) in the order of the text, so that lines can be told by counting along."""
    todo = [(0, name, entry) for name, entry in reversed(dependencies.items())]
    while todo:
        depth, name, entry = todo.pop()
        if depth > MAX_DEPTH:
            raise unparsable(place.path, f"more than {MAX_DEPTH} folders in one another")
        yield depth, name, entry
        todo += [(depth + 1, inner, below) for inner, below in reversed(entry.dependencies.items())]


def _name_and_version(key: str, version: str) -> tuple[str, str | None]:
    """Resolve an alias (`npm:name@1.0`). The version is None for what comes from git, an address or a folder."""
    if version.startswith("npm:"):
        name, _, version = version.removeprefix("npm:").rpartition("@")
        return (name, version) if name else (key, None)
    return key, version if version and not {":", "/"} & set(version) else None

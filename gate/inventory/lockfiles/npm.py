"""`package-lock.json` and `npm-shrinkwrap.json`, lockfile versions 1, 2 and 3 (npm documentation, "package-lock.json").

Versions 2 and 3 list every installed folder under `packages`; version 1 nests `dependencies` as the folders nest. What
a package needs is looked for as Node does: in its own `node_modules`, then in those of the folders above.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.json_lines import member_lines, object_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_json, refused, unparsable
from gate.inventory.lockfiles.package_json import NpmManifest, Ranges, project_of, split_alias
from gate.model import Scope
from gate.trees import FileTree

MAX_DEPTH = 200
"""Folders in folders of a lockfile."""
_FOLDER = "node_modules/"
_VERSIONS = (1, 2, 3)


class _Installed(NpmManifest, frozen=True, rename="camel"):
    """A folder: a member of `packages`, or one that version 1 describes."""

    name: str | None = None
    """Given where it differs from the folder: an alias."""
    version: str | None = None
    resolved: str | bool | None = None
    """Where it comes from; false for what is bundled."""
    link: bool = False
    dev: bool = False
    optional: bool = False
    dev_optional: bool = False
    license: Any = None
    """Text, in very old packages an object."""

    @property
    def scope(self) -> Scope:
        if self.dev:
            return Scope.DEVELOPMENT
        return Scope.OPTIONAL if self.optional or self.dev_optional else Scope.RUNTIME


class _Nested(msgspec.Struct, frozen=True):
    """A member of version 1's `dependencies`."""

    version: str | None = None
    resolved: str | bool | None = None
    dev: bool = False
    optional: bool = False
    requires: Ranges | bool = {}
    dependencies: dict[str, "_Nested"] = {}

    def installed(self, key: str) -> _Installed:
        name, version = _name_and_version(key, self.version or "")
        return _Installed(
            name=name,
            version=version,
            resolved=self.resolved,
            dev=self.dev,
            optional=self.optional,
            dependencies=self.requires if isinstance(self.requires, dict) else {},
        )


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
    if version == 1 or lock.packages is None:  # npm reads the older section where the newer one was taken away
        project = project_of(tree, path.rpartition("/")[0])
        folders, lines = _flat(path, lock.dependencies or {}, text)
        return _read_folders(path, {"": project, **folders} if project else folders, lines)
    locked = _read_folders(path, lock.packages, dict(member_lines(text, "packages")))
    return _with_older(locked, _of_older(path, lock, text)) if lock.dependencies else locked


def _of_older(path: str, lock: _Lock, text: str) -> Locked:
    """Read the section `dependencies` of version 2, by which npm 6 installs."""
    folders, lines = _flat(path, lock.dependencies or {}, text)
    return _read_folders(path, folders, lines)


def _with_older(locked: Locked, older: Locked) -> Locked:
    """Add the packages that npm 6 alone would install: as a rule the two sections list the same ones."""
    known = {(package.name, package.version) for package in locked.packages}
    others = [package for package in older.packages if (package.name, package.version) not in known]
    return msgspec.structs.replace(locked, packages=(*locked.packages, *others))


def _read_folders(path: str, folders: Mapping[str, NpmManifest], lines: Mapping[str, int]) -> Locked:
    installed = {key: entry for key, entry in folders.items() if isinstance(entry, _Installed) and _FOLDER in key}
    names = {key: entry.name or key.rpartition(_FOLDER)[2] for key, entry in installed.items()}
    roles = _roles(path, folders, installed, names)
    listing = Listing("npm", path)
    for folder, entry in installed.items():
        if not entry.link:
            listing.add(
                names[folder],
                entry.version,
                lines.get(folder),
                msgspec.structs.replace(roles.of(folder), scope=entry.scope),
                license=_text(entry.license),
                registry=_text(entry.resolved),
            )
    return listing.locked


def _text(said: Any) -> str | None:
    return said if isinstance(said, str) else None


def _roles(
    path: str, folders: Mapping[str, NpmManifest], installed: Mapping[str, _Installed], names: Mapping[str, str]
) -> DependencyRoles:
    for folder in folders:
        if folder.count("/") > 3 * MAX_DEPTH:  # node_modules, scope and name
            raise refused(path, f"more than {MAX_DEPTH} folders in one another")
    projects = {folder: project for folder, project in folders.items() if _FOLDER not in folder}
    roots: dict[Scope, list[str]] = {scope: [] for scope in Scope}
    for folder, project in projects.items():
        for scope, ranges in project.asked.items():
            roots[scope] += _resolved(folder, ranges, installed)
    needs: dict[str, list[str]] = {}
    for folder, entry in installed.items():
        if not entry.link:
            needs[folder] = [key for ranges in entry.asked.values() for key in _resolved(folder, ranges, installed)]
    return DependencyRoles(roots, needs, names)


def _resolved(folder: str, ranges: Ranges, installed: Mapping[str, _Installed]) -> Iterator[str]:
    """Yield the folder of each package that the one in `folder` asks for; those that are not installed are left out."""
    if not ranges:
        return
    above = [f"{place}/{_FOLDER}" if place else _FOLDER for place in _folders_above(folder)]
    for name in ranges:
        found = next((key for start in above if (key := start + name) in installed), None)
        if found is not None and not installed[found].link:
            yield found


def _folders_above(folder: str) -> Iterator[str]:
    """Yield `folder` and the folders above it that may have a node_modules, inmost first."""
    while folder:
        yield folder
        head, marker, _ = folder.rpartition("/" + _FOLDER)
        if marker:
            folder = head
        elif folder.startswith(_FOLDER):
            folder = ""
        else:
            folder = folder.rpartition("/")[0]
    yield ""


def _flat(path: str, dependencies: dict[str, _Nested], text: str) -> tuple[dict[str, _Installed], dict[str, int]]:
    """Return version 1's packages as versions 2 and 3 write them, by folder, and the line of each."""
    folders: dict[str, _Installed] = {}
    found: dict[str, int] = {}
    lines = object_lines(text, frozenset({"dependencies"}))
    for folder, key, entry in _walk(path, dependencies):
        folders[folder] = entry.installed(key)
        line = next((line for name, line in lines if name == key), None)
        if line is not None:
            found[folder] = line
    return folders, found


def _walk(path: str, dependencies: dict[str, _Nested]) -> Iterator[tuple[str, str, _Nested]]:
    """Yield (folder, name, entry) in the order of the text, so that lines can be counted along."""
    todo = [(_FOLDER + name, name, entry) for name, entry in reversed(dependencies.items())]
    while todo:
        folder, name, entry = todo.pop()
        if folder.count(_FOLDER) > MAX_DEPTH:
            raise refused(path, f"more than {MAX_DEPTH} folders in one another")
        yield folder, name, entry
        todo += [(f"{folder}/{_FOLDER}{inner}", inner, below) for inner, below in reversed(entry.dependencies.items())]


def _name_and_version(key: str, version: str) -> tuple[str, str | None]:
    """Resolve an alias (`npm:name@1.0`). The version is None for what comes from git, an address or a folder."""
    name, version = split_alias(key, version)
    return name, version if version and not {":", "/"} & set(version) else None

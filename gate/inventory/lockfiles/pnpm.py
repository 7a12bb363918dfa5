"""`pnpm-lock.yaml`, lockfile versions 5.x, 6.x, 7 and 9 (pnpm's specification of its lockfile).

    5    /name/1.0.0_peers:      dependencies: {other: 2.0.0}
    6    /name@1.0.0(peers):     dependencies: {other: 2.0.0}
    9    name@1.0.0              under `packages`, and with its peers and dependencies under `snapshots`

`importers` are the project and its workspaces; a project without workspaces may write what it asks for at the top.
Since pnpm 11 a document of its own, before the project's, locks the package manager and its configuration.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import msgspec

from gate.inventory.commits import commit_of
from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_text, refused, unparsable
from gate.inventory.yaml_document import parse_yaml, places
from gate.model import Scope
from gate.trees import FileTree

_VERSION = re.compile(r"(?P<major>[0-9]{1,3})(?:\.[0-9]{1,3})?(?:-inlineSpecifiers)?")
_KNOWN = (5, 6, 7, 9)
_WITH_SLASHES = 5
_LOCAL = ("link:", "file:")
_DOCUMENT = re.compile(r"^---\s", re.MULTILINE)
MAX_DOCUMENTS = 10
"""Documents of one file; pnpm writes two."""


class _Asked(msgspec.Struct, frozen=True):
    """What stands for a dependency of the project since version 6."""

    version: str


Asked = dict[str, _Asked | str]


class _Importer(msgspec.Struct, frozen=True, rename="camel"):
    dependencies: Asked = {}
    optional_dependencies: Asked = {}
    dev_dependencies: Asked = {}
    config_dependencies: Asked = {}
    package_manager_dependencies: Asked = {}

    def asked(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield (name, reference) of what it asks for in `scope`."""
        of_scope = {
            Scope.RUNTIME: (self.dependencies,),
            Scope.OPTIONAL: (self.optional_dependencies,),
            Scope.DEVELOPMENT: (self.dev_dependencies, self.config_dependencies, self.package_manager_dependencies),
        }[scope]
        for asked in of_scope:
            for name, said in asked.items():
                yield name, said if isinstance(said, str) else said.version


class _Resolution(msgspec.Struct, frozen=True):
    type: str = ""
    repo: str = ""
    commit: str | None = None
    tarball: str | None = None
    """Stated where it does not follow from the registry that pnpm is set to."""


class _Package(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    """Given where the key does not tell it: a package from git, an address or a folder."""
    version: str | None = None
    resolution: _Resolution = _Resolution()
    dependencies: dict[str, str] = {}
    optional_dependencies: dict[str, str] = {}

    @property
    def needs(self) -> Iterator[tuple[str, str]]:
        yield from self.dependencies.items()
        yield from self.optional_dependencies.items()


class _Lock(_Importer, frozen=True, rename="camel"):
    lockfile_version: str = ""
    importers: dict[str, _Importer] = {}
    packages: dict[str, _Package] = {}
    snapshots: dict[str, _Package] = {}


class _Identity(msgspec.Struct, frozen=True):
    """What a key of `packages` names."""

    name: str
    version: str | None
    is_local: bool

    @property
    def key(self) -> str:
        return f"{self.name}@{self.version}"


def read(tree: FileTree, path: str) -> Locked:
    """Read a pnpm-lock.yaml. Copies of a package that differ by their peers alone are one package."""
    documents = [_read_document(text, path) for text in _documents(read_text(tree, path), path)]
    return Locked(
        packages=tuple(package for document in documents for package in document.packages),
        imprecise=tuple(words for document in documents for words in document.imprecise),
    )


def _documents(text: str, path: str) -> Iterator[str]:
    """Yield the text of each document, behind as many empty lines as make its own lines keep their numbers."""
    starts = [found.start() for found in _DOCUMENT.finditer(text)]
    if len(starts) > MAX_DOCUMENTS:
        raise refused(path, f"more than {MAX_DOCUMENTS} documents")
    for start, end in pairwise([0, *starts, len(text)]):
        if text[start:end].strip() or not starts:
            yield "\n" * text.count("\n", 0, start) + text[start:end]


def _read_document(text: str, path: str) -> Locked:
    written, root = parse_yaml(text, path, dict[str, Any])
    lock = _as_lock(written, path)
    version = _VERSION.fullmatch(lock.lockfile_version)
    if version is None or int(version["major"]) not in _KNOWN:
        raise unparsable(path, f"its lockfileVersion {lock.lockfile_version[:20]!r} is not known")
    has_slashes = int(version["major"]) == _WITH_SLASHES
    lines = dict(places(root, "packages"))
    identities = {key: _identity(key, package, has_slashes) for key, package in lock.packages.items()}
    roles = _roles(lock, identities, has_slashes)
    listing = Listing("npm", path)
    firsts = {one.key: key for key, one in reversed(identities.items()) if not one.is_local}
    for key in reversed(firsts.values()):
        one = identities[key]
        source = lock.packages[key].resolution
        commit = commit_of(source.repo, source.commit)
        listing.add(one.name, one.version, lines[key], roles.of(one.key), registry=source.tarball, commit=commit)
    return listing.locked


def _as_lock(written: dict[str, Any], path: str) -> _Lock:
    try:
        return msgspec.convert(_without_nulls(written), _Lock, strict=False)
    except msgspec.ValidationError as error:
        raise unparsable(path, str(error)) from error


def _without_nulls(written: Any) -> Any:
    """Return a YAML value without the members that are null: a section that stands there empty is as good as none."""
    if isinstance(written, list):
        return [_without_nulls(item) for item in written]
    if not isinstance(written, dict):
        return written
    return {key: _without_nulls(value) for key, value in written.items() if value is not None}


def _identity(key: str, package: _Package, has_slashes: bool) -> _Identity:
    plain = key.partition("(")[0]
    is_local = package.resolution.type == "directory" or plain.startswith("file:") or "@file:" in plain
    name, said = _split(plain, has_slashes)
    version = package.version or (None if {":", "/"} & set(said) else said)
    return _Identity(package.name or name, version or None, is_local)


def _split(plain: str, has_slashes: bool) -> tuple[str, str]:
    """Return name and version of a key without peers; one that does not begin with a slash may begin with a host."""
    if has_slashes:
        name, _, version = plain.rpartition("/")
        name = name.partition("/")[2] if not name.startswith("@") else name
        return name, version.partition("_")[0]
    plain = plain.removeprefix("/")
    at = plain.find("@", 1)
    return (plain, "") if at < 0 else (plain[:at], plain[at + 1 :])


def _roles(lock: _Lock, identities: Mapping[str, _Identity], has_slashes: bool) -> DependencyRoles:
    snapshots = lock.snapshots or lock.packages
    keys = {key: identities[found].key for key in snapshots if (found := _package_of(key, identities)) is not None}
    importers = [lock, *lock.importers.values()]
    roots: dict[Scope, list[str]] = {}
    for scope in Scope:
        roots[scope] = [key for one in importers for key in _referred(one.asked(scope), keys, has_slashes)]
    needs: dict[str, list[str]] = {}
    for snapshot, key in keys.items():
        needs.setdefault(key, []).extend(_referred(snapshots[snapshot].needs, keys, has_slashes))
    return DependencyRoles(roots, needs, {one.key: one.name for one in identities.values()})


def _package_of(snapshot: str, identities: Mapping[str, _Identity]) -> str | None:
    """Return the key under `packages` that a key under `snapshots` belongs to."""
    return next((key for key in (snapshot, snapshot.partition("(")[0]) if key in identities), None)


def _referred(asked: Iterator[tuple[str, str]], keys: Mapping[str, str], has_slashes: bool) -> Iterator[str]:
    """Yield the key of each reference: a version of the package of that name, or a key (of an alias, of git)."""
    for name, reference in asked:
        if reference.startswith(_LOCAL):
            continue
        candidates = (f"/{name}/{reference}",) if has_slashes else (f"{name}@{reference}", f"/{name}@{reference}")
        found = next((key for key in (*candidates, reference) if key in keys), None)
        if found is not None:
            yield keys[found]

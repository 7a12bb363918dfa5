"""`composer.lock` and `vendor/composer/installed.json` (Composer documentation, "Libraries"; its own reader of both).

A lockfile has what is for development apart. The list of what is installed counts where a repository keeps `vendor`
and no lockfile; that of Composer 1 does not say what is for development.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from gate.inventory.commits import Commit, commit_of, commit_of_archive
from gate.inventory.dependency_role import DependencyRole, DependencyRoles
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_json, unparsable
from gate.inventory.lockfiles.composer_json import Links, project_of
from gate.model import Scope
from gate.trees import FileTree

LOCKED_BY = ("composer.lock",)
LISTS_VENDORED = True
_INSTALLED = "vendor/composer/installed.json"
_SECTIONS = {"packages": Scope.RUNTIME, "packages-dev": Scope.DEVELOPMENT}


class _Dist(msgspec.Struct, frozen=True):
    type: str | None = None
    url: str | None = None


class _Source(msgspec.Struct, frozen=True):
    url: str = ""
    reference: str | None = None


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str
    require: Links = {}
    replace: Links = {}
    license: list[str] | str | None = None
    dist: _Dist | None = None
    source: _Source | None = None

    @property
    def commit(self) -> Commit | None:
        """What it is built from, if its version is a branch."""
        moves = self.version.startswith("dev-") or self.version.endswith("-dev")
        return commit_of(self.source.url, self.source.reference) if moves and self.source else None

    @property
    def fetched_commit(self) -> Commit | None:
        """What the archive is of, where that is another repository or commit than the source; None as a rule."""
        if self.dist is None or self.source is None:
            return None
        archive = commit_of_archive(self.dist.url or "")
        source = commit_of(self.source.url, self.source.reference)
        return archive if source is not None and archive != source else None

    @property
    def key(self) -> str:
        return self.name.lower()

    @property
    def is_local(self) -> bool:
        return self.dist is not None and self.dist.type == "path"

    @property
    def licence(self) -> str | None:
        """Several are a choice (composer.json's schema, "license")."""
        stated = [self.license] if isinstance(self.license, str) else self.license or []
        return " OR ".join(stated) or None


class _Lock(msgspec.Struct, frozen=True, rename="kebab"):
    packages: list[_Package]
    packages_dev: list[_Package] | None = []


class _Installed(msgspec.Struct, frozen=True, rename="kebab"):
    packages: list[_Package]
    dev_package_names: list[str] = []


class _Placed(msgspec.Struct, frozen=True):
    """A package with the line it stands in and what it is for."""

    package: _Package
    line: int
    scope: Scope


def is_member(_tree: FileTree, folder: str, path: str) -> bool:
    """True if the list `path` is of what is installed for the project in `folder`."""
    return path == (f"{folder}/{_INSTALLED}" if folder else _INSTALLED)


def read(tree: FileTree, path: str) -> Locked:
    """Read a composer.lock or an installed.json. The project's composer.json states the direct packages."""
    is_list = path.rpartition("/")[2] == "installed.json"
    placed = list(_installed(tree, path) if is_list else _locked(tree, path))
    folder = path.removesuffix(_INSTALLED).rstrip("/") if is_list else path.rpartition("/")[0]
    roles = _roles(tree, folder, [one.package for one in placed])
    listing = Listing("Packagist", path)
    for one in placed:
        if not one.package.is_local:
            _add(listing, one, msgspec.structs.replace(roles.of(one.package.key), scope=one.scope))
    return listing.locked


def _locked(tree: FileTree, path: str) -> Iterator[_Placed]:
    lock, text = read_json(tree, path, _Lock)
    of_section = {"packages": lock.packages, "packages-dev": lock.packages_dev or []}
    for section, scope in _SECTIONS.items():
        lines = [line for _, line in member_lines(text, section)]
        for package, line in zip(of_section[section], lines, strict=True):
            yield _Placed(package, line, scope)


def _installed(tree: FileTree, path: str) -> Iterator[_Placed]:
    written, text = read_json(tree, path, Any)
    is_old = isinstance(written, list)  # of Composer 1
    document_of = {"packages": written} if is_old else written
    try:
        document = msgspec.convert(_with_versions(document_of), _Installed)
    except msgspec.ValidationError as error:
        raise unparsable(path, str(error)) from error
    way = () if is_old else ("packages",)
    development = {name.lower() for name in document.dev_package_names}
    for package, (_, line) in zip(document.packages, member_lines(text, *way), strict=True):
        yield _Placed(package, line, Scope.DEVELOPMENT if package.key in development else Scope.RUNTIME)


def _with_versions(written: Any) -> Any:
    """Return the document with a version for each package: one that states none is imprecise, as in a test's list."""
    listed = written.get("packages") if isinstance(written, dict) else None
    if not isinstance(listed, list):
        return written
    return {**written, "packages": [{"version": "", **one} if isinstance(one, dict) else one for one in listed]}


def _add(listing: Listing, placed: _Placed, role: DependencyRole) -> None:
    package, line = placed.package, placed.line
    listing.add(
        package.key,
        package.version or None,
        line,
        role,
        license=package.licence,
        registry=package.dist.url if package.dist else None,
        commit=package.commit,
    )
    if package.fetched_commit is not None:
        listing.add_commit(package.fetched_commit, line, role, f"{package.name} {package.version}")


def _roles(tree: FileTree, folder: str, packages: list[_Package]) -> DependencyRoles:
    keys = {name.lower(): package.key for package in packages for name in package.replace}
    keys |= {package.key: package.key for package in packages}
    needs = {package.key: _found(package.require, keys) for package in packages}
    project = project_of(tree, folder)
    roots = {scope: _found(asked, keys) for scope, asked in project.asked.items()} if project else {}
    return DependencyRoles(roots, needs, {})


def _found(asked: Iterable[str], keys: Mapping[str, str]) -> list[str]:
    """Return those that are packages: PHP itself and its extensions are none."""
    return [keys[name.lower()] for name in asked if name.lower() in keys]

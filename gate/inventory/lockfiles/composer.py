"""`composer.lock` (Composer documentation, "Libraries"): what is installed, and apart what is for development."""

from collections.abc import Iterable, Mapping

import msgspec

from gate.inventory.commits import Commit, commit_of, commit_of_archive
from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_json
from gate.inventory.lockfiles.composer_json import Links, project_of
from gate.model import Scope
from gate.trees import FileTree

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


def read(tree: FileTree, path: str) -> Locked:
    """Read a composer.lock. The composer.json in its folder states the direct packages."""
    lock, text = read_json(tree, path, _Lock)
    of_section = {"packages": lock.packages, "packages-dev": lock.packages_dev or []}
    roles = _roles(tree, path, [package for packages in of_section.values() for package in packages])
    listing = Listing("Packagist", path)
    for section, scope in _SECTIONS.items():
        lines = [line for _, line in member_lines(text, section)]
        for package, line in zip(of_section[section], lines, strict=True):
            if not package.is_local:
                role = msgspec.structs.replace(roles.of(package.key), scope=scope)
                address = package.dist.url if package.dist else None
                listing.add(
                    package.key,
                    package.version,
                    line,
                    role,
                    license=package.licence,
                    registry=address,
                    commit=package.commit,
                )
                if package.fetched_commit is not None:
                    listing.add_commit(package.fetched_commit, line, role, f"{package.name} {package.version}")
    return listing.locked


def _roles(tree: FileTree, path: str, packages: list[_Package]) -> DependencyRoles:
    keys = {name.lower(): package.key for package in packages for name in package.replace}
    keys |= {package.key: package.key for package in packages}
    needs = {package.key: _found(package.require, keys) for package in packages}
    project = project_of(tree, path.rpartition("/")[0])
    roots = {scope: _found(asked, keys) for scope, asked in project.asked.items()} if project else {}
    return DependencyRoles(roots, needs, {})


def _found(asked: Iterable[str], keys: Mapping[str, str]) -> list[str]:
    """Return those that are packages: PHP itself and its extensions are none."""
    return [keys[name.lower()] for name in asked if name.lower() in keys]

"""`pubspec.lock` of Dart and Flutter (Dart documentation, "Package layout conventions").

It says of each package how the project came to it, not which package needs which.
"""

import msgspec

from gate.ecosystems.ecosystem import Fetched
from gate.inventory.commits import Commit, commit_of
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked
from gate.inventory.yaml_document import places, read_yaml
from gate.model import Scope
from gate.trees import FileTree

_LOCAL = ("path", "sdk")
"""Sources of packages that lie in the repository or come with Dart or Flutter itself."""


class _Package(msgspec.Struct, frozen=True):
    version: str
    dependency: str
    """`direct main`, `direct dev`, `direct overridden` or `transitive`."""
    source: str
    description: str | dict[str, str | None] = ""

    @property
    def commit(self) -> Commit | None:
        stated = self.description if isinstance(self.description, dict) else {}
        return commit_of(stated.get("url") or "", stated.get("resolved-ref")) if self.source == "git" else None

    @property
    def registry(self) -> str | None:
        return self.description.get("url") if isinstance(self.description, dict) else None

    @property
    def hosted_name(self) -> str | None:
        return self.description.get("name") if self.source == "hosted" and isinstance(self.description, dict) else None


class _Lock(msgspec.Struct, frozen=True):
    packages: dict[str, _Package]


def read(tree: FileTree, path: str) -> Locked:
    """Read a pubspec.lock."""
    lock, root = read_yaml(tree, path, _Lock)
    lines = dict(places(root, "packages"))
    listing = Listing("Pub", path)
    for name, package in lock.packages.items():
        if package.source not in _LOCAL:
            scope = Scope.DEVELOPMENT if package.dependency == "direct dev" else Scope.RUNTIME
            role = DependencyRole(scope, direct=package.dependency.startswith("direct"))
            registry, commit = package.registry, package.commit
            fetched = Fetched(package.hosted_name or name, package.version)
            listing.add(name, package.version, lines[name], role, registry=registry, commit=commit, fetched=fetched)
    return listing.locked

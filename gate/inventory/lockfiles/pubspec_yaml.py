"""`pubspec.yaml` without a lockfile: a whole version is judged, all else is a range (Dart documentation, "Package
dependencies").
"""

import re
from typing import Any

import msgspec

from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked
from gate.inventory.yaml_document import places, read_yaml
from gate.model import Scope
from gate.trees import FileTree

LOCKED_BY = ("./pubspec.lock",)
_SECTIONS = {"dependencies": Scope.RUNTIME, "dev_dependencies": Scope.DEVELOPMENT}
_EXACT = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_LOCAL = frozenset({"path", "sdk"})


class _Pubspec(msgspec.Struct, frozen=True):
    resolution: str | None = None
    """`workspace` for a member of a workspace, whose root has the lockfile."""
    dependencies: dict[str, Any] | None = None
    dev_dependencies: dict[str, Any] | None = None


def read(tree: FileTree, path: str) -> Locked:
    """Read a pubspec.yaml that no lockfile makes precise."""
    pubspec, root = read_yaml(tree, path, _Pubspec)
    if pubspec.resolution == "workspace":
        return Locked()
    listing = Listing("Pub", path)
    for section, scope in _SECTIONS.items():
        lines = dict(places(root, section))
        for name, said in (getattr(pubspec, section) or {}).items():
            source = said if isinstance(said, dict) else {"version": said}
            version = source.get("version")
            exact = version if isinstance(version, str) and _EXACT.fullmatch(version) else None
            if exact or _LOCAL.isdisjoint(source):
                listing.add(name, exact, lines[name], DependencyRole(scope, True))
    return listing.locked

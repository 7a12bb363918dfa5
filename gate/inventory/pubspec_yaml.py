"""`pubspec.yaml` without a lockfile: a whole version is judged, all else is a range (Dart documentation, "Package
dependencies").
"""

import re
from typing import Any

import msgspec

from gate.inventory.lockfile import Locked, Place
from gate.inventory.yaml_document import places, read_yaml
from gate.model import Scope
from gate.trees import FileTree

PATTERNS = ("pubspec.yaml",)
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
    place = Place("Pub", path)
    packages, imprecise = [], []
    for section, scope in _SECTIONS.items():
        lines = dict(places(root, section))
        for name, said in (getattr(pubspec, section) or {}).items():
            source = said if isinstance(said, dict) else {"version": said}
            version = source.get("version")
            if isinstance(version, str) and _EXACT.fullmatch(version):
                packages.append(place.package(name, version, lines[name], scope=scope, direct=True))
            elif _LOCAL.isdisjoint(source):
                imprecise.append(f"{path}:{lines[name]}: {name[:100]}")
    return Locked(packages=tuple(packages), imprecise=tuple(imprecise))

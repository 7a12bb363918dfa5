"""`Podfile.lock` of CocoaPods: pods with their versions and needs; a subspec (`Pod/Part`) belongs to its pod.

A pod that the Podfile takes from a git repository has the commit that was checked out, and is known by that too.
"""

import re

import msgspec

from gate.inventory.commits import Commit, commit_of
from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, unparsable
from gate.inventory.yaml_document import places, read_yaml
from gate.model import Scope
from gate.trees import FileTree

_POD = re.compile(r"(?P<name>[^\s()]+) \((?P<version>[^\s()]+)\)")


class _Lock(
    msgspec.Struct,
    frozen=True,
    rename={"pods": "PODS", "asked": "DEPENDENCIES", "external": "EXTERNAL SOURCES", "checkouts": "CHECKOUT OPTIONS"},
):
    pods: list[str | dict[str, list[str]]] = []
    asked: list[str] = []
    external: dict[str, dict[str, str | None]] = {}
    checkouts: dict[str, dict[str, str | None]] = {}

    @property
    def local(self) -> set[str]:
        return {_pod(name) for name, source in self.external.items() if ":path" in source}

    def commit(self, name: str) -> Commit | None:
        """Return what a pod was built from, if that is a commit."""
        stated = next((said for pod, said in self.checkouts.items() if _pod(pod) == name), {})
        return commit_of(stated.get(":git") or "", stated.get(":commit"))


def read(tree: FileTree, path: str) -> Locked:
    """Read a Podfile.lock. Pods from a folder of the repository are left out."""
    lock, root = read_yaml(tree, path, _Lock)
    needs: dict[str, list[str]] = {}
    found: dict[str, tuple[str, int]] = {}
    for entry, (_, line) in zip(lock.pods, places(root, "PODS"), strict=True):
        said, below = (entry, []) if isinstance(entry, str) else next(iter(entry.items()), ("", []))
        stated = _POD.fullmatch(said)
        if stated is None:
            raise unparsable(path, "a pod is written as: name (version)", line)
        found.setdefault(_pod(stated["name"]), (stated["version"], line))
        needs.setdefault(_pod(stated["name"]), []).extend(map(_pod, below))
    roots = {Scope.RUNTIME: [name for name in map(_pod, lock.asked) if name in found]}
    roles = DependencyRoles(roots, needs, {})
    listing = Listing("CocoaPods", path)
    for name, (version, line) in found.items():
        if name not in lock.local:
            listing.add(name, version, line, roles.of(name), commit=lock.commit(name))
    return listing.locked


def _pod(said: str) -> str:
    """Return the pod's name of `Pod/Part (~> 1.0)`."""
    return said.partition(" ")[0].partition("/")[0]

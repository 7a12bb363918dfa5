"""`flake.lock` of Nix ("nix flake", "Lock files"), version 7: inputs, each by the commit of a repository."""

import msgspec

from gate.ecosystems import COMMITS
from gate.inventory.commits import Commit, commit_of
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_json, unparsable
from gate.trees import FileTree

_HOSTS = {"github": "github.com", "gitlab": "gitlab.com", "sourcehut": "git.sr.ht"}
_LOCAL = ("path",)
_VERSIONS = (5, 6, 7)


class _Source(msgspec.Struct, frozen=True):
    type: str = ""
    owner: str = ""
    repo: str = ""
    host: str = ""
    url: str = ""
    rev: str | None = None

    @property
    def address(self) -> str:
        if self.type in _HOSTS:
            return f"https://{self.host or _HOSTS[self.type]}/{self.owner}/{self.repo}"
        return self.url.partition("?")[0]

    @property
    def commit(self) -> Commit | None:
        return commit_of(self.address, self.rev)


class _Node(msgspec.Struct, frozen=True):
    locked: _Source | None = None
    inputs: dict[str, str | list[str]] = {}


class _Lock(msgspec.Struct, frozen=True):
    version: int
    root: str = "root"
    nodes: dict[str, _Node] = {}


def read(tree: FileTree, path: str) -> Locked:
    """Read a flake.lock. An input that is an archive or has no commit is imprecise, one of a folder is left out."""
    lock, text = read_json(tree, path, _Lock)
    if lock.version not in _VERSIONS:
        raise unparsable(path, f"its version {lock.version} is not known")
    lines = dict(member_lines(text, "nodes"))
    root = lock.nodes.get(lock.root, _Node())
    direct = {input for input in root.inputs.values() if isinstance(input, str)}
    listing = Listing(COMMITS, path)
    for name, node in lock.nodes.items():
        if node.locked is None or node.locked.type in _LOCAL:
            continue
        if node.locked.commit is None:
            listing.add(name, None, lines.get(name))
        else:
            listing.add_commit(node.locked.commit, lines.get(name), DependencyRole(direct=name in direct))
    return listing.locked

"""The history of a package that is known by its commit, read from the clone of its submodule."""

import os
from collections.abc import Collection, Mapping

from gate.core.errors import GateError
from gate.git import Repository
from gate.inventory.commits import commit_of
from gate.inventory.lockfiles.submodules import submodules
from gate.model import Package, Tree
from gate.trees import EntryKind, join, open_tree

MAX_COMMITS = 2_000_000
"""Commits of a history; Linux has 1.4 million."""
_MODULES = ".gitmodules"


class Histories:
    """The histories of the packages of one tree whose version is a commit."""

    def __init__(self, target: Tree) -> None:
        self._target = target

    def past(self, package: Package, events: Collection[str]) -> Mapping[str, int] | None:
        """Return those of the commits `events` that the version of `package` is or descends from, with their positions.

        A commit's position is larger than those of its descendants. None if there is no clone with the whole history.
        """
        for folder in self._folders(package):
            try:
                return _past(Repository(folder), package.version, frozenset(events))
            except GateError:  # no clone, not a whole one, or one that lacks the commit: another may have it
                continue
        return None

    def _folders(self, package: Package) -> list[str]:
        """Return the folders of the clones of `package`'s repository."""
        tree = open_tree(self._target)
        entry = tree.look_up(_MODULES)
        if entry is None or entry.kind is not EntryKind.FILE:
            return []
        found = []
        for submodule in submodules(tree, _MODULES):
            place = join("", submodule.path)
            commit = commit_of(submodule.url, package.version)
            if place and commit is not None and commit.repository == package.name:
                found.append(os.path.join(self._target.root, place))
        return [folder for folder in found if os.path.lexists(os.path.join(folder, ".git"))]


def _past(repository: Repository, commit: str, events: frozenset[str]) -> dict[str, int]:
    """Return the position of each of `events` in the history. Raises GateError if the history is incomplete."""
    if repository.is_shallow:
        raise GateError("is a shallow clone")
    listing = repository.run("newest commits", str(MAX_COMMITS + 1), repository.full_id(commit))
    ids = listing.decode("ascii").split()
    if len(ids) > MAX_COMMITS:
        raise GateError(f"has more than {MAX_COMMITS:,} commits")
    return {id: position for position, id in enumerate(ids) if id in events}

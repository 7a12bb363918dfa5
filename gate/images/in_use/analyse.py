"""What an image really runs, from its tree and configuration to the state of each package."""

from collections.abc import Sequence

import msgspec

from gate.images.config import Runtime
from gate.images.in_use.explore import Explored, explore
from gate.images.in_use.files import Files
from gate.images.in_use.owners import Key
from gate.images.in_use.start import starts_of
from gate.images.in_use.states import State, states_of
from gate.model import Package
from gate.trees import FileTree


class InUseAnswer(msgspec.Struct, frozen=True):
    """What follows from where a container starts."""

    states: dict[Key, State]
    explored: Explored


def analyse(
    tree: FileTree, runtime: Runtime, packages: tuple[Package, ...], command: Sequence[str] | None = None
) -> InUseAnswer:
    """Follow the container's start, or `command` in its place, and judge every package.

    Raises GateError if a package database cannot be read.
    """
    files = Files(tree)
    explored = explore(starts_of(runtime, files, command), files)
    return InUseAnswer(states_of(packages, explored, files), explored)

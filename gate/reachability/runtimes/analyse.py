"""The analysis of an image: from its tree and configuration to whether each package is in use."""

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from gate.core.errors import GateError
from gate.model import ContainerStart, Doubt, InUse, Package, PackageUse
from gate.model.container import Runtime
from gate.reachability.runtimes.explore import Exploration, Explored
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import Step
from gate.reachability.runtimes.owners import owned_by
from gate.reachability.runtimes.plugins import plugins_of
from gate.reachability.runtimes.start import starts_of
from gate.reachability.runtimes.state import Key, key_of
from gate.reachability.runtimes.states import states_of
from gate.trees import FileTree


class InUseAnswer(msgspec.Struct, frozen=True):
    """The result of the analysis."""

    states: dict[Key, PackageUse]
    explored: Explored

    def in_order(self, packages: tuple[Package, ...]) -> tuple[PackageUse, ...]:
        """Return the state of each package, in the packages' order."""
        return tuple(self.states[key_of(package)] for package in packages)


def analyse(
    tree: FileTree,
    runtime: Runtime,
    packages: tuple[Package, ...],
    *,
    starts: Sequence[ContainerStart] = (),
    seen: Iterable[Step] = (),
) -> InUseAnswer:
    """Follow the container's start, its other `starts` and what was `seen` under test; return each package's state.

    If a package database cannot be read, the state of all packages is unknown.
    """
    files = Files(tree)
    exploration = Exploration(files)
    explored = exploration.run(chain(starts_of(runtime, files, starts), seen))
    try:
        owned = owned_by(packages, files)
        explored = exploration.run(plugins_of(owned, explored))
        return InUseAnswer(states_of(packages, owned, explored, files), explored)
    except GateError as error:
        reason = f"{error.path or 'a package database'}: {error.message}"
        unknown = PackageUse(InUse.UNKNOWN, (reason,), Doubt.UNREADABLE)
        return InUseAnswer({key_of(package): unknown for package in packages}, explored)

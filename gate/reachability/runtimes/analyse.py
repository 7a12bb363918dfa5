"""The analysis of an image: from its tree and configuration to whether each package is in use."""

from collections.abc import Iterator, Sequence

import msgspec

from gate.core.errors import GateError
from gate.model import ContainerStart, Doubt, InUse, Missed, Package, PackageUse
from gate.model.container import Runtime
from gate.reachability.runtimes.named.own_texts import OwnTexts
from gate.reachability.runtimes.observed.profiles import Observed, steps
from gate.reachability.runtimes.packages.owners import Owned, owned_by
from gate.reachability.runtimes.packages.state import Key, key_of
from gate.reachability.runtimes.plugins import plugins_of
from gate.reachability.runtimes.states import ReachedFiles, states_of
from gate.reachability.runtimes.walk.explore import Exploration, Explored
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Opened, StartedProgram
from gate.reachability.runtimes.walk.start import starts_of
from gate.trees import FileTree

_NOTHING_SEEN = Observed()


class InUseAnswer(msgspec.Struct, frozen=True):
    """The result of the analysis."""

    states: dict[Key, PackageUse]
    explored: Explored
    missed: tuple[Missed, ...] = ()
    """What was seen under test and not found without that, in the packages' order."""

    def in_order(self, packages: tuple[Package, ...]) -> tuple[PackageUse, ...]:
        """Return the state of each package, in the packages' order."""
        return tuple(self.states[key_of(package)] for package in packages)


def analyse(
    tree: FileTree,
    runtime: Runtime,
    packages: tuple[Package, ...],
    *,
    starts: Sequence[ContainerStart] = (),
    seen: Observed = _NOTHING_SEEN,
) -> InUseAnswer:
    """Follow the container's start, its other `starts` and what was `seen` under test; return each package's state.

    What was seen is followed last: where the start leads to a file too, that is the evidence. If a package database
    cannot be read, the state of all packages is unknown.
    """
    files = Files(tree)
    exploration = Exploration(files)
    first = list(starts_of(runtime, files, starts))
    explored = exploration.run(first)
    try:
        owned = owned_by(packages, files)
        texts = OwnTexts(owned, next((step for step in first if isinstance(step, StartedProgram)), None), files)
        while named := list(texts.steps(explored)):
            explored = exploration.run(named)
        explored = exploration.run(plugins_of(owned, explored, files))
        states = states_of(packages, owned, explored, files)
        if not seen.paths:
            return InUseAnswer(states, explored)
        missed = tuple(_missed(packages, states, owned, seen, files))
        explored = exploration.run(plugins_of(owned, exploration.run(steps(seen)), files))
        return InUseAnswer(states_of(packages, owned, explored, files), explored, missed)
    except GateError as error:
        reason = f"{error.path or 'a package database'}: {error.message}"
        unknown = PackageUse(InUse.UNKNOWN, (reason,), Doubt.UNREADABLE)
        return InUseAnswer({key_of(package): unknown for package in packages}, explored)


def _missed(
    packages: Sequence[Package],
    states: dict[Key, PackageUse],
    owned: dict[Key, Owned],
    seen: Observed,
    files: Files,
) -> Iterator[Missed]:
    """Yield the packages of which a file was seen and that are not in use by their `states`."""
    opened = {
        entry.path: step.because
        for step in steps(seen)
        if isinstance(step, Opened) and step.is_certain and (entry := files.find(step.path))
    }
    reached = ReachedFiles(owned, Explored(opened, {}, ()), files)
    for package in packages:
        said = states[key_of(package)].in_use
        path = None if said is InUse.YES else reached.first(owned[key_of(package)])
        if path is not None:
            name = f"{package.name} {package.version}"
            yield Missed(package=name, ecosystem=package.ecosystem, path=path, how=opened[path].how, said=said)

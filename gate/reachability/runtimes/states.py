"""The result for each package: in use with the chain of evidence, not in use, or unknown with the reason."""

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

from gate.ecosystems import find
from gate.model import Doubt, InUse, Package, PackageUse
from gate.reachability.assemblies.deps_json import DEPS
from gate.reachability.runtimes.named.mentions import Mentions
from gate.reachability.runtimes.named.plugin_folders import PluginFolders
from gate.reachability.runtimes.packages.held import held_by_others
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key, key_of
from gate.reachability.runtimes.packages.system_modules import kinds_of_system
from gate.reachability.runtimes.walk.explore import Explored
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, SYSTEM, Gap

_MAX_STEPS = 12
"""Steps of a chain that are shown; in a longer one the middle is left out."""


def states_of(
    packages: tuple[Package, ...], owned: dict[Key, Owned], explored: Explored, files: Files
) -> dict[Key, PackageUse]:
    """Return the state of every package, from the files that each owns."""
    judge = _Judge(owned, explored, files)
    states = {key_of(package): judge.state(package) for package in packages}
    return states | dict(held_by_others(packages, owned, states, files))


class ReachedFiles:
    """Looks up which file of a package is reached."""

    def __init__(self, owned: dict[Key, Owned], explored: Explored, files: Files) -> None:
        self._explored = explored
        self._files = files
        self._nearest = _Folders({one.folder for one in owned.values() if one.folder}, explored)

    def first(self, owned: Owned, *, is_certain: bool = True) -> str | None:
        """Return the first of a package's files that is reached, or that only may be."""
        if owned.folder is not None:
            return self._nearest.reached(owned.folder, is_certain=is_certain)
        reached = self._explored.certain if is_certain else self._explored.possible
        for path in owned.files:
            if path in reached:
                return path
            if posixpath.basename(path) in self._nearest.names:
                entry = self._files.find(path)
                if entry is not None and entry.path in reached:
                    return entry.path
        return None


class _Judge:
    def __init__(self, owned: dict[Key, Owned], explored: Explored, files: Files) -> None:
        self._explored = explored
        self._owned = owned
        self._files = files
        self._reached = ReachedFiles(owned, explored, files)
        self._unreached = {key: one for key, one in self._owned.items() if self._reached.first(one) is None}
        self._plugins = PluginFolders(self._unreached, files)

    @cached_property
    def _mentions(self) -> Mentions:
        """What is named somewhere: the search takes most of the time, and a gap that concerns all decides before."""
        return Mentions(self._unreached, self._owned, self._explored, self._plugins, self._files)

    def state(self, package: Package) -> PackageUse:
        owned = self._owned[key_of(package)]
        certain = self._reached.first(owned)
        if certain is not None:
            return PackageUse(InUse.YES, self._chain(certain))
        possible = self._reached.first(owned, is_certain=False)
        if possible is not None:
            return PackageUse(InUse.UNKNOWN, ("it may be opened:", *self._chain(possible)), Doubt.POSSIBLE)
        kind = _kind_of(package)
        reason = self._doubt(
            kind, kinds_of_system(owned.files) if kind == SYSTEM else frozenset()
        ) or self._mentions.of(key_of(package))
        if reason is not None:
            doubt, text = reason
            return PackageUse(InUse.UNKNOWN, (text,), doubt)
        loading = self._plugins.of(key_of(package))
        if loading is not None:
            return PackageUse(InUse.UNKNOWN, (loading,), Doubt.NAMED)
        reached = f"none of the {len(self._explored.certain):,} files that the image reaches belongs to it"
        if package.path.endswith(DEPS) and not owned.files:
            return PackageUse(InUse.NO, (f"{package.path} states no file of it, as .NET itself has what it was for",))
        named = self._mentions.not_started.get(key_of(package))
        return PackageUse(
            InUse.NO, (f"{reached}; {named}, and nothing starts it" if named else f"{reached} or names it",)
        )

    def _doubt(self, kind: str | None, languages: frozenset[str]) -> tuple[Doubt, str] | None:
        """Return why packages of a kind, with modules of some `languages`, cannot be shown to be unused; else None."""
        if kind is None:
            return Doubt.NOT_FOLLOWED, "programs of this kind are not followed"
        concerned = {EVERYTHING, kind, *languages}
        gaps = (gap for gap in self._explored.gaps if gap.kind in concerned and gap.within is None)
        gap = next(gaps, None)
        if gap is None:
            return None
        return _doubt_of(gap), gap.message

    def _chain(self, path: str) -> tuple[str, ...]:
        """Return the chain from the start of the container to a file, one line a step."""
        steps = chain_to(path, self._explored)
        if len(steps) > _MAX_STEPS:
            half = _MAX_STEPS // 2
            steps = (*steps[:half], f"… {len(steps) - 2 * half} more steps …", *steps[-half:])
        return steps


def chain_to(path: str, explored: Explored) -> tuple[str, ...]:
    """Return all steps from the start of the container to a file, one line each; the last is the file."""
    return tuple(_steps(path, explored))[::-1]


def _doubt_of(gap: Gap) -> Doubt:
    if gap.is_limit:
        return Doubt.LIMIT
    return Doubt.GAP if gap.path else Doubt.START


def _steps(path: str, explored: Explored) -> Iterator[str]:
    yield path
    for because in explored.chain(path):
        line = f":{because.line}" if because.line else ""
        yield f"{because.path}{line} {because.how}" if because.path else because.how


def _kind_of(package: Package) -> str | None:
    if re.match(r"pkg:(?:deb|apk|rpm)/", package.purl):
        return SYSTEM
    known = find(package.ecosystem)
    return known.name if known and known.has_followed_runtime else None


class _Folders:
    """The nearest package folder of every reached file."""

    def __init__(self, folders: set[str], explored: Explored) -> None:
        self.names = {posixpath.basename(path) for known in (explored.certain, explored.possible) for path in known}
        self._first: dict[bool, dict[str, str]] = {True: {}, False: {}}
        for is_certain, known in ((True, explored.certain), (False, explored.possible)):
            for path in known:
                folder = path
                while folder and folder not in folders:
                    folder = posixpath.dirname(folder)
                if folder:
                    self._first[is_certain].setdefault(folder, path)

    def reached(self, folder: str, *, is_certain: bool) -> str | None:
        return self._first[is_certain].get(folder)

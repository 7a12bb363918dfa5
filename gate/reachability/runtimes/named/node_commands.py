"""Sources of npm packages that only run as commands: their own, and those of the scripts that package managers run.

A package that is loaded has them in its folder, and nothing that it does leads there: a command is started by its name,
the script of an installation by a package manager.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import chain

from gate.reachability.imports.javascript_loads import Load
from gate.reachability.runtimes.named.node_source import NodeSource
from gate.reachability.runtimes.node.loading import loads_of
from gate.reachability.runtimes.node.modules import Modules, NodeManifest
from gate.reachability.runtimes.walk.files import Files

_INSTALLING = frozenset({"preinstall", "install", "postinstall", "preuninstall", "uninstall", "postuninstall"})
"""Scripts that package managers run for a package that another one needs (npm's documentation, "scripts")."""


class CommandSources:
    """Tells which sources of a package are its commands, and what these alone load of it."""

    def __init__(self, modules: Modules, reached: Set[str], read: Callable[[str], NodeSource], files: Files) -> None:
        self._modules = modules
        self._reached = reached
        self._read = read
        self._files = files

    def alone(self, home: str, sources: Iterable[str], found: Set[str]) -> Set[str]:
        """Return those of the sources of the package in `home`; `found` are some that something else may run.

        They are none if one may look which files the package has. Raises as `Files.read` does.
        """
        manifest = self._modules.manifest(f"/{home}")
        if manifest is None:
            return frozenset()
        unreached = set(sources) - self._reached - found - self._modules.entries(f"/{home}")
        loaded = repr((manifest.exports, manifest.imports))
        unreached = {path for path in unreached if path.removeprefix(f"{home}/") not in loaded}
        places = {posixpath.normpath(posixpath.join(home, path)) for path in _stated_in(manifest)} & unreached
        others = {path: self._read(path) for path in sources if path not in places} if places else {}
        if any(source.lists_its_folder for source in others.values()):
            return frozenset()
        named = {path for path in places for other, source in others.items() if self._leads_to(path, other, source)}
        return self._with_loaded(places - named, unreached, others)

    def are_for_managers(self, home: str) -> bool:
        """True if a package manager runs some when it installs the package in `home`."""
        manifest = self._modules.manifest(f"/{home}")
        return manifest is not None and any(True for _ in _installing(manifest))

    def _with_loaded(self, commands: Set[str], unreached: Set[str], sources: dict[str, NodeSource]) -> Set[str]:
        """Return commands with those of the package's unreached sources that they load, and no other one leads to."""
        found, new = set(commands), set(commands)
        while new:
            new = self._loaded_by(new) & unreached - found
            found |= new
        others = {path: source for path, source in sources.items() if path not in found}
        while others:
            led_to = self._led_to(found - commands, others)
            found -= led_to
            others = {path: sources[path] for path in led_to}
        return found

    def _loaded_by(self, sources: Iterable[str]) -> set[str]:
        """Return the files that sources load by a path that they state."""
        found = (
            self._modules.resolve(load.name, posixpath.dirname(path), load.form).file
            for path in sources
            for load in loads_of(path, self._files)
            if load.is_known and load.name.startswith(".")
        )
        return {path.strip("/") for path in found if path is not None}

    def _led_to(self, sources: Set[str], others: dict[str, NodeSource]) -> set[str]:
        """Return those of a package's sources that some of its others may load.

        One that loads by a name that is made may load all in its own folder, and in those that its strings name.
        """
        making = {path: one for path, one in others.items() if any(map(_is_made, loads_of(path, self._files)))}
        stated = frozenset(chain.from_iterable(source.strings.names for source in others.values()))
        by_name = {path for path in sources if not stated.isdisjoint(_names_of(path))}
        led_to = {path for path in by_name for one in others.items() if self._leads_to(path, *one)}
        return led_to | {path for path in sources for one in making.items() if _is_in_sight(path, *one)}

    def _leads_to(self, path: str, other: str, source: NodeSource) -> bool:
        """True if strings of another source may be put together to the path of a source.

        They have its name, and that of its folder, unless the other one lies there or below. A name that only stands
        where another file is loaded by it leads to that one alone.
        """
        names = _names_of(path)
        if source.strings.names.isdisjoint(names) or not _is_in_sight(path, other, source):
            return False
        loads = [load for load in loads_of(other, self._files) if posixpath.basename(load.name) in names]
        folder = posixpath.dirname(other)
        resolved = {self._modules.resolve(load.name, folder, load.form).file for load in loads if load.is_known}
        stem = re.escape(posixpath.splitext(posixpath.basename(path))[0]).encode()
        times = len(re.findall(rb"(?<![\w-])" + stem + rb"(?![\w-])", self._files.read_again(other)))
        return not loads or f"/{path}" in resolved or len(loads) != times


def _stated_in(manifest: NodeManifest) -> Iterator[str]:
    """Yield the paths of a package's commands, and words of the scripts that package managers run by themselves."""
    paths = manifest.bin.values() if isinstance(manifest.bin, dict) else (manifest.bin,)
    words = (line.split() for line in _installing(manifest))
    yield from (path for path in chain(paths, *words) if isinstance(path, str))


def _installing(manifest: NodeManifest) -> Iterator[str]:
    scripts = manifest.scripts if isinstance(manifest.scripts, dict) else {}
    lines = (scripts[name] for name in sorted(_INSTALLING & scripts.keys()))
    yield from (line for line in lines if isinstance(line, str))


def _is_made(load: Load) -> bool:
    return not load.is_known


def _names_of(path: str) -> Set[str]:
    """Return the names by which code may call a source of its package, if it has the folder."""
    name = posixpath.basename(path)
    return {name, posixpath.splitext(name)[0]}


def _is_in_sight(path: str, other: str, source: NodeSource) -> bool:
    """True if another source lies in the folder of a source, or below, or has the folder's name in a string."""
    folder = posixpath.dirname(path)
    return other.startswith(f"{folder}/") or posixpath.basename(folder) in source.strings.names

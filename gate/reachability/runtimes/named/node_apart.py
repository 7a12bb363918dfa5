"""Sources of npm packages to which nothing leads: what only commands, installations and their developers run.

A package that is loaded has them in its folder. A source that nothing reaches is loaded by a path that code puts
together: from the names of the source and of its folder, which stand in strings, from the place where code lies, or
from a listing of the package's files. A command is started by its own name as well, and the script of an installation
by a package manager.
"""

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import chain, islice
from typing import Any

import msgspec

from gate.reachability.imports.javascript_loads import Load
from gate.reachability.runtimes.named.node_source import NodeSource
from gate.reachability.runtimes.node.loading import loads_of, upwards
from gate.reachability.runtimes.node.modules import Modules, NodeManifest, is_installed
from gate.reachability.runtimes.strings.words import FileWords
from gate.reachability.runtimes.walk.files import Files

_INSTALLING = frozenset({"preinstall", "install", "postinstall", "preuninstall", "uninstall", "postuninstall"})
"""Scripts that package managers run for a package that another one needs (npm's documentation, "scripts")."""
_MANIFEST = "package.json"
_FOLDER = "node_modules"
_TEXTS_IN = re.compile(r"'([^']*)'")
_UPWARDS = re.compile(rb"""["'`/]\.\.(?=["'`/])""")
"""A step out of a folder, in a path."""
_INDEX = "index"
"""How a source is called that the name of its folder loads."""
_OF_LANGUAGE_SERVER = re.compile(r"/typescript/lib/_?(?:tsserver|typingsInstaller)\.js$")
"""What TypeScript's command `tsserver` is made of. Its library has these names, and loads plug-ins by made names."""


class _Naming(msgspec.Struct, frozen=True):
    """A source or text that names things."""

    path: str
    home: str
    """The folder of the package that it belongs to."""
    has: Callable[[str], bool]
    has_manifest: bool
    """True if it has the name of a manifest, and not only where it loads one by a path of its own."""
    goes_on: bool
    """True if it may load or start, or have another do so, what lies in a folder that it names."""


class _Unled:
    """Sources of a package to which nothing leads so far."""

    def __init__(self, paths: Iterable[str], home: str) -> None:
        self.paths = set(paths)
        self.by_name: defaultdict[str, set[str]] = defaultdict(set)
        """By the names by which code may call them."""
        self.inside: defaultdict[str, set[str]] = defaultdict(set)
        """By a folder: those that it holds which hold some of them."""
        self._folders: defaultdict[str, set[str]] = defaultdict(set)
        for path in self.paths:
            for name in _names_of(path):
                self.by_name[name].add(path)
            self._folders[posixpath.dirname(path)].add(path)
        for folder in self._folders:
            while folder not in (home, ""):
                inner, folder = folder, posixpath.dirname(folder)
                self.inside[folder].add(inner)

    def remove(self, paths: Iterable[str]) -> None:
        """Leave out some to which something leads."""
        for path in paths:
            self.paths.discard(path)
            self._folders[posixpath.dirname(path)].discard(path)
            for name in _names_of(path):
                self.by_name[name].discard(path)

    def below(self, folder: str) -> Set[str]:
        """Return the sources in a folder and in all below it."""
        inside = (one for one in self._folders if f"{one}/".startswith(f"{folder}/"))
        return set(chain.from_iterable(self._folders[one] for one in inside))


class SourcesApart:
    """Tells which sources of packages count, and keeps the others until something is seen that leads to them."""

    def __init__(self, modules: Modules, reached: Set[str], read: Callable[[str], NodeSource], files: Files) -> None:
        self._modules = modules
        self._reached = reached
        self._read = read
        self._files = files
        self._apart: dict[str, str] = {}
        """Sources that were left out, each with the folder of its package."""
        self._sources: dict[str, list[str]] = {}
        """By a package's folder: all its sources, if some are left out."""
        self.found: set[str] = set()
        """Those of them to which something led since."""
        self._exported: defaultdict[str, set[str]] = defaultdict(set)
        """By a source's path: the names that its package gives it for others."""
        self._naming: list[_Naming] = []
        self._noted: set[str] = set()
        """Sources that are among them."""
        self._of_package: defaultdict[str, list[_Naming]] = defaultdict(list)
        """By the name of a package: those of them that name it."""
        self._compared: dict[str, int] = {}
        """By the name of a package: how many of all were looked at for it; by a source's path: how many of those."""

    def __bool__(self) -> bool:
        """True while sources are left out."""
        return bool(self._apart)

    def note_source(self, path: str, home: str) -> None:
        """Note a source that counts, which may name sources of other packages. Raises as `Files.read`."""
        if path in self._noted:
            return
        self._noted.add(path)
        source, loads = self._read(path), loads_of(path, self._files)
        makes = source.starts_programs or source.loads_unseen or not is_installed(path) or any(map(_is_made, loads))
        has = source.strings.names.__contains__
        own = (load for load in loads if load.name.startswith("."))
        has_manifest = has(_MANIFEST) and not is_only_loaded(_MANIFEST, self._files.read_again(path), own)
        self._naming.append(_Naming(path, home, has, has_manifest, makes))

    def note_text(self, path: str, words: FileWords | Set[bytes]) -> None:
        """Note an own text, which may name sources of packages."""

        def has(name: str) -> bool:
            scope, _, last = name.rpartition("/")
            is_there = last.encode() in words or f"{last}/".encode() in words
            return is_there and (not scope or f"{scope}/".encode() in words)

        self._naming.append(_Naming(path, "", has, has(_MANIFEST), goes_on=True))

    def counting(self, home: str, sources: list[str]) -> list[str]:
        """Return those of the sources of the package in `home` that count; the others wait. Raises as `Files.read`."""
        apart = self._without_way(home, sources)
        if apart:
            self._apart |= dict.fromkeys(apart, home)
            self._sources[home] = sources
        return [path for path in sources if path not in apart]

    def found_now(self, may_run: Callable[[str], bool]) -> list[str]:
        """Return those left out to which something leads that was noted.

        `may_run` says whether a command of the package in a folder may be started, or the script of its installation.
        """
        running = {home for home in set(self._apart.values()) if may_run(home)}
        found = [path for path, home in self._apart.items() if home in running or self._is_named(path, home)]
        self.found.update(found)
        for home in {self._apart[path] for path in found}:
            left = self._without_way(home, self._sources[home])
            self.found.update(path for path, of in self._apart.items() if of == home and path not in left)
        found = [path for path in self._apart if path in self.found]
        for path in found:
            del self._apart[path]
        return found

    def are_for_managers(self, home: str) -> bool:
        """True if a package manager runs a script when it installs the package in `home`."""
        manifest = self._modules.manifest(f"/{home}")
        return manifest is not None and any(True for _ in _installing(manifest))

    def _without_way(self, home: str, sources: list[str]) -> Set[str]:
        """Return the sources to which nothing leads that is loaded from outside of the package.

        They are none if it is not known what that is, or if one may put together the path of any folder of it.
        """
        manifest = self._modules.manifest(f"/{home}")
        if manifest is None:
            return frozenset()
        stated = repr(manifest.imports)
        for path, name in _exported(manifest.exports):
            self._exported[posixpath.normpath(posixpath.join(home, path))].add(name)
        entered = self._reached | self.found | self._modules.entries(f"/{home}")
        new = {path for path in sources if path in entered or path.removeprefix(f"{home}/") in stated}
        of_server = {path for path in sources if _OF_LANGUAGE_SERVER.search(path)} - new
        left = _Unled((path for path in sources if new and path not in new | of_server), home)
        while new:
            read = {path: self._read(path) for path in new}
            if any(self._goes_anywhere(path, source) for path, source in read.items()):
                return of_server
            new = set(chain.from_iterable(self._led_to(path, source, left) for path, source in read.items()))
            left.remove(new)
        return left.paths | of_server

    def _goes_anywhere(self, path: str, source: NodeSource) -> bool:
        """True if a source may look through the package, or leaves its own folder by a path that it puts together."""
        if source.lists_files and _FOLDER in source.strings.names:
            return True
        return source.knows_its_place and not _only_in_loads(
            _UPWARDS, self._files.read_again(path), loads_of(path, self._files)
        )

    def _led_to(self, other: str, source: NodeSource, left: _Unled) -> Iterator[str]:
        """Yield those of a package's sources that are left to which another of its sources may lead."""
        loads = loads_of(other, self._files)
        by_path = {self._resolved(load, other) for load in loads if load.is_known}
        yield from left.paths.intersection(by_path)
        content = self._files.read_again(other)
        folder = posixpath.dirname(other)
        for name in source.strings.names & left.by_name.keys():
            if not is_only_loaded(name, content, loads):
                yield from (path for path in left.by_name[name] if _is_above(posixpath.dirname(path), folder))
        places = {posixpath.join(folder, posixpath.dirname(load.name)) for load in loads if _is_begun(load)}
        if source.knows_its_place or source.loads_unseen:
            places.add(folder)
        around = chain.from_iterable(left.inside.get(outer, ()) for outer in upwards(folder))
        stated = (one for one in around if _states(posixpath.basename(one), source, content, loads))
        for place in (*map(posixpath.normpath, places), *stated):
            yield from left.below(place)

    def _resolved(self, load: Load, path: str) -> str:
        found = self._modules.resolve(load.name, posixpath.dirname(path), load.form).file
        return (found or "").strip("/")

    def _is_named(self, path: str, home: str) -> bool:
        """True if something elsewhere names the package, and a source of it or the folder of that.

        A source may be called as anything is (`cli`), so the name of its folder counts too, or the manifest's.
        """
        module = home.rpartition("node_modules/")[2] if is_installed(path) else posixpath.basename(home)
        naming = self._naming_package(module)
        known = self._compared.get(path, 0)
        self._compared[path] = len(naming)
        places = posixpath.dirname(path).removeprefix(home).strip("/").split("/")
        names = _names_of(path)
        exported = self._exported.get(path, ())
        return any(
            _leads_into(one, names, places) or any(map(one.has, exported))
            for one in islice(naming, known, None)
            if not (one.path.startswith(f"{home}/") or one.home.endswith(f"/{module}"))
        )

    def _naming_package(self, module: str) -> list[_Naming]:
        """Return what names a package, in the order in which it was noted."""
        known = self._compared.get(module, 0)
        self._compared[module] = len(self._naming)
        self._of_package[module] += (one for one in islice(self._naming, known, None) if one.has(module))
        return self._of_package[module]


def is_only_loaded(name: str, content: bytes, loads: Iterable[Load]) -> bool:
    """True if a name stands in strings only where modules are loaded by the path that it is a part of."""
    pattern = rb"""["'`/!]""" + re.escape(name.encode()) + rb"""(?:\.\w+)?(?=["'`/@ ,:?])"""
    return _only_in_loads(re.compile(pattern), content, loads)


def _states(folder: str, source: NodeSource, content: bytes, loads: Iterable[Load]) -> bool:
    """True if a source has the name of a folder, not only in loads; one of a hidden folder is looked for anywhere."""
    is_there = folder.encode() in content if folder.startswith(".") else folder in source.strings.names
    return is_there and not is_only_loaded(folder, content, loads)


def _only_in_loads(part: "re.Pattern[bytes]", content: bytes, loads: Iterable[Load]) -> bool:
    in_loads = sum(len(part.findall(f"/{load.name}/".encode())) for load in loads if load.is_known)
    return len(part.findall(content)) <= in_loads


def _leads_into(one: _Naming, names: Iterable[str], places: list[str]) -> bool:
    """True if what names a package names its manifest too, a source of it, or a folder that it goes on from."""
    in_place = places == [""] or any(map(one.has, places))
    is_named = one.goes_on and places != [""]
    return one.has_manifest or (in_place and (is_named or any(map(one.has, names))))


def _exported(exports: Any) -> Iterator[tuple[str, str]]:
    """Yield the files of a package that others load by a name that it gives them: `"./name": "./lib/file.js"`."""
    for key, value in exports.items() if isinstance(exports, dict) else ():
        if key.startswith("./"):
            yield from ((path, _stem(key)) for path in _TEXTS_IN.findall(repr(value)))


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0]


def _installing(manifest: NodeManifest) -> Iterator[str]:
    scripts = manifest.scripts if isinstance(manifest.scripts, dict) else {}
    lines = (scripts[name] for name in sorted(_INSTALLING & scripts.keys()))
    yield from (line for line in lines if isinstance(line, str))


def _is_made(load: Load) -> bool:
    return not load.is_known


def _is_begun(load: Load) -> bool:
    """True if the name of what is loaded is made, and begins with a path from the source."""
    return not load.is_known and load.name.startswith(".")


def _names_of(path: str) -> Set[str]:
    """Return the names by which code may call a source of its package, if it has the folder."""
    folder, _, name = path.rpartition("/")
    stem = _stem(name)
    return {name, stem, posixpath.basename(folder)} if stem == _INDEX else {name, stem}


def _is_above(folder: str, other: str) -> bool:
    """True if a folder is another one, or around it."""
    return f"{other}/".startswith(f"{folder}/")

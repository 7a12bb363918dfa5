"""Which unreached npm packages may still be loaded: those that are named in a string, or declared as a dependency.

A module's name that is made at run time has to come from somewhere: from a string in code or settings, from the
beginning of a name in a string (`"eslint-plugin-" + name`), or from the dependencies that the loading package declares.
A package that may be loaded names and declares further packages in turn.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from typing import Any

import msgspec

from gate.core.literals import Literals
from gate.inventory.installed.elf import MAGIC
from gate.inventory.installed.packages import decode_json
from gate.reachability.runtimes.explore import Explored
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.node import SOURCES, loads_of
from gate.reachability.runtimes.node_folders import ModuleFolder, module_folders
from gate.reachability.runtimes.node_modules import BUILT_IN, KIND, is_installed, modules_of, package_of
from gate.reachability.runtimes.node_names import WantedNames
from gate.reachability.runtimes.node_strings import Strings, strings_in
from gate.reachability.runtimes.owners import Owned
from gate.reachability.runtimes.state import Key
from gate.reachability.runtimes.system_files import is_of_system
from gate.reachability.runtimes.words import FileWords, words_in
from gate.trees import EntryKind
from gate.trees.memo import Analysis

_IN_FOLDERS = b"node_modules"
_COMPARED = re.compile(
    rb"""\.(?:split|includes|indexOf|lastIndexOf|startsWith|endsWith)\(\s*(["'`])/?node_modules/?\1\s*[,)]"""
)
"""Where a path is looked at, and none is made."""
_IN_MANIFESTS = b"package.json"
_DEPENDENCIES = re.compile(rb"(?<!yclic[Dd])(?<!ircular[Dd])ependencies")
"""What a package has in it that searches folders, or manifests for what they list, for the modules that it loads."""
_FROM_ELSEWHERE = (b"createRequire", b"paths")
"""Words in code that resolves modules from another folder than its own."""
_STARTS = (b"child_process", b"execa", b"cross-spawn", b"spawn(", b"spawn_sync")
"""Words in a source that starts programs; only there a name can be that of a command."""
_HANDS_ON = b"npx"
"""A word in a source that hands a command line on to one that starts it."""
_MARKS = Literals((*_FROM_ELSEWHERE, *_STARTS, _HANDS_ON, _IN_FOLDERS, _IN_MANIFESTS))
_SHORTEST = 3
"""Characters of a name that counts where it is any word of a file: shorter ones are anything."""
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_BELOW = r"(?:node_modules|/nodejs)/.*/"
_FOR_DEVELOPERS = re.compile(
    rf"{_BELOW}(?:tests?|__tests__|spec|bench(?:marks?)?|examples?|fixtures)/[^/]|\.(?:test|spec|bench)\.\w+$"
    rf"|{_BELOW}(?:eslint|rollup|webpack|karma|vite|vitest|jest|babel|prettier|tsup|ava)[\w.]*\.conf(?:ig)?\.\w+$"
    rf"|{_BELOW}(?:gulpfile|Gruntfile)\.\w+$|{_BELOW}(?:tests?|test-[\w-]+)\.[cm]?js$|/nodejs/lodash/lib/"
)
"""Sources of a package that nothing loads by a name made at run time; one that is loaded by its path is reached."""
_LINE = b"#!"
"""How a source begins that is a program of its own."""
_LISTING = (b"readdir", b"glob", b"opendir")
"""Words in code that looks which files are there."""
_SETTINGS = (".json", ".json5", ".jsonc", ".yaml", ".yml", ".toml", ".env", ".properties", ".ini", ".conf", ".config")
_LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "deno.lock")
_OTHER_CODE = (".py", ".pl", ".pm", ".rb", ".php", ".jar")
"""Code that can start a command of a package, but not load one."""
_RUNTIME = re.compile(r"(?:lib)?(?:node(?:js)?|v8)(?:\.so[.\d]*)?")
"""Node.js itself, whose own code starts no command of a package."""
_DECLARING = ("dependencies", "optionalDependencies", "peerDependencies", "devDependencies")
_ABOUT_DECLARED = ("peerDependenciesMeta", "bundleDependencies", "bundledDependencies", "overrides", "resolutions")
_MAX_OWN_FILES = 20_000
_MAX_OWN_SIZE = 8 << 20
"""The application's own files, and bytes of one."""


class _Said(msgspec.Struct, frozen=True):
    """A name in a package's code or data."""

    name: str
    how: str
    folder: str | None
    """From which it is resolved; None stands for any."""


class _Source(msgspec.Struct, frozen=True):
    """What a source of JavaScript says."""

    strings: Strings
    is_elsewhere: bool
    """True if it resolves modules from another folder than its own."""
    starts_programs: bool
    hands_on: bool
    """True if it hands a command line on."""
    searches_itself: bool


def _read_source(content: bytes) -> _Source:
    marks = _MARKS.among(content)
    return _Source(
        strings_in(content),
        is_elsewhere=not marks.isdisjoint(_FROM_ELSEWHERE),
        starts_programs=not marks.isdisjoint(_STARTS),
        hands_on=_HANDS_ON in marks,
        searches_itself=_searches(content, marks),
    )


def _searches(content: bytes, marks: Set[bytes]) -> bool:
    is_in_folders = _IN_FOLDERS in marks and _IN_FOLDERS in _COMPARED.sub(b"", content)
    return is_in_folders or (_IN_MANIFESTS in marks and _DEPENDENCIES.search(content) is not None)


_NAMED_BY_SOURCE = Analysis("what a source of JavaScript names", _Source, _read_source)


def _source(path: str, files: Files) -> _Source:
    """Return what a source says; of an application's own nothing is kept. Raises as `Files.read` does."""
    return files.analysed(path, _NAMED_BY_SOURCE) if is_installed(path) else _read_source(files.read(path))


class NodeMentions:
    """Collects what files name, and from that the reasons why unreached packages may be loaded."""

    def __init__(self, unreached: Set[Key], owned: dict[Key, Owned], explored: Explored, files: Files) -> None:
        self._files = files
        self._modules = modules_of(files)
        self._folders = {one.path: one for one in module_folders(owned, files)}
        self._keys = frozenset(one.key for one in self._folders.values())
        self._reasons: dict[Key, str] = {}
        self._unread: str | None = None
        self._packages = WantedNames()
        """Names of modules; one name may stand for several."""
        self._commands = WantedNames()
        self._entered: set[str] = set()
        self._followed: dict[str, bool] = {}
        self._neighbours: dict[str, frozenset[str]] = {}
        self._strings: dict[str, frozenset[str]] = {}
        """The strings of the sources that were looked at."""
        self._tools: dict[str, str] = {}
        """Tools of developers that were left out, each with the folder of its module."""
        self._found: set[str] = set()
        """Those that another module may run."""
        self._starting: set[str] = set()
        """Folders of modules that hold code that starts programs."""
        self._todo: list[tuple[str, str | None]] = []
        """Folders of what is or may be loaded, and why what it declares may be, too."""
        self._applications: list[str] = []
        self._sources: dict[str, list[str]] = {}
        self._said: dict[str, list[_Said]] = {}
        """By a package's folder: the names that count if it, or one that it requires, loads by name."""
        self._loading: set[str] = set()
        """Folders of packages that load modules by names that are made at run time."""
        self._gaps = {gap.within: gap.message for gap in explored.gaps if gap.kind == KIND and gap.within is not None}
        self._reached = explored.certain.keys() | explored.possible.keys()
        self._begin(self._reached, unreached)

    def _want(self, module: ModuleFolder) -> None:
        self._packages.add(module, module.names)
        if module.key[1] != KIND:  # a distribution's commands are programs
            return
        manifest = self._modules.manifest(f"/{module.path}")
        commands = manifest.bin if manifest is not None else None
        if commands and not isinstance(commands, dict):  # a single command has the package's name
            commands = [posixpath.basename(module.key[2])]
        self._commands.add(module, commands or ())

    def _begin(self, reached: Iterable[str], unreached: Set[Key]) -> None:
        homes: set[str] = set()
        applications: set[str] = set()
        for path in reached:
            if self._is_installed(path):
                homes.update(filter(None, (self.home(path),)))
            elif path.endswith(SOURCES):
                applications.add((self._modules.scope(posixpath.dirname(path)) or posixpath.dirname(path)).strip("/"))
        applications.update(folder for folder in self._gaps if not is_installed(folder))
        for module in self._folders.values():
            if (module.key in unreached or module.path not in homes) and not _is_for_types(module.path):
                self._want(module)
        if not (homes or applications or self._gaps):
            return  # nothing runs JavaScript
        self._applications = sorted(applications)
        self._todo = [(folder, self._gaps.get(folder)) for folder in sorted(homes | applications)]
        self._todo += [(folder, gap) for folder, gap in self._gaps.items() if folder not in homes | applications]
        self._list_sources()

    def _list_sources(self) -> None:
        """List the sources of every package, and the sources and settings of the applications."""
        for entry in self._files.walk():
            if entry.kind is not EntryKind.FILE:
                continue
            if self._is_installed(entry.path):
                home = self.home(entry.path) if _is_source(entry.path) else None
            else:
                home = next((one for one in self._applications if _is_own(entry.path, one)), None)
                if home is not None and entry.size > _MAX_OWN_SIZE:
                    self._unread = self._unread or f"{entry.path} is too large to know what it names"
                    continue
            if home is not None:
                self._sources.setdefault(home, []).append(entry.path)
        for folder in self._applications:
            if len(self._sources.get(folder, ())) > _MAX_OWN_FILES:
                self._unread = f"/{folder} has more than {_MAX_OWN_FILES:,} files of its own"
                self._todo = []

    def home(self, path: str) -> str | None:
        """Return the folder of the module that a file belongs to, or the file if it is a module by itself."""
        folder = path
        while folder and folder not in self._folders:
            folder = folder.rpartition("/")[0]
        return folder or None

    def _is_installed(self, path: str) -> bool:
        return is_installed(path) or self.home(path) is not None

    def of(self, key: Key) -> str | None:
        """Return the reason, or None if nothing that may be loaded names or declares the package."""
        return self._reasons.get(key) or (self._unread if key in self._keys else None)

    @property
    def named(self) -> Iterable[Key]:
        """The packages that may be loaded."""
        return self._reasons

    def sources(self) -> Iterator[list[str]]:
        """Yield the sources of each package that is or may be loaded; `look` has to be called for them before the next.

        What they name then follows.
        """
        known: set[tuple[str, bool]] = set()
        while self._todo or self._settle(folder for folder, _ in known) or self._tools:
            if not self._todo:
                if not (found := self._found_tools()):
                    return
                yield found
                continue
            folder, why = self._todo.pop()
            if why is not None and (folder, True) not in known:
                known.add((folder, True))
                self._declared(folder, why)
            if (folder, False) not in known:
                known.add((folder, False))
                self._optional(folder)
                yield self._without_tools(folder)

    def _without_tools(self, folder: str) -> list[str]:
        """Return the sources of a module without the tools of its developers.

        These are programs (`#!`) that nothing reaches, that are no command of the module, and whose name none of its
        other sources holds; where one looks which files are there, all count.
        """
        sources = self._sources.get(folder, [])
        if not is_installed(folder + "/"):
            return sources
        unreached = (path for path in sources if path not in self._reached and path not in self._found)
        tools = [path for path in unreached if self._is_tool(path, folder)]
        if not tools:
            return sources
        contents = {path: self._files.read_again(path) for path in sources}
        if any(word in content for content in contents.values() for word in _LISTING):
            return sources
        alone = {path for path in tools if not _is_named(path, contents)}
        self._tools |= dict.fromkeys(alone, folder)
        return [path for path in sources if path not in alone]

    def _found_tools(self) -> list[str]:
        """Return the tools that another module's source may run: it names the module, and the tool or the manifest."""
        found = [path for path, folder in self._tools.items() if self._is_found(path, folder)]
        self._found.update(found)
        for path in found:
            del self._tools[path]
        return found

    def _is_found(self, path: str, folder: str) -> bool:
        module = folder.rpartition("node_modules/")[2] if is_installed(path) else posixpath.basename(folder)
        name = posixpath.basename(path)
        ends = {"package.json", name, posixpath.splitext(name)[0]}
        return any(
            module in names and not ends.isdisjoint(names) and not elsewhere.startswith(f"{folder}/")
            for elsewhere, names in self._strings.items()
        )

    def _is_tool(self, path: str, folder: str) -> bool:
        manifest = self._modules.manifest(f"/{folder}")
        stated = (manifest.bin, manifest.main) if manifest is not None else ()
        stem = posixpath.splitext(posixpath.basename(path))[0]
        return stem not in repr(stated) and self._files.starts_with(path, _LINE)

    def _settle(self, homes: Iterable[str]) -> bool:
        """Take the strings of packages that load by name, or depend on one that does, for names; True if any is new.

        Where nothing loads by a name that is made at run time, a string is no more than a word.
        """
        for home in sorted(set(homes) & self._said.keys()):
            if self._reaches(home, self._loading | self._gaps.keys()):
                for said in self._said.pop(home):
                    self._named(said.name, said.how, said.folder)
        return bool(self._todo)

    def starts_programs(self, home: str) -> bool:
        """True if a source of a module that was looked at starts programs."""
        return home in self._starting

    def required(self, folder: str) -> Set[str]:
        """Return the folders of the modules that a module declares."""
        return self._next_to(folder)

    def _reaches(self, home: str, wanted: Set[str | None]) -> bool:
        todo, known = [home], {home}
        while todo:
            folder = todo.pop()
            if folder in wanted:
                return True
            new = self._next_to(folder) - known
            known |= new
            todo += new
        return False

    def _next_to(self, folder: str) -> Set[str]:
        """Return the folders of the modules that a module declares."""
        if folder not in self._neighbours:
            manifest = self._modules.manifest(f"/{folder}")
            names = manifest.declared(is_developed=False) if manifest is not None else ()
            copies = (self._modules.copies(name, folder) for name in names)
            self._neighbours[folder] = frozenset(chain.from_iterable(copies))
        return self._neighbours[folder]

    def look(self, path: str, words: FileWords) -> None:
        """Note what a file names; `words` are all words of the file."""
        if path.endswith(SOURCES):
            self._strings[path] = _source(path, self._files).strings.names
        if not self._packages:
            return
        if path.endswith(SOURCES):
            self.look_at_source(path)
        elif posixpath.basename(path) == "package.json":
            if not is_installed(path):
                self._look_at_words(path, self._words_of_manifest(path))
        elif posixpath.basename(path) not in _LOCKS:
            self._look_at_words(path, words)

    def look_at_source(self, path: str) -> Set[str]:
        """Note what a source names and loads, and return the names that its strings have."""
        source = _source(path, self._files)
        strings = source.strings
        self._strings[path] = strings.names
        folder = None if source.is_elsewhere else posixpath.dirname(path)
        named = self._packages.meant_by(strings)
        home = self.home(path)
        starts = source.starts_programs
        if home is None:
            for name in named if not is_installed(path) else ():
                self._named(name, f"{path} names {name}", folder)
        else:
            said = (_Said(name, f"{path} names {name}", folder) for name in named)
            self._said.setdefault(home, []).extend(said)
            self._look_at_loads(path, home)
            if starts:
                self._starting.add(home)
        starts = starts or source.hands_on or not self._is_installed(path)
        for name in self._commands.meant_by(strings) if starts else ():
            self._may_run(name, path)
        gap = self._gaps.get(home) if home is not None else None
        if gap is not None and source.searches_itself:
            self._todo += [(folder, gap) for folder in self._applications]
        return strings.names

    def _look_at_loads(self, path: str, home: str) -> None:
        """Take what a package's source loads by a name that it states, and note if it loads by others.

        If other sources of the package are followed, this one may be its developers': it counts at once if the package
        declares what it loads, and else only if it loads its own sources by name.
        """
        is_followed = self._is_followed(home)
        for load in loads_of(path, self._files):
            name = package_of(load.name)[0]
            if load.is_known and name not in BUILT_IN and self._packages.of(name):
                how = f"{path}:{load.line} {load.form}s {name}"
                self._named(name, how, posixpath.dirname(path), home if is_followed else None)
                if is_followed:
                    self._said.setdefault(home, []).append(_Said(name, how, posixpath.dirname(path)))
            elif not load.name:
                self._loading.add(home)

    def _is_followed(self, home: str) -> bool:
        """True if no name leads to more of a module than is reached: what loads it as a whole was followed."""
        if home not in self._entered:
            return True
        if home not in self._followed:
            self._followed[home] = not self._modules.entries(f"/{home}").isdisjoint(self._reached)
        return self._followed[home]

    def _look_at_words(self, path: str, words: FileWords | Set[bytes]) -> None:
        if _RUNTIME.fullmatch(posixpath.basename(path)) or is_of_system(path):
            return
        for name in self._commands.among(words):
            if len(name) >= _SHORTEST:
                self._may_run(name, path)
        if not path.endswith(_OTHER_CODE) and not self._files.starts_with(path, MAGIC):
            named = self._packages.among(words)
            home = self.home(path)
            if home is not None:
                said = (_Said(name, f"{path} names {name}", None) for name in named)
                self._said.setdefault(home, []).extend(said)
            else:
                for name in named:
                    self._named(name, f"{path} names {name}", None)

    def _words_of_manifest(self, path: str) -> Set[bytes]:
        """Return the words of an application's `package.json`, its dependencies left aside."""
        content: dict[str, Any] = decode_json(self._files.read(path), path, dict[str, Any])
        kept = {name: value for name, value in content.items() if name not in (*_DECLARING, *_ABOUT_DECLARED, "name")}
        return words_in(msgspec.json.encode(kept))

    def _declared(self, folder: str, why: str) -> None:
        manifest = self._modules.manifest(f"/{folder}" if folder else "")
        is_developed = not is_installed(folder + "/")
        for name in manifest.declared(is_developed=is_developed) if manifest is not None else ():
            self._named(name, f"{folder}/package.json declares {name}; {why}", folder)

    def _optional(self, folder: str) -> None:
        """Note what a package declares as optional: its parts for a platform, found by a name that it makes."""
        manifest = self._modules.manifest(f"/{folder}" if folder else "")
        optional = manifest.optional if manifest is not None else None
        for name in optional if isinstance(optional, dict) else ():
            self._named(name, f"{folder}/package.json declares {name} as optional", folder)

    def _named(self, name: str, how: str, folder: str | None, home: str | None = None) -> None:
        """Note the copies of a package that `name` resolves to in a file of `folder`; for None all copies.

        With a `home`, the module whose code says so, those that a distribution brings for all programs count only if
        that module, or the application, declares them.
        """
        modules = self._packages.of(name)
        copies = self._modules.copies(name, folder) if modules and folder is not None else None
        for module in modules:
            is_meant = copies is None or module.path in copies or module.is_file
            if is_meant and (home is None or self._is_for(home, module, name)):
                self._enter(module, how)

    def _is_for(self, home: str, module: ModuleFolder, name: str) -> bool:
        if module.key[1] == KIND or module.path.startswith(home + "/"):
            return True
        by_application = any(self._declares(folder, name, is_developed=True) for folder in self._applications)
        return by_application or self._declares(home, name, is_developed=False)

    def _declares(self, folder: str, name: str, *, is_developed: bool) -> bool:
        manifest = self._modules.manifest(f"/{folder}" if folder else "")
        return manifest is not None and name in manifest.declared(is_developed=is_developed)

    def enter_program(self, path: str, how: str) -> None:
        """Note that the module may be loaded that a script belongs to which may be started."""
        home = self.home(path)
        if home is not None and home not in self._entered:
            self._enter(self._folders[home], how)

    def _may_run(self, command: str, path: str) -> None:
        for module in self._commands.of(command):
            self._commands.remove(module, (command,))
            self._enter(module, f"{path} names {command}")

    def _enter(self, module: ModuleFolder, how: str) -> None:
        self._reasons.setdefault(module.key, f"{how}, so it may be started or loaded")
        if module.path not in self._entered:
            self._entered.add(module.path)
            self._todo.append((module.path, f"{posixpath.basename(module.path)} may be loaded"))
            self._packages.remove(module, module.names)


def _is_named(path: str, contents: Mapping[str, bytes]) -> bool:
    """True if a source, another than that of `path`, holds the name of `path`."""
    stem = posixpath.splitext(posixpath.basename(path))[0].encode()
    return any(stem in content for other, content in contents.items() if other != path)


def _is_for_types(folder: str) -> bool:
    """True for a module of a distribution that holds declarations for a compiler alone: nothing loads it."""
    return "/nodejs/@types/" in f"/{folder}/"


def _is_source(path: str) -> bool:
    return path.endswith(SOURCES) and not path.endswith(_DECLARATIONS) and _FOR_DEVELOPERS.search(path) is None


def _is_own(path: str, application: str) -> bool:
    """True for a source or setting of an application."""
    name = posixpath.basename(path)
    is_inside = not application or path.startswith(application + "/")
    return is_inside and name not in _LOCKS and (name.startswith(".") or name.endswith((*SOURCES, *_SETTINGS)))

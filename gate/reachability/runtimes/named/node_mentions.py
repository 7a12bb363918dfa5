"""Which unreached npm packages may still be loaded: those that are named in a string, or declared as a dependency.

A module's name that is made at run time has to come from somewhere: from a string in code or settings, from the
beginning of a name in a string (`"eslint-plugin-" + name`), or from the dependencies that the loading package declares.
A package that may be loaded names and declares further packages in turn.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Set
from itertools import chain, islice
from typing import Any

import msgspec

from gate.inventory.installed.elf import MAGIC
from gate.inventory.installed.packages import decode_json
from gate.reachability.runtimes.compiled.elf import may_start_programs
from gate.reachability.runtimes.named.node_apart import SourcesApart, is_only_loaded
from gate.reachability.runtimes.named.node_installations import Installations
from gate.reachability.runtimes.named.node_manifests import LIFECYCLE, MANAGERS, reads_own_manifest
from gate.reachability.runtimes.named.node_names import WantedNames, is_plugin_of
from gate.reachability.runtimes.named.node_scripts import ScriptRunners, has_classic_yarn
from gate.reachability.runtimes.named.node_searches import (
    IN_FOLDERS,
    hands_out,
    served_in,
)
from gate.reachability.runtimes.named.node_source import NodeSource, node_source, without_bundled_manifests
from gate.reachability.runtimes.named.node_strings import Strings
from gate.reachability.runtimes.node.loading import is_loaded_source, loads_of, upwards
from gate.reachability.runtimes.node.modules import BUILT_IN, KIND, is_installed, modules_of, package_of, with_scoped
from gate.reachability.runtimes.node.sources import COMPILER, SOURCES
from gate.reachability.runtimes.packages.node_folders import ModuleFolder, module_folders
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.strings.values import strings_alone
from gate.reachability.runtimes.strings.words import FileWords, names_in, without_comments, words_in
from gate.reachability.runtimes.walk.explore import Explored
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.system_files import SHARED, is_of_system
from gate.trees import Entry, EntryKind
from gate.trees.memo import Analysis

_PROGRAM_FOLDERS = ("bin", ".bin", "sbin")
_LOCAL_PROGRAMS = "node_modules/.bin"
_SHORTEST = 3
"""Characters of a name that counts where it is any word of a file: shorter ones are anything."""
_OF_TYPES_ALONE = re.compile(r"/node_modules/@types/[\w.-]+/$")
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_BELOW = r"(?:node_modules|/nodejs)/.*/"
_FOR_DEVELOPERS = re.compile(
    rf"{_BELOW}(?:(?:system-)?tests?|__tests__|spec|bench(?:marks?)?|examples?|fixtures)/[^/]|\.(?:test|spec|bench)\.\w+$"
    rf"|{_BELOW}(?:eslint|rollup|webpack|karma|vite|vitest|jest|babel|prettier|playwright|tsup|ava)[\w.]*\.conf(?:ig)?\.\w+$"
    rf"|{_BELOW}(?:gulpfile|[Gg]runtfile|[Jj]akefile)\.\w+$|{_BELOW}(?:tests?|test-[\w-]+)\.[cm]?js$|/nodejs/lodash/lib/"
)
"""Sources of a package that nothing loads by a name made at run time; one that is loaded by its path is reached."""
_LINE = b"#!"
"""How a source begins that is a program of its own."""
_RUN_BY_NODE = re.compile(rb"#![^\n]*(?:\n[^\n]*\bexec\b[^\n]*)?\b(?:node|bun|deno|tsx)\b")
_FOR_NODE = Analysis("is run by Node.js", bool, lambda content: _RUN_BY_NODE.match(content) is not None, is_cheap=True)
"""A program of its own in JavaScript; a line of a shell may start Node.js with it."""
_SETTINGS = (".json", ".json5", ".jsonc", ".yaml", ".yml", ".toml", ".env", ".properties", ".ini", ".conf", ".config")
_DATA = (".json", ".yaml", ".yml")
"""Files of a package that hold data."""
_MANIFEST = "package.json"
_LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "deno.lock")
_OTHER_CODE = (".py", ".pl", ".pm", ".rb", ".php", ".jar")
"""Code that can start a command of a package, but not load one."""
_FOR_COMPILERS = (
    *(".vue", ".svelte", ".astro", ".mdx", ".marko", ".riot", ".coffee", ".ls", ".civet", ".elm"),
    *(".css", ".scss", ".sass", ".less", ".styl", ".pcss"),
)
"""Sources that a compiler or bundler turns into JavaScript or styles, and that may import packages."""
_REPORTS = re.compile(r"/@sentry/[\w-]+/(?:\w+/)*integrations/modules\.[cm]?js$|/newrelic/lib/environment\.js$")
"""Sources of packages that list what is installed for a report, and hand none of the names on to what loads."""
_HOLDS_ALL = re.compile(r"/yarn/lib/cli\.js$")
"""The source of a package manager that loads no module but its own, and is not looked at where that is followed."""
_RUNTIME = re.compile(r"(?:lib)?(?:node(?:js)?|v8)(?:\.so[.\d]*)?")
"""Node.js itself, whose own code starts no command of a package."""
_OF_COMPILER = re.compile(r"/typescript/lib/(?:[\w-]+/diagnosticMessages\.generated|typesMap)\.json$")
"""What TypeScript says of sources, and how the packages are called of which it finds declarations."""
OF_TYPES = re.compile(
    r"/mime-db/db\.json$|/mime-types/types\.json$|/mime/(?:dist/)?types(?:/(?:standard|other)\.js|\.json)$"
    r"|/mrmime/index\.m?js$|/nodemailer/(?:\w+/)*mime-funcs/mime-types\.js$|/libmime/(?:\w+/)*mimetypes\.js$"
    r"|/binary-extensions/binary-extensions\.json$"
)
"""Lists of types of media, as `/etc/mime.types` is one, and of the endings of files."""
_DECLARING = ("dependencies", "optionalDependencies", "peerDependencies", "devDependencies")
_OF_MANAGERS = ("engines", "devEngines", "packageManager", "volta")
"""Which package manager and which Node.js a manifest asks for, in which versions."""
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
        self._seen: set[str] = set()
        """Folders of what is or may be loaded, whose sources were looked at."""
        self._opaque: set[str] = set()
        """Folders of modules of which it is not known what their sources load."""
        self._run: set[str] = set()
        """Folders of modules of which a command may be started."""
        self._depending: dict[str, str] = {}
        """Folders of what may be loaded, with why, until it is known whether it loads by names that are made."""
        self._unreached: dict[str, list[_Said]] = {}
        """By a package's folder: what its sources load that nothing reaches, until these may be loaded."""
        self._followed: dict[str, bool] = {}
        self._neighbours: dict[str, frozenset[str]] = {}
        self._known: dict[str, NodeSource] = {}
        self._starting: set[str] = set()
        """Folders of modules that hold code that starts programs."""
        self._declarations: list[ModuleFolder] = []
        """Modules of declarations of types alone, until something may look for such."""
        self._homes: set[str] = set()
        """Folders of the modules of which something is reached."""
        self._todo: list[tuple[str, str | None]] = []
        """Folders of what is or may be loaded, and why what it declares may be, too."""
        reached = chain(explored.possible.items(), explored.certain.items())
        self._scripts = {path for path, because in reached if _has_no_ending(path) and is_loaded_source(path, because)}
        """Sources without an ending: what is loaded, and programs of packages, whose commands count if they run."""
        self._working = explored.folders
        """Folders in which programs work, and those around them: what is installed for all looks for settings there."""
        self._loaded: set[str] = set()
        """Folders of modules that are reached, of which a command may be started besides."""
        self._applications: list[str] = []
        self._sources: dict[str, list[str]] = {}
        self._data: dict[str, dict[str, list[str]]] = {}
        """By a package's folder: its files of data, by their names with and without ending."""
        self._named_data: list[str] = []
        """Files of data that sources name, not looked at so far."""
        self._said: dict[str, list[_Said]] = {}
        """By a package's folder: the names that count if it, or one that it requires, loads by name."""
        self._plugins: dict[str, list[tuple[str, str]]] = {}
        """By a package's folder: what the applications declare that is called like its plug-ins, with their folders."""
        self._loading: set[str] = set()
        """Folders of packages that load modules by names that are made at run time."""
        self._searching: dict[str, str] = {}
        """Folders of packages that look for modules in folders or manifests, each with how."""
        self._reading: set[str] = set()
        """Folders of packages that read manifests of which only a run tells the path."""
        self._handling: dict[str, str] = {}
        """Folders of packages that go through dependencies of a manifest, each with the source."""
        self._gaps = {gap.within: gap.message for gap in explored.gaps if gap.kind == KIND and gap.within is not None}
        self._reached = explored.certain.keys() | explored.possible.keys()
        has_yarn = has_classic_yarn(self._folders.values(), files)
        self._runners = ScriptRunners(self._folders.values(), self._next_to, explored, has_classic_yarn=has_yarn)
        self._apart = SourcesApart(self._modules, self._reached, self._read, files)
        self._installations = Installations(self._folders.values(), self._reached, files)
        self._installations.search(self._modules.searched)
        self._programs, self._local_programs = _names_of_programs(files)
        self._manifests: list[tuple[str, Set[bytes]]] = []
        """Manifests of the applications with the words of their scripts, until it is known that these may be run."""
        self._waiting: dict[str, list[tuple[str, str]]] = {}
        """By a package's folder: the commands that its texts and compiled files name, each with the file."""
        self._lifecycle: list[tuple[str, Set[bytes]]] = []
        """The same with the scripts that package managers run when they install or publish."""
        self._begin(self._reached, unreached, explored.given)

    def _want(self, module: ModuleFolder) -> None:
        self._packages.add(module, module.names)
        self._want_commands(module)

    def _want_commands(self, module: ModuleFolder) -> None:
        if module.key[1] != KIND:  # a distribution's commands are programs
            return
        manifest = self._modules.manifest(f"/{module.path}")
        commands = (manifest.bin if manifest is not None else None) or ()
        if commands and not isinstance(commands, dict):  # a single command has the package's name
            commands = [posixpath.basename(module.key[2])]
        self._commands.add(module, (each for each in commands if each in self._programs | self._local_programs))

    def _begin(self, reached: Iterable[str], unreached: Set[Key], given: Set[str]) -> None:
        homes = self._homes
        applications: set[str] = set()
        for path in reached:
            if self._is_installed(path):
                homes.update(filter(None, (self.home(path),)))
            elif path.endswith(SOURCES):
                applications.add((self._modules.scope(posixpath.dirname(path)) or posixpath.dirname(path)).strip("/"))
        applications.update(folder for folder in self._gaps if not is_installed(folder))
        self._want_modules(unreached)
        if not (homes or applications or self._gaps):
            return  # nothing runs JavaScript
        applications.update(chain.from_iterable(map(self._around, self._folders)))
        applications.update(folder for folder in self._working if folder not in SHARED and not is_installed(folder))
        self._working = frozenset(chain.from_iterable(map(upwards, self._working)))
        self._installations.search(applications)
        self._applications = sorted(applications)
        self._todo = [(folder, self._gaps.get(folder)) for folder in sorted(homes | applications | self._working)]
        self._todo += [(folder, gap) for folder, gap in self._gaps.items() if folder not in homes | applications]
        self._list_sources()
        with_code = [one for one in self._declarations if one.path in self._sources]
        self._declarations = [one for one in self._declarations if one not in with_code]
        for module in with_code:
            self._want(module)
        texts = "\n".join(sorted(given)).encode()
        self._apart.note_text("a command line or variable", names_in(texts))
        for name in self._packages.among(names_in(texts)):
            self._named_in_text(name, "a command line or variable", texts)

    def _want_modules(self, unreached: Set[Key]) -> None:
        """Want the modules of which nothing is reached; those of declarations of types wait for what reads such."""
        for module in self._folders.values():
            if module.key not in unreached and module.path in self._homes:
                self._loaded.add(module.path)
                self._want_commands(module)
                continue
            if _OF_TYPES_ALONE.search(f"/{module.path}/"):
                self._declarations.append(module)
            elif not _is_for_types(module.path):
                self._want(module)

    def _around(self, path: str) -> Iterator[str]:
        """Yield the folder of the application that a module is installed for; none of its own code need be reached.

        `npx` runs a package without it, and a command that is installed for all works in a folder of its user.
        """
        folder, inside, _ = f"/{path}".partition("/node_modules/")
        if inside and not is_installed(f"{folder[1:]}/") and self._modules.manifest(folder) is not None:
            yield folder[1:]

    def _list_sources(self) -> None:
        """List the sources of every package, and the sources and settings of the applications."""
        for entry in self._files.walk():
            if entry.kind is not EntryKind.FILE:
                continue
            if self._is_installed(entry.path):
                home = self.home(entry.path) if _is_source(entry.path) or self._is_script(entry) else None
                if entry.path.endswith(_FOR_COMPILERS):
                    self._opaque.update(filter(None, (self.home(entry.path),)))
                if entry.path.endswith(_DATA):
                    self._note_data(entry.path)
            else:
                home = self._application_of(entry.path)
                if home is not None and entry.size > _MAX_OWN_SIZE:
                    self._unread = self._unread or f"{entry.path} is too large to know what it names"
                    continue
            if home is not None:
                self._sources.setdefault(home, []).append(entry.path)
        for folder in self._applications:
            if len(self._sources.get(folder, ())) > _MAX_OWN_FILES:
                self._unread = f"/{folder} has more than {_MAX_OWN_FILES:,} files of its own"
                self._todo = []

    def _application_of(self, path: str) -> str | None:
        """Return the folder of the application, or the working folder, of which a file is a source or setting."""
        folder = posixpath.dirname(path)
        near = (folder,) if folder in self._working else ()
        return next((one for one in chain(self._applications, near) if _is_own(path, one)), None)

    def _is_script(self, entry: Entry) -> bool:
        """Note whether a file of a package is a program in JavaScript, which need not have an ending."""
        is_program = bool(entry.mode & 0o111) and _has_no_ending(entry.path)
        if is_program and self._files.analysed(entry.path, _FOR_NODE):
            self._scripts.add(entry.path)
        return entry.path in self._scripts

    def _note_data(self, path: str) -> None:
        """Note a file of a package, which its sources may read: a list of plug-ins as well."""
        home, name = self.home(path), posixpath.basename(path)
        if home is not None and name != _MANIFEST and path not in self._reached:
            for each in {name, posixpath.splitext(name)[0]}:
                self._data.setdefault(home, {}).setdefault(each, []).append(path)

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
        while self._named_data or self._todo or self._may_go_on():
            if self._named_data:
                yield list(dict.fromkeys(self._named_data))
                self._named_data.clear()
                continue
            if not self._todo:
                if not (found := self._apart.found_now(self._may_run_commands)):
                    return
                yield found
                continue
            folder, why = self._todo.pop()
            if why is not None and (folder, True) not in known:
                known.add((folder, True))
                self._depending[folder] = why
            if (folder, False) not in known:
                known.add((folder, False))
                self._seen.add(folder)
                self._optional(folder)
                yield self._counting(folder)

    def _may_go_on(self) -> bool:
        """True if what was seen of the packages leads to more."""
        return self._settle() or self._take_scripts() or bool(self._apart)

    def _counting(self, folder: str) -> list[str]:
        """Return the sources of a module or an application that count; those to which nothing leads wait."""
        sources = self._sources.get(folder, [])
        is_whole = not is_installed(folder + "/") or folder in self._run
        return sources if is_whole else self._apart.counting(folder, sources)

    def _may_run_commands(self, folder: str) -> bool:
        return folder in self._run or self._is_installed_again(folder)

    def _is_installed_again(self, folder: str) -> bool:
        """True for a package with scripts for its installation, if a package manager may run that is not followed."""
        if not self._apart.are_for_managers(folder):
            return False
        managers = (one.path for one in self._folders.values() if not one.names.isdisjoint(MANAGERS))
        may_run = (
            path in self._entered or (path in self._homes and not self._runners.is_followed(path)) for path in managers
        )
        return self._runners.runs_lifecycle() or any(may_run)

    def _settle(self) -> bool:
        """Take the strings of packages that load by name, or depend on one that does, for names; True if any is new.

        Where nothing loads by a name that is made at run time, a string is no more than a word. If such a package looks
        through folders or manifests, it may find what the applications declare.
        """
        self._take_dependencies()
        for home in sorted(self._seen):
            self._take_plugins(home)
        for home in sorted(self._said):
            if self._reaches(home, self._loading | self._gaps.keys()):
                for said in self._said.pop(home):
                    self._named(said.name, said.how, said.folder)
        for home in sorted(self._handling):
            if home in self._reading or self._reaches(home, self._reading):
                self._searching[home] = f"{self._handling.pop(home)} looks for modules in a manifest"
        for home in sorted(self._searching):
            if self._reaches(home, self._loading | self._gaps.keys()):
                why = self._gaps.get(home) or self._searching[home]
                del self._searching[home]
                self._todo += [(folder, why) for folder in self._applications]
                self._all_next_to(home, why)
        return bool(self._todo)

    def _take_dependencies(self) -> None:
        """Take what packages declare, and what their sources load that nothing reaches, if that may be loaded.

        What a package declares, and loads nowhere by its name, is loaded only by a name that is made at run time. So
        are those of its sources that nothing reaches, if the whole of it was followed from where it is loaded.
        """
        loading = self._loading | self._gaps.keys()
        looking = loading | self._searching.keys() | self._handling.keys() | self._reading
        for home in sorted(self._depending):
            is_open = not is_installed(f"{home}/") or home in self._run or home in self._opaque
            if is_open or (home in self._seen and self._reaches(home, looking, self._seen)):
                self._declared(home, self._depending.pop(home))
        for home in sorted(self._unreached):
            may_load = home in self._entered or home in self._opaque or home in self._run
            if may_load or self._reaches(home, loading):
                said = self._unreached.pop(home)
                self._said.setdefault(home, []).extend(said)
                for one in said:
                    self._named(one.name, one.how, one.folder, home)

    def _all_next_to(self, home: str, why: str) -> None:
        """Note all modules in the outermost folder of modules around one, if no manifest says which are to be there."""
        place, inside, _ = f"/{home}".partition("/node_modules/")
        if inside and self._modules.manifest(place) is None:
            folder = f"{place}/node_modules"
            names = chain.from_iterable(with_scoped(name, folder, self._files) for name in self._files.names(folder))
            found = (self._files.folder(f"{folder}/{name}") for name in names)
            for path in filter(None, found):
                if path in self._folders:
                    self._enter(self._folders[path], f"it lies next to {home}; {why}")

    def _take_plugins(self, home: str) -> None:
        """Take what an application declares and extends a package that loads by name, or requires one that does.

        Tools make the names of their plug-ins of shorter ones in settings (`airbnb`, `@babel/env`), each in its way. So
        what is called like the tool counts, and what states it as its peer or dependency.
        """
        if home not in self._plugins:
            declared = ((name, folder) for folder in self._applications for name in self._declared_by(folder))
            module = self._folders.get(home)
            called = module.key[2] if module is not None and module.key[1] == KIND else ""
            self._plugins[home] = [
                one for one in declared if is_plugin_of(called, one[0]) or self._extends(called, *one)
            ]
        if self._plugins[home] and self._reaches(home, self._loading | self._gaps.keys()):
            for name, folder in self._plugins[home]:
                how = f"{folder}/package.json declares {name}, which may be a plug-in of {posixpath.basename(home)}"
                self._named(name, how, folder)
            self._plugins[home] = []

    def _extends(self, tool: str, name: str, folder: str) -> bool:
        """True for a package of an application that states a tool among its peers or dependencies."""
        manifest = self._modules.manifest(f"/{folder}/node_modules/{name}")
        return bool(tool) and manifest is not None and manifest.asks_for(tool)

    def _declared_by(self, folder: str) -> Iterable[str]:
        manifest = self._modules.manifest(f"/{folder}" if folder else "")
        return manifest.declared(is_developed=True) if manifest is not None else ()

    def _take_scripts(self) -> bool:
        """Take the words of the applications' scripts for names if these may be run; True if any is new.

        Likewise the commands in packages' texts, if these may come to code that starts programs.
        """
        for home in self._runners.started_from(list(self._waiting), self._starting):
            for name, path in self._waiting.pop(home):
                self._may_run(name, path)
        if self._manifests and self._runners.may_run(self._starting | self._loading):
            for path, words in chain(self._manifests, self._lifecycle):
                self._look_at_words(path, words)
            self._manifests.clear()
            self._lifecycle.clear()
        elif self._lifecycle and self._runners.runs_lifecycle():
            for path, words in self._lifecycle:
                self._look_at_words(path, words)
            self._lifecycle.clear()
        return bool(self._todo)

    def starts_programs(self, home: str) -> bool:
        """True if a source of a module that was looked at starts programs."""
        return home in self._starting

    def required(self, folder: str) -> Set[str]:
        """Return the folders of the modules that a module declares."""
        return self._next_to(folder)

    def _reaches(self, home: str, wanted: Set[str | None], within: Set[str] | None = None) -> bool:
        """True if a module requires one that is wanted, by others in between, which are `within` some."""
        todo, known = [home], {home}
        while todo:
            folder = todo.pop()
            if folder in wanted:
                return True
            new = self._next_to(folder) - known
            new = new if within is None else new & within
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

    def _read(self, path: str) -> NodeSource:
        """Return what a source says; read once. Raises as `Files.read` does."""
        if path not in self._known:
            self._known[path] = node_source(path, self._files)
        return self._known[path]

    def look(self, path: str, words: FileWords, *, is_own: bool, is_followed: bool) -> None:
        """Note what a file names; `words` are all words of the file, of which every command may be followed.

        In an own text names count whatever signs stand around them, as in `[a, b]`, `a: 1` or `--plugins a,b`.
        """
        is_source = path.endswith(SOURCES) or path in self._scripts
        if is_source:
            self._apart.note_source(path, self.home(path) or "")
        if not self._packages:
            return
        if is_source:
            self.look_at_source(path)
        if path.endswith(SOURCES) or (is_source and path not in self._reached):
            return
        if posixpath.basename(path) == _MANIFEST:
            if not is_installed(path):
                self._look_at_manifest(path)
        elif posixpath.basename(path) not in _LOCKS:
            self._look_at_words(path, words)
            if is_own and not self._files.starts_with(path, MAGIC):
                self._look_between_signs(path, without_comments(path, self._files.read_again(path)))
            if not is_followed and not _names_no_module(path):
                self._runners.note_text(self.home(path), words, is_code=self._is_code(path))

    def look_at_source(self, path: str) -> Set[str]:
        """Note what a source names and loads, and return the names that its strings have."""
        home = self.home(path)
        if home is not None and _REPORTS.search(path):
            self._look_at_loads(path, home)
        is_alone = home is not None and _HOLDS_ALL.search(path) and self._runners.is_followed(home)
        if is_alone or OF_TYPES.search(path) or _REPORTS.search(path):
            return frozenset()
        source = self._read(path)
        strings = source.strings
        if source.reads_declarations:
            for module in self._declarations:
                self._enter(module, f"{path} looks for declarations of types")
            self._declarations = []
        if source.finds_installations:
            self._enter_kept(self._installations.enter_all())
        self._apart.note_source(path, home or "")
        folder = None if source.is_elsewhere else posixpath.dirname(path)
        named = self._packages.meant_by(strings)
        if home is not None:
            self._look_at_packaged(path, home, source, (_Said(name, f"{path} names {name}", folder) for name in named))
        elif not is_installed(path):
            self._look_at_own(path, named, folder, strings)
        if source.hands_on:
            self._note_npx(path, strings, named)
        self._look_for_commands(path, source)
        return strings.names | source.commands

    def _look_for_commands(self, path: str, source: NodeSource) -> None:
        """Note the commands that a source names, if it may start one, or hand its name to what does."""
        starts = source.starts_programs or source.hands_on or not self._is_installed(path)
        if not starts or (path in self._scripts and path not in self._reached):
            return
        names = source.strings.names | source.commands
        for name in self._commands.meant_by(msgspec.structs.replace(source.strings, names=names)):
            if not self._is_only_loaded(name, path):
                self._may_run(name, path)

    def _is_only_loaded(self, command: str, path: str) -> bool:
        """True if a source has a command's name only where it loads the package that is called like it."""
        if not all(module.path in self._loaded for module in self._commands.of(command)):
            return False
        return is_only_loaded(command, self._files.read_again(path), loads_of(path, self._files))

    def _look_at_packaged(self, path: str, home: str, source: NodeSource, said: Iterable[_Said]) -> None:
        """Note what a source of the package in `home` does, and the names in it."""
        self._runners.note(path, home, source.of_manifests, source.strings)
        self._said.setdefault(home, []).extend(said)
        self._look_at_loads(path, home)
        data = self._data.get(home, {})
        for name in sorted(data.keys() & source.strings.names):
            self._named_data += data.pop(name)
        self._note_searches(path, home, source)
        if source.starts_programs:
            self._starting.add(home)
        if source.starts_programs or source.loads_unseen:
            self._opaque.add(home)

    def _note_npx(self, path: str, strings: Strings, named: Iterable[str]) -> None:
        """Note the packages that a source with npx names, which runs a package's only command, however it is called."""
        self._run.update(one.path for one in self._folders.values() if not strings.names.isdisjoint(one.names))
        for name in named:
            self._named(name, f"{path} names {name}", posixpath.dirname(path))

    def _note_searches(self, path: str, home: str, source: NodeSource) -> None:
        """Note whether a source of a package looks for modules, or takes part in that; a compiler only reads them."""
        if COMPILER.search(path):
            return
        if source.of_manifests.reads_any:
            self._reading.add(home)
        if source.handles_dependencies and not self._runners.is_followed(home):
            self._handling[home] = path
        if source.searches_itself and not self._runners.is_followed(home):
            self._searching[home] = f"{path} looks for modules, and one is loaded by a name that is made at run time"

    def _look_at_own(self, path: str, named: Iterable[str], folder: str | None, strings: Strings) -> None:
        """Note what an own source names; if it reads the manifest, any package may load what that lists."""
        for name in sorted({*named, *self._packages.joined_of(strings)}):
            self._named(name, f"{path} names {name}", folder, is_own=True)
        content = without_bundled_manifests(self._files.read_again(path))
        for name in self._packages.between_signs(b"\n".join(strings_alone(content))):
            self._named(name, f"{path} names {name}", None, is_own=IN_FOLDERS in content)
        if hands_out(content):
            self._enter_all_near(path)
        reads_manifest = reads_own_manifest(content)
        self._runners.note_own(content, strings, reads_manifest=reads_manifest)
        if reads_manifest:
            gaps = (gap for home, gap in self._gaps.items() if not self._runners.is_followed(home))
            self._todo += [(application, gap) for gap in islice(gaps, 1) for application in self._applications]

    def look_at_page(self, path: str) -> None:
        """Note the modules of which an own page has the browser ask for files."""
        for name in sorted(served_in(self._files.read_again(path))):
            self._named(name, f"{path} names {name}", None, is_own=True)

    def _enter_all_near(self, path: str) -> None:
        """Note all modules that are installed for the application of an own source, which hands them out as files."""
        scope = self._modules.scope(posixpath.dirname(path)) or ""
        place = f"{scope.strip('/')}/node_modules/".lstrip("/")
        for module in self._folders.values():
            if module.path.startswith(place):
                self._enter(module, f"{path} lists, copies or serves {place}")

    def _look_at_loads(self, path: str, home: str) -> None:
        """Take what a package's source loads by a name that it states, and note if it loads by others.

        If other sources of the package are followed, this one may be its developers': it counts at once if the package
        declares what it loads, and else only if it loads its own sources by name.
        """
        is_followed = self._is_followed(home)
        for load in loads_of(path, self._files):
            name = package_of(load.name)[0]
            if load.is_known and name not in BUILT_IN and self._packages.of(name):
                said = _Said(name, f"{path}:{load.line} {load.form}s {name}", posixpath.dirname(path))
                is_led_to = path in self._reached or path in self._apart.found
                if home not in self._entered and not is_led_to:
                    self._unreached.setdefault(home, []).append(said)
                    continue
                self._named(name, said.how, said.folder, home if is_followed else None)
                if is_followed:
                    self._said.setdefault(home, []).append(said)
            elif not load.name:
                self._loading.add(home)
            elif not load.name.startswith("."):
                for begun in self._packages.composed_of(Strings(frozenset(), frozenset((load.name,)), frozenset())):
                    self._named(begun, f"{path}:{load.line} may load {begun}", None)

    def _is_followed(self, home: str) -> bool:
        """True if no name leads to more of a module than is reached: what loads it as a whole was followed."""
        if home not in self._entered:
            return True
        if home not in self._followed:
            self._followed[home] = not self._modules.entries(f"/{home}").isdisjoint(self._reached)
        return self._followed[home]

    def _look_at_words(self, path: str, words: FileWords | Set[bytes]) -> None:
        if _names_no_module(path):
            return
        home = self.home(path)
        is_compiled = self._files.starts_with(path, MAGIC)
        if home is not None and is_compiled and may_start_programs(path, self._files):
            self._starting.add(home)
        for name in self._commands.among(words):
            if len(name) >= _SHORTEST and home is None:
                self._may_run(name, path)
            elif len(name) >= _SHORTEST and home is not None:
                self._waiting.setdefault(home, []).append((name, path))
        if home is None and not is_compiled:
            self._apart.note_text(path, words)
        if not path.endswith(_OTHER_CODE) and not is_compiled:
            named = self._packages.among(words)
            if home is not None:
                said = (_Said(name, f"{path} names {name}", None) for name in named)
                self._said.setdefault(home, []).extend(said)
            else:
                for name in named:
                    self._named_in_text(name, path, self._files.read_again(path))

    def _look_between_signs(self, path: str, content: bytes) -> None:
        for name in self._packages.between_signs(content) if not _names_no_module(path) else ():
            self._named_in_text(name, path, content)

    def _named_in_text(self, name: str, where: str, content: bytes) -> None:
        """Note that an own text names a package: it may be loaded, or a command of it started."""
        self._run.update(module.path for module in self._packages.of(name))
        self._named(name, f"{where} names {name}", None, is_own=IN_FOLDERS in content)

    def _look_at_manifest(self, path: str) -> None:
        """Note what an application's `package.json` names, its dependencies left aside; its scripts wait."""
        content: dict[str, Any] = decode_json(self._files.read(path), path, dict[str, Any])
        scripts = content.pop("scripts", None)
        by_itself = (
            {name: scripts.pop(name) for name in LIFECYCLE & scripts.keys()} if isinstance(scripts, dict) else {}
        )
        self._lifecycle.append((path, words_in(msgspec.json.encode(by_itself))))
        self._manifests.append((path, words_in(msgspec.json.encode(scripts))))
        left_out = (*_DECLARING, *_ABOUT_DECLARED, *_OF_MANAGERS, "name")
        others = msgspec.json.encode({name: each for name, each in content.items() if name not in left_out})
        self._look_between_signs(path, others)
        words = words_in(others)
        self._runners.note_manifest(words)
        self._look_at_words(path, words)

    def _is_code(self, path: str) -> bool:
        """True for a program, or a script that names its interpreter, which is no source of JavaScript."""
        starts = (MAGIC, _LINE)
        return path.endswith(_OTHER_CODE) or any(self._files.starts_with(path, start) for start in starts)

    def _declared(self, folder: str, why: str) -> None:
        """Note what a module, or an application, declares. What a module loads by its name counts where it does so."""
        manifest = self._modules.manifest(f"/{folder}" if folder else "")
        is_developed = not is_installed(folder + "/")
        stated = frozenset() if is_developed else self._stated_loads(folder)
        for name in manifest.declared(is_developed=is_developed) if manifest is not None else ():
            if name not in stated:
                self._named(name, f"{folder}/package.json declares {name}; {why}", folder)

    def _stated_loads(self, folder: str) -> Set[str]:
        """Return the packages that a module's sources load by their names; none if it reads manifests."""
        looking = self._searching.keys() | self._handling.keys() | self._reading
        if folder in self._opaque or folder in self._run or self._reaches(folder, looking):
            return frozenset()
        return self._named_loads(folder)

    def _named_loads(self, folder: str) -> Set[str]:
        sources = [path for path in self._sources.get(folder, ()) if path not in self._apart.found]
        loads = chain.from_iterable(loads_of(path, self._files) for path in sources)
        return {package_of(load.name)[0] for load in loads if load.is_known}

    def _optional(self, folder: str) -> None:
        """Note what a package declares as optional: its parts for a platform, found by a name that it makes.

        What it loads by the name that is declared counts where it does so.
        """
        manifest = self._modules.manifest(f"/{folder}" if folder else "")
        optional = manifest.optional if manifest is not None else None
        names = optional if isinstance(optional, dict) else {}
        stated = self._named_loads(folder) if names and is_installed(f"{folder}/") else frozenset()
        for name in names.keys() - stated:
            self._named(name, f"{folder}/package.json declares {name} as optional", folder)

    def _named(self, name: str, how: str, folder: str | None, home: str | None = None, *, is_own: bool = False) -> None:
        """Note the copies of a package that `name` resolves to in a file of `folder`; for None all copies.

        With a `home`, the module whose code says so, those that a distribution brings for all programs count only if
        that module, or the application, declares them. A name alone does not find what lies in an installation below
        which nothing runs; own code and texts (`is_own`) may have its path, if they have `node_modules` in it.
        """
        modules = self._packages.of(name)
        copies = self._modules.copies(name, folder) if modules and folder is not None else None
        for module in modules:
            is_meant = copies is None or module.path in copies or module.is_file
            is_meant = is_meant and (home is None or self._is_for(home, module, name))
            if is_meant and (is_own or not self._installations.keep(module, how)):
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
        if home is not None:
            self._run.add(home)
        if home is not None and home not in self._entered:
            self._enter(self._folders[home], how)

    def _may_run(self, command: str, path: str) -> None:
        for module in self._commands.of(command):
            self._commands.remove(module, (command,))
            how = f"{path} names {command}"
            if COMPILER.search(path) and path.startswith(f"{module.path}/"):
                continue
            self._run.add(module.path)
            if module.path in self._loaded:
                continue
            if command in self._programs or not self._installations.keep(module, how):
                self._enter(module, how)

    def _enter(self, module: ModuleFolder, how: str) -> None:
        self._reasons.setdefault(module.key, f"{how}, so it may be started or loaded")
        if module.path not in self._entered:
            self._entered.add(module.path)
            self._todo.append((module.path, f"{posixpath.basename(module.path)} may be loaded"))
            self._packages.remove(module, module.names)
            self._enter_kept(self._installations.enter(module))

    def _enter_kept(self, kept: Iterable[tuple[ModuleFolder, str]]) -> None:
        for module, how in kept:
            self._enter(module, how)


def _names_of_programs(files: Files) -> tuple[Set[str], Set[str]]:
    """Return the names by which a program may be found, and those by which only what runs near it finds it.

    These are links, and what lies in a folder of programs; npm links the commands of modules in a folder next to them.
    """
    programs: set[str] = set()
    local: set[str] = set()
    for entry in files.walk():
        folder, _, name = entry.path.rpartition("/")
        if folder.endswith(_LOCAL_PROGRAMS):
            local.add(name)
        elif entry.kind is EntryKind.LINK or posixpath.basename(folder) in _PROGRAM_FOLDERS:
            programs.add(name)
    return programs, local


def _names_no_module(path: str) -> bool:
    """True for Node.js itself, files of the system, lists of types of media, and messages of a compiler."""
    is_runtime = _RUNTIME.fullmatch(posixpath.basename(path)) is not None
    is_list = OF_TYPES.search(path) or _OF_COMPILER.search(path)
    return is_runtime or is_of_system(path) or is_list is not None


def _is_for_types(folder: str) -> bool:
    """True for a module of a distribution that holds declarations for a compiler alone: nothing loads it."""
    return "/nodejs/@types/" in f"/{folder}/"


def _has_no_ending(path: str) -> bool:
    return "." not in posixpath.basename(path)


def _is_source(path: str) -> bool:
    return path.endswith(SOURCES) and not path.endswith(_DECLARATIONS) and _FOR_DEVELOPERS.search(path) is None


def _is_own(path: str, application: str) -> bool:
    """True for a source or setting of an application."""
    name = posixpath.basename(path)
    is_inside = not application or path.startswith(application + "/")
    return is_inside and name not in _LOCKS and (name.startswith(".") or name.endswith((*SOURCES, *_SETTINGS)))

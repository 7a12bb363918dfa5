"""Which unreached npm packages may still be loaded: those that are named in a string, or declared as a dependency.

A module's name that is made at run time has to come from somewhere: from a string in code or settings, from the
beginning of a name in a string (`"eslint-plugin-" + name`), or from the dependencies that the loading package declares.
A package that may be loaded names and declares further packages in turn.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Set
from typing import Any

import msgspec

from gate.inventory.installed.elf import MAGIC
from gate.inventory.installed.packages import decode_json
from gate.reachability.imports.javascript_loads import loads
from gate.reachability.runtimes.explore import Explored
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.node import SOURCES
from gate.reachability.runtimes.node_modules import BUILT_IN, KIND, is_installed, modules_of, package_of
from gate.reachability.runtimes.node_strings import strings_in
from gate.reachability.runtimes.owners import Owned
from gate.reachability.runtimes.state import Key
from gate.reachability.runtimes.system_files import is_of_system
from gate.reachability.runtimes.words import FileWords, words_in
from gate.trees import EntryKind

_LOOKS_ITSELF = ((b"node_modules",), (b"package.json", b"ependencies"))
"""Words in a package that searches folders or manifests for the modules that it loads; one set has to occur."""
_FROM_ELSEWHERE = (b"createRequire", b"paths")
"""Words in code that resolves modules from another folder than its own."""
_STARTS = (b"child_process", b"execa", b"cross-spawn", b"spawn(", b"npx")
"""Words in a source that starts programs; only there a name can be that of a command."""
_SHORTEST = 3
"""Characters of a name that counts where it is any word of a file: shorter ones are anything."""
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_FOR_DEVELOPERS = re.compile(
    r"node_modules/.*/(?:tests?|__tests__|spec|bench(?:marks?)?|examples?|fixtures)/[^/]|\.(?:test|spec|bench)\.\w+$"
)
"""Sources of a package that nothing loads by a name made at run time; one that is loaded by its path is reached."""
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


class NodeMentions:
    """Collects what files name, and from that the reasons why unreached packages may be loaded."""

    def __init__(self, unreached: Iterable[Key], owned: dict[Key, Owned], explored: Explored, files: Files) -> None:
        self._files = files
        self._modules = modules_of(files)
        self._folders = {one.folder: key for key, one in owned.items() if key[1] == KIND and one.folder}
        self._reasons: dict[Key, str] = {}
        self._unread: str | None = None
        self._packages: dict[str, list[Key]] = {}
        """Wanted names of packages; one name may stand for several."""
        self._commands: dict[str, list[Key]] = {}
        for key in unreached:
            if key[1] == KIND:
                self._want(key, owned[key].folder or "")
        self._todo: list[tuple[str, str | None]] = []
        """Folders of what is or may be loaded, and why what it declares may be, too."""
        self._applications: list[str] = []
        self._sources: dict[str, list[str]] = {}
        self._strings: dict[str, list[tuple[str, str, str | None]]] = {}
        """By a package's folder: names in its strings, the file, and the folder from which they are resolved."""
        self._loading: set[str] = set()
        """Folders of packages that load modules by names that are made at run time."""
        self._gaps = {gap.within: gap.message for gap in explored.gaps if gap.kind == KIND and gap.within is not None}
        if self._packages:
            self._begin((*explored.certain, *explored.possible))

    def _want(self, key: Key, folder: str) -> None:
        for name in _names(key, folder):
            self._packages.setdefault(name, []).append(key)
        manifest = self._modules.manifest(f"/{folder}")
        commands = manifest.bin if manifest is not None else None
        if commands and not isinstance(commands, dict):  # a single command has the package's name
            commands = [posixpath.basename(key[2])]
        for name in commands or ():
            self._commands.setdefault(name, []).append(key)

    def _begin(self, reached: Iterable[str]) -> None:
        homes: set[str] = set()
        applications: set[str] = set()
        for path in reached:
            if is_installed(path):
                homes.update(filter(None, (self._home(path),)))
            elif path.endswith(SOURCES):
                applications.add((self._modules.scope(posixpath.dirname(path)) or posixpath.dirname(path)).strip("/"))
        applications.update(folder for folder in self._gaps if not is_installed(folder))
        self._applications = sorted(applications)
        self._todo = [(folder, self._gaps.get(folder)) for folder in sorted(homes | applications)]
        self._todo += [(folder, gap) for folder, gap in self._gaps.items() if folder not in homes | applications]
        self._list_sources()

    def _list_sources(self) -> None:
        """List the sources of every package, and the sources and settings of the applications."""
        for entry in self._files.walk():
            if entry.kind is not EntryKind.FILE:
                continue
            if is_installed(entry.path):
                home = self._home(entry.path) if _is_source(entry.path) else None
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

    def _home(self, path: str) -> str | None:
        """Return the folder of the package that a file belongs to."""
        folder = posixpath.dirname(path)
        while folder and folder not in self._folders:
            folder = posixpath.dirname(folder)
        return folder or None

    def of(self, key: Key) -> str | None:
        """Return the reason, or None if nothing that may be loaded names or declares the package."""
        return self._reasons.get(key) or self._unread

    @property
    def named(self) -> Iterable[Key]:
        """The packages that may be loaded."""
        return self._reasons

    def sources(self) -> Iterator[list[str]]:
        """Yield the sources of each package that is or may be loaded; `look` has to be called for them before the next.

        What they name then follows.
        """
        known: set[tuple[str, bool]] = set()
        while self._packages and (self._todo or self._settle(folder for folder, _ in known)):
            folder, why = self._todo.pop()
            if why is not None and (folder, True) not in known:
                known.add((folder, True))
                self._declared(folder, why)
            if (folder, False) not in known:
                known.add((folder, False))
                self._optional(folder)
                yield self._sources.get(folder, [])

    def _settle(self, homes: Iterable[str]) -> bool:
        """Take the strings of packages that load by name, or depend on one that does, for names; True if any is new.

        Where nothing loads by a name that is made at run time, a string is no more than a word.
        """
        for home in set(homes) & self._strings.keys():
            if self._reaches_loading(home):
                for name, path, folder in self._strings.pop(home):
                    self._named(name, f"{path} names {name}", folder)
        return bool(self._todo)

    def _reaches_loading(self, home: str) -> bool:
        todo, known = [home], {home}
        while todo:
            folder = todo.pop()
            if folder in self._loading or folder in self._gaps:
                return True
            manifest = self._modules.manifest(f"/{folder}")
            names = manifest.declared(is_developed=False) if manifest is not None else ()
            new = {copy for name in names for copy in self._modules.copies(name, folder)} - known
            known |= new
            todo += new
        return False

    def look(self, path: str, words: FileWords) -> None:
        """Note what a file names; `words` are all words of the file."""
        if not self._packages:
            return
        if path.endswith(SOURCES):
            self._look_at_source(path)
        elif posixpath.basename(path) == "package.json":
            if not is_installed(path):
                self._look_at_words(path, self._words_of_manifest(path))
        elif posixpath.basename(path) not in _LOCKS:
            self._look_at_words(path, words)

    def _look_at_source(self, path: str) -> None:
        content = self._files.read(path)
        strings = strings_in(content)
        is_elsewhere = any(mark in content for mark in _FROM_ELSEWHERE)
        folder = None if is_elsewhere else posixpath.dirname(path)
        named = [name for name in self._packages if strings.mean(name)]
        home = self._home(path) if is_installed(path) else None
        if home is None:
            for name in named if not is_installed(path) else ():
                self._named(name, f"{path} names {name}", folder)
        else:
            self._strings.setdefault(home, []).extend((name, path, folder) for name in named)
            self._look_at_loads(path, content, home)
        starts = any(mark in content for mark in _STARTS) or not is_installed(path)
        for name in [name for name in self._commands if strings.mean(name)] if starts else ():
            self._may_run(name, path)
        gap = self._gaps.get(self._home(path) or "") if is_installed(path) else None
        if gap is not None and _searches_itself(content):
            self._todo += [(folder, gap) for folder in self._applications]

    def _look_at_loads(self, path: str, content: bytes, home: str) -> None:
        """Take what a package's source loads by a name that it states, and note if it loads by others."""
        for load in loads(content.decode("utf-8", "replace")):
            name = package_of(load.name)[0]
            if load.is_known and name in self._packages and name not in BUILT_IN:
                self._named(name, f"{path}:{load.line} {load.form}s {name}", posixpath.dirname(path))
            elif not load.name:
                self._loading.add(home)

    def _look_at_words(self, path: str, words: FileWords | Set[bytes]) -> None:
        if _RUNTIME.fullmatch(posixpath.basename(path)) or is_of_system(path):
            return
        for name in [name for name in self._commands if len(name) >= _SHORTEST and _is_among(name, words)]:
            self._may_run(name, path)
        if not path.endswith(_OTHER_CODE) and not self._files.starts_with(path, MAGIC):
            named = [name for name in self._packages if _is_among(name, words)]
            home = self._home(path) if is_installed(path) else None
            if home is not None:
                self._strings.setdefault(home, []).extend((name, path, None) for name in named)
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

    def _named(self, name: str, how: str, folder: str | None) -> None:
        """Note the copies of a package that `name` resolves to in a file of `folder`; for None all copies."""
        keys = self._packages.get(name, [])
        copies = self._modules.copies(name, folder) if keys and folder is not None else None
        for key in keys:
            if copies is None or posixpath.dirname(key[0]) in copies:
                self._enter(key, how)

    def _may_run(self, command: str, path: str) -> None:
        for key in self._commands.pop(command):
            self._enter(key, f"{path} names {command}")

    def _enter(self, key: Key, how: str) -> None:
        if key in self._reasons:
            return
        self._reasons[key] = f"{how}, so it may be started or loaded"
        folder = posixpath.dirname(key[0])
        self._todo.append((folder, f"{key[2]} may be loaded"))
        for name in _names(key, folder):
            self._packages[name].remove(key)
            if not self._packages[name]:
                del self._packages[name]


def _searches_itself(content: bytes) -> bool:
    return any(_holds_all(content, words) for words in _LOOKS_ITSELF)


def _holds_all(content: bytes, words: Iterable[bytes]) -> bool:
    return all(word in content for word in words)


def _names(key: Key, folder: str) -> set[str]:
    """Return the names of a package: its own, and that of its folder, by which it is found."""
    return {key[2], folder.rpartition("node_modules/")[2]}


def _is_among(name: str, words: FileWords | Set[bytes]) -> bool:
    """True if a name is among the words of a text, of which each folder of a path is one."""
    scope, slash, last = name.rpartition("/")
    whole = last.encode()
    return (whole in words or whole + b"/" in words) and (not slash or scope.encode() + b"/" in words)


def _is_source(path: str) -> bool:
    return path.endswith(SOURCES) and not path.endswith(_DECLARATIONS) and _FOR_DEVELOPERS.search(path) is None


def _is_own(path: str, application: str) -> bool:
    """True for a source or setting of an application."""
    name = posixpath.basename(path)
    is_inside = not application or path.startswith(application + "/")
    return is_inside and name not in _LOCKS and (name.startswith(".") or name.endswith((*SOURCES, *_SETTINGS)))

"""Searches reached files for names of unreached packages, which may then be started or imported in unknown ways."""

import posixpath
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Set
from functools import cached_property, partial
from itertools import chain, islice

import msgspec

from gate.core.errors import GateError
from gate.ecosystems import find
from gate.inventory.installed.elf import MAGIC
from gate.model import Doubt
from gate.reachability.runtimes.compiled.elf import C_LIBRARY, linked_with, loads_libraries, may_start_programs
from gate.reachability.runtimes.compiled.systemd_library import LIBRARY as SYSTEMD
from gate.reachability.runtimes.compiled.systemd_library import is_for_some
from gate.reachability.runtimes.languages.dotnet import KIND as DOTNET
from gate.reachability.runtimes.named.joined_names import JoinedNames, is_run
from gate.reachability.runtimes.named.machine_mentions import run_by_machines
from gate.reachability.runtimes.named.named_needs import NamedNeeds
from gate.reachability.runtimes.named.node_mentions import NodeMentions
from gate.reachability.runtimes.named.own_texts import (
    DATABASES,
    MANIFEST,
    has_no_shell,
    is_code,
    is_followed,
    is_list,
    is_page,
)
from gate.reachability.runtimes.named.plugin_folders import PluginFolders
from gate.reachability.runtimes.named.python_mentions import KIND as PYTHON
from gate.reachability.runtimes.named.python_mentions import STANDARD_LIBRARY, PythonMentions, is_for_developers
from gate.reachability.runtimes.named.python_objects import may_be_objects, objects_in
from gate.reachability.runtimes.named.starters import Starters
from gate.reachability.runtimes.node.managers import OF_CONDITIONS, texts_of
from gate.reachability.runtimes.node.modules import is_installed
from gate.reachability.runtimes.node.pm2 import HOW as APPLICATIONS
from gate.reachability.runtimes.node.sources import SOURCES
from gate.reachability.runtimes.packages.node_folders import holds_modules_alone, is_for_builds
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.packages.system_modules import kinds_of_system, modules_of_system
from gate.reachability.runtimes.python.read import read_module
from gate.reachability.runtimes.strings.command_names import commands_among, commands_in_javascript
from gate.reachability.runtimes.strings.dotnet_strings import is_assembly, is_of_dotnet
from gate.reachability.runtimes.strings.stated_names import StatedNames
from gate.reachability.runtimes.strings.words import FileWords, Names, names_in, words_in, words_of
from gate.reachability.runtimes.walk.explore import Explored
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, SCRIPTS, SYSTEM
from gate.trees import EntryKind

_NAME = re.compile(r"[\w.+-]{2,60}", re.ASCII)
_OF_COMMANDS = re.compile(r"\s.*[|;&<\n`]|[|;&<\n`].*\s|\$\(|!(?=[\w/])", re.DOTALL)
"""A text of a shell: several commands, or input for one; a command of an editor (`+!make`)."""
_GIVEN = "the image's command line"
"""Names that are distinctive enough to search for."""
_LIBRARY = re.compile(r"lib(?P<stem>[\w.+-]+?)\.so[.\d]*$")
_PROGRAM_FOLDERS = frozenset({"bin", "sbin", "libexec", "games"})
_SHARED = ("bin/", "etc/", "lib", "sbin/", "usr/bin/", "usr/lib", "usr/sbin/", "usr/share/", "var/lib/")
"""Folders that hold files of many programs."""
_OF_ALL = ("/", "home/", "media/", "mnt/", "opt/", "proc/", "root/", "run/", "srv/", "tmp/", "usr/", "var/")
"""Folders that hold those of several programs."""
_DATA_ALONE = "it holds only files that any program may open"
_DATA_OF_COMPILERS = "it holds only files that a compiler may open, and one may be started"
_COMPILER = re.compile(
    r"(?:[\w-]+-)?(?:cc1\w*|g?cc|[gc]\+\+|cpp|clang\+*|tcc|gfortran|gccgo|gnat\w*|swig|bindgen|doxygen|rustc|pkg-?conf(?:ig)?"
    r"|g-ir-\w+|vala\w*|aclocal|cmake)(?:[-.]?\d[\w.]*)?"
)
"""Programs that read headers and descriptions of libraries."""
_CODE = (*SOURCES, ".py")
_OTHER_SOURCES = (".php", ".phtml", ".inc", ".rb", ".pl", ".pm", ".lua", ".tcl")
_LOADS_FOLLOWED = (*C_LIBRARY, SYSTEMD, "libpam.so")
"""Libraries that load others which are followed by themselves."""
_SITE = re.compile(r"/(?:site|dist)-packages/")
_COMPILED_MODULE = re.compile(r"/(?:(?:site|dist)-packages|lib-dynload)/.*\.so$")
_MAX_SETTING = 1 << 20
_MAX_SETTINGS = 2_000
"""Bytes of a settings file, and their number."""


class Mentions:
    """Finds the reason why an unreached package may still be in use."""

    def __init__(
        self,
        unreached: dict[Key, Owned],
        owned: dict[Key, Owned],
        explored: Explored,
        plugins: PluginFolders,
        files: Files,
    ) -> None:
        self._reasons: dict[Key, str] = {}
        self._named: list[tuple[Key, str]] = []
        """Packages that what a package brought names, and by which name: an own text is followed itself."""
        self._needs = NamedNeeds(owned, files)
        self._plugins = plugins
        self._for_builds: set[Key] = set()
        """Packages of documentation, headers and the like alone."""
        self._looked: set[str] = set()
        self._needing: set[tuple[Key, str]] = set()
        """Named packages whose programs were followed, with the name."""
        self._unread: str | None = None
        self._files = files
        self._owned = owned
        self._node = NodeMentions(unreached.keys(), owned, explored, files)
        self._python = PythonMentions(unreached, owned, files, explored.given)
        self._starters = Starters(self._node, owned, files, is_open=bool(explored.gaps))
        self._of_packages = self._starters.of_packages
        self._because = {**explored.possible, **explored.certain}
        self._add_libraries_of_loaders(unreached)
        self._joined = JoinedNames()
        self._joined.add_given(explored.given)
        self._reached_names = frozenset(map(posixpath.basename, self._because))
        self._followed = {path for path, because in explored.certain.items() if because.how == APPLICATIONS}
        """Settings of which every command is followed."""
        of_system = (one.files for key, one in owned.items() if not _is_of_language(key))
        self._of_system = frozenset(chain.from_iterable(of_system))
        self._wanted: dict[bytes, list[Key]] = {}
        """Programs and compiled libraries, by name."""
        self._modules: dict[bytes, list[Key]] = {}
        """The distribution's modules of Python, by name."""
        self._libraries: dict[str, list[tuple[Key, str]]] = {}
        """Compiled libraries by their names without `lib` and version."""
        for key, one in unreached.items():
            if key[1] not in ("npm", PYTHON, DOTNET):
                self._want(key, one)
        self._programs = dict(_unreached_programs(owned, unreached, explored, files))
        self._behind: dict[bytes, str] = {}
        """The names of programs by those of links that lead to them."""
        self._take_links(unreached)
        self._names = Names({*self._wanted, *self._programs})
        self._programs_wanted: frozenset[str] | None = None
        self._module_names = Names(self._modules)
        near = self._settings_near_programs(explored)
        work = self._settings_in(tuple(_worked_on(explored)))
        self._at_work = set(work).difference(near, explored.certain, explored.possible)
        """Texts in folders in which programs work, or that they are given: tools load modules by what these say."""
        self._take_texts_given(explored.given)
        named = self._look(sorted({*explored.certain, *explored.possible, *near, *work}))
        used = [key for key in owned if key[1] == PYTHON and key not in unreached]
        named += self._look_at_objects()
        for paths, read in run_by_machines(self._because, self._of_packages.is_published, files):
            self._look_at_strings(paths, read)
        loaded = list(_loaded_by_gaps(unreached, explored))
        self._named += ((key, key[2]) for key in loaded)
        self._needs.follow(self._helpers(unreached, explored))
        self._needs.follow(plugins.add([*explored.certain, *explored.possible]))
        self._look_into_libraries([*used, *named, *loaded])
        self._look(path for path in self._sources_of(loaded) if path not in self._looked)
        self._look_at_sources()
        while self._take_joined() or self._settle() or self._look_into_named():
            self._look_at_sources()

    def _take_texts_given(self, given: Iterable[str]) -> None:
        """Note the programs among the words of texts of a shell that something is given (`sh -c "echo x | y"`)."""
        texts = "\n".join(sorted(text for text in given if _OF_COMMANDS.search(text)))
        names = self._names.all & (words_in(texts.encode()) | names_in(texts.encode()))
        self._take(_GIVEN, self._starters.take_text(_GIVEN, names))

    def _add_libraries_of_loaders(self, unreached: Iterable[Key]) -> None:
        """Take in all libraries of the packages of what loads some by name, which may start programs."""
        for key, one in self._owned.items():
            if self._starters.is_open or key in unreached or _is_of_language(key):
                continue
            libraries = [path for path in one.files if ".so" in posixpath.basename(path)]
            if libraries and self._loads_libraries(one):
                for entry in filter(None, map(self._files.find, libraries)):
                    self._starters.add(entry.path)

    def _loads_libraries(self, one: Owned) -> bool:
        """True if a reached file of a package loads libraries by their names."""
        reached = (path for path in one.files if path in self._because)
        reached = (path for path in reached if not posixpath.basename(path).startswith(_LOADS_FOLLOWED))
        return any(self._files.starts_with(path, MAGIC) and loads_libraries(path, self._files) for path in reached)

    def _helpers(self, unreached: dict[Key, Owned], explored: Explored) -> Iterator[str]:
        """Yield the programs in folders of their own that what is reached of their packages may start."""
        for key, one in self._owned.items():
            for path in () if key in unreached or _is_of_language(key) else one.files:
                entry = self._files.find(path)
                if entry is not None and (entry.path in explored.certain or entry.path in explored.possible):
                    yield from self._needs.helpers_of(entry.path)

    def _take_links(self, unreached: dict[Key, Owned]) -> None:
        """Want the links that lead to a program under another name, as those of `/etc/alternatives` do."""
        for entry in self._files.walk():
            folder, _, name = entry.path.rpartition("/")
            if entry.kind is not EntryKind.LINK or posixpath.basename(folder) not in _PROGRAM_FOLDERS:
                continue
            program = self._files.find(entry.path)
            key = self._needs.owner_of(program.path) if program is not None and _NAME.fullmatch(name) else None
            if program is None or key is None or _is_of_language(key) or program.path in self._because:
                continue
            if key in unreached:
                self._wanted.setdefault(name.encode(), []).append(key)
                self._behind[name.encode()] = posixpath.basename(program.path)
            else:
                self._programs.setdefault(name.encode(), program.path)

    def _want(self, key: Key, one: Owned) -> None:
        names = set(_programs(one.files))
        for found in filter(None, map(_LIBRARY.match, names)):
            self._libraries.setdefault(found["stem"], []).append((key, found[0]))
        if not names and is_for_builds(one.files, self._files):
            self._for_builds.add(key)
            return
        if not names and not holds_modules_alone(one.files, self._files):
            self._reasons[key] = _DATA_ALONE
            return
        for wanted, each in ((self._wanted, names), (self._modules, set(modules_of_system(one.files)))):
            for name in filter(_NAME.fullmatch, each):
                wanted.setdefault(name.encode(), []).append(key)

    def of(self, key: Key) -> tuple[Doubt, str] | None:
        """Return the reason and its kind, or None if no reached file names the package."""
        if key in self._for_builds and self._may_compile:
            return Doubt.DATA, _DATA_OF_COMPILERS
        reason = self._reasons.get(key) or self._node.of(key)
        if reason is not None:
            return (Doubt.DATA if reason == _DATA_ALONE else Doubt.NAMED), reason
        if self._unread is not None:
            return Doubt.UNREADABLE, self._unread
        needing = self._needs.by(self._owned[key])
        return None if needing is None else (Doubt.NAMED, f"{needing}, which is named, is linked with it or run by it")

    @cached_property
    def not_started(self) -> dict[Key, str]:
        """By package: the text that names it, where nothing starts what texts name."""
        found: dict[Key, str] = {}
        for path, names in self._starters.in_texts:
            for name in sorted(names & self._wanted.keys()):
                for key in self._wanted[name]:
                    found.setdefault(key, f"{path} names {name.decode()}")
        return found

    def _take_joined(self) -> bool:
        """Note the programs of which own code may put the name together; True if there is one more."""
        if not self._starters.is_open:
            return False
        wanted = [name.decode() for name, keys in self._wanted.items() if not self._reasons.keys() >= set(keys)]
        found = list(self._joined.among(wanted))
        for path, name in found:
            for key in self._wanted[name.encode()]:
                self._reasons.setdefault(key, f"{path} may put together {name}, so it may be started or loaded")
                self._named.append((key, name))
        return bool(found)

    @cached_property
    def _may_compile(self) -> bool:
        """True if a program that reads headers is reached, or may be started."""
        reached = chain(self._because, self._needs.followed)
        return any(_COMPILER.fullmatch(posixpath.basename(path)) for path in reached)

    def _look_at_sources(self) -> None:
        for sources in self._node.sources():
            self._look(sources)

    def _settle(self) -> bool:
        """Take the names in files of which it has turned out that they may be started; True if there are any."""
        settled = list(self._starters.settled())
        for path, names in settled:
            if names is None:
                words = words_of(path, self._files, self._of_packages.is_published)
                names = self._commands_among(path, words.among(self._names)) if words is not None else frozenset()
            self._take(path, names)
            if path.endswith(SOURCES):
                self._look_into_libraries(self._noted(path, self._python.take(sorted(map(bytes.decode, names)))))
        return bool(settled)

    def _look_into_named(self) -> bool:
        """Search the programs that are named, and what they need, for names; True if there are any."""
        named = dict.fromkeys([*self._named, *((key, key[2]) for key in self._node.named)])
        new = [one for one in named if one not in self._needing]
        self._needing.update(new)
        self._needs.add(new)
        paths = [path for path in self._needs.followed if path not in self._looked]
        self._look_into_libraries(self._look(paths))
        self._needs.follow(self._plugins.add(paths))
        return bool(paths)

    def _look(self, paths: Iterable[str]) -> list[Key]:
        """Search files for the wanted names, and return the Python distributions that are named."""
        named: list[Key] = []
        for path in paths:
            self._looked.add(path)
            try:
                self._take_libraries(path)
                named += self._look_at(path)
            except GateError as error:
                self._unread = self._unread or f"{path} {error.message}, so what it names cannot be known"
        return named

    def _look_at_strings(self, paths: Iterable[str], read: Callable[[str, Files], StatedNames]) -> None:
        """Note the programs and libraries that strings of classes name, if any class may start or load some."""
        found: dict[str, StatedNames] = {}
        for path in paths:
            try:
                found[path] = read(path, self._files)
            except GateError as error:
                self._unread = self._unread or f"{path} {error.message}, so what it names cannot be known"
            if path in found and not found[path].is_read:
                self._unread = self._unread or f"{path} cannot be read, so what it names cannot be known"
        starts = any(one.starts_programs for one in found.values())
        loads = any(one.loads_libraries for one in found.values())
        stems = Names(stem.encode() for stem in self._libraries)
        self._starters.is_open |= starts
        for path, one in found.items():
            numbers = frozenset(array("I", one.numbers))
            if starts:
                self._take(path, self._names.with_numbers(numbers))
                self._noted(path, self._at_paths(one.paths))
            for stem in stems.with_numbers(numbers) if loads else ():
                self._noted(path, self._libraries[stem.decode()])

    def _at_paths(self, paths: Iterable[str]) -> Iterator[tuple[Key, str]]:
        """Yield the packages of files that strings name by their paths, with the names; what they need is followed."""
        for entry in filter(None, map(self._files.find, paths)):
            key = self._needs.owner_of(entry.path)
            if key is not None and entry.path not in self._because:
                self._needs.follow([entry.path])
                yield key, posixpath.basename(entry.path)

    def _look_at_objects(self) -> list[Key]:
        """Note the distributions and modules that objects state which Python stored: what loads these names none."""
        named: list[Key] = []
        of_python = {name.decode(): keys for name, keys in self._modules.items()}
        for entry in self._files.walk() if self._python or of_python else ():
            is_other = entry.kind is not EntryKind.FILE or entry.path.startswith(DATABASES)
            if is_other or self._of_packages.is_brought(entry.path):
                continue
            try:
                if may_be_objects(entry.path, self._files, is_reached=entry.path in self._because):
                    stated = objects_in(entry.path, self._files)
                    modules = stated.modules if stated.is_read else [*self._python.wanted, *of_python]
                    found = ((key, name) for name in of_python.keys() & set(modules) for key in of_python[name])
                    named += self._noted(entry.path, (*self._python.take(set(modules)), *found))
            except GateError as error:
                self._unread = self._unread or f"{entry.path} {error.message}, so what it names cannot be known"
        return named

    def _look_at(self, path: str) -> list[Key]:
        entry = self._files.find(path)
        if entry is None or not entry.size or entry.path != path:
            return []  # a link is reached with what it leads to
        if path.startswith(DATABASES) or self._names_nothing(path):
            return []
        is_published_text = self._of_packages.is_published(path)
        if is_published_text and path.endswith(_CODE):
            return self._look_at_code(path)
        if is_published_text and self._need_not_be_searched(path):
            if self._modules and self._imports_by_names(path):
                words = words_of(path, self._files, self._of_packages.is_published)
                self._note_modules(path, words.among(self._module_names) if words is not None else ())
            return []
        words = words_of(path, self._files, self._of_packages.is_published)
        if words is None or self._is_page(path):
            return []
        if path not in self._at_work:
            self._take_programs(path, words, is_published=is_published_text)
        parts = () if is_published_text else self._python.first_parts(path, self._module_names, is_own=True)
        self._note_modules(path, {*words.among(self._module_names), *parts})
        if not path.endswith(_CODE) and path in self._of_system and is_published_text:
            return []  # it names nothing that others installed
        is_followed = not is_published_text and self._is_followed(path)
        self._node.look(path, words, is_own=not is_published_text, is_followed=is_followed)
        return self._noted(path, self._python.look(path, words, is_own=not is_published_text))

    def _names_nothing(self, path: str) -> bool:
        """True for what nothing here can run, and for what is looked at otherwise."""
        if is_list(path, self._files) or has_no_shell(path, self._files) or self._of_packages.is_copy(path):
            return True
        # .NET starts what the strings of assemblies say, and these are looked at
        return is_assembly(path, self._files) or is_of_dotnet(path, self._files)

    def _is_page(self, path: str) -> bool:
        """True for a page without code; an own one names the modules of which it has the browser ask for files."""
        if not is_page(path, self._files):
            return False
        if not self._of_packages.is_published(path):
            self._node.look_at_page(path)
        return True

    def _imports_by_names(self, path: str) -> bool:
        """True for a compiled module of Python, and what holds Python: they import what their strings name."""
        if not self._files.starts_with(path, MAGIC):
            return False
        linked = map(posixpath.basename, linked_with(path, self._files))
        return _COMPILED_MODULE.search(path) is not None or any(name.startswith("libpython") for name in linked)

    def _note_modules(self, path: str, names: Iterable[bytes]) -> None:
        """Note the distribution's modules of Python that a file names."""
        for name in sorted(names):
            self._noted(path, ((key, name.decode()) for key in self._modules[name]))

    def _take_programs(self, path: str, words: FileWords, *, is_published: bool) -> None:
        """Note the programs among the words of a file."""
        self._starters.add(path)
        names = words.among(self._names)
        if posixpath.basename(path).startswith(SYSTEMD):  # who reads journals is linked with what unpacks them
            names = [name for name in names if not is_for_some(name.decode("ascii", "replace"))]
        self._take_words(path, names, words.next_to_signs(self._names), is_published=is_published)

    def _take_parts(self, path: str) -> None:
        """Note of which parts an own text may put names together; what a shell does is followed itself."""
        if self._files.starts_with(path, MAGIC) or self._is_followed(path) or not is_run(path, self._reached_names):
            return
        content = self._files.read_again(path)
        if is_code(path, content):
            self._joined.add_source(path, content)
        else:
            self._joined.add_text(partial(self._files.read_again, path))

    def _is_followed(self, path: str) -> bool:
        because = self._because.get(path)
        return because is not None and is_followed(path, because, self._files)

    def _need_not_be_searched(self, path: str) -> bool:
        """True for a distribution's file that names nothing, or that waits until its names may be started."""
        if path not in self._of_system:
            return False
        self._starters.add(path)
        return self._starters.is_silent(path) or self._starters.waits(path)

    def _take_words(self, path: str, names: list[bytes], next_to: list[bytes], *, is_published: bool) -> None:
        """Note the programs among the words of a file: of an own text all, if its commands are not followed.

        Those of an own program that starts nothing count if it may hand them on.
        """
        if is_published:
            stated = self._commands_among(path, names)
            stated |= frozenset() if self._starters.is_silent(path) else set(next_to)
            self._take(path, self._starters.take(path, stated))
            return
        self._take_parts(path)
        if posixpath.basename(path) == MANIFEST:  # what it depends on is a list, as a lock file is
            commands, fields = texts_of(self._files.read_again(path))
            others = msgspec.json.encode({name: fields[name] for name in fields if name not in OF_CONDITIONS})
            stated = words_in(b"\n".join((*map(str.encode, commands), others)))
            self._take(path, stated & set(names))
        elif path not in self._followed:
            self._take(path, self._counting(path, {*names, *next_to}))

    def _counting(self, path: str, names: Set[bytes]) -> Set[bytes]:
        """Return the names in an own file that count at once: of a program that starts others all."""
        if not self._files.starts_with(path, MAGIC):
            return self._starters.take_text(path, names)
        return names if may_start_programs(path, self._files) else self._starters.take(path, names)

    def _look_at_code(self, path: str) -> list[Key]:
        """Note what a source of a package names, and return the Python distributions among it."""
        if path.endswith(SOURCES):
            strings = self._node.look_at_source(path)
            self._starters.add(path)
            names = self._wanted_among(strings)
            counting = self._starters.take(path, commands_in_javascript(path, names, self._files))
            self._take(path, counting)
            return self._noted(path, self._python.take(sorted(map(bytes.decode, counting))))
        self._starters.add(path)
        if not self._starters.is_silent(path):
            read = read_module(path, self._files, is_own=False)
            names = set(map(str.encode, read.commands & self._wanted_programs()))
            self._take(path, self._starters.take(path, names))
        for module in self._python.modules_of_system(path, self._modules):
            self._noted(path, ((key, module) for key in self._modules[module.encode()]))
        return self._noted(path, self._python.look_at_module(path))

    def _take_libraries(self, path: str) -> None:
        """Note the libraries that a module of Python asks for by their names: `find_library("magic")`."""
        if not path.endswith(".py") or STANDARD_LIBRARY.search(path) or self._files.find(path) is None:
            return
        read = read_module(path, self._files, is_own=False)
        for stem in sorted(read.libraries & self._libraries.keys()):
            for key, name in self._libraries[stem]:
                self._reasons.setdefault(key, _reason(path, stem))
                self._named.append((key, name))

    def _wanted_among(self, strings: Set[str]) -> set[bytes]:
        """Return the programs and commands that are still wanted among the strings of a source."""
        named = (strings & self._wanted_programs()) | self._python.commands_among(strings)
        return set(map(str.encode, named))

    def _wanted_programs(self) -> Set[str]:
        """Return the names of programs that are still wanted."""
        if self._programs_wanted is None:
            self._programs_wanted = frozenset(name.decode() for name in (*self._wanted, *self._programs))
        return self._programs_wanted

    def _commands_among(self, path: str, names: list[bytes]) -> Set[bytes]:
        """Return those of `names`, which a file of a package has among its words, that may be started for it."""
        names = [name for name in names if name in self._wanted or name in self._programs]
        if not names or self._starters.is_silent(path):
            return frozenset()
        return commands_among(path, names, self._files)

    def _take(self, path: str, words: Iterable[bytes]) -> None:
        """Note the programs that a file names, with what they need."""
        is_published_text = self._of_packages.is_published(path)
        for word in sorted(words):
            for key in self._wanted.get(word, ()):
                self._reasons.setdefault(key, _reason(path, word.decode()))
                self._named += ((key, name) for name in {word.decode(), self._behind.get(word, word.decode())})
                self._enter_script(key, word.decode(), path)
            if (program := self._programs.pop(word, None)) is not None:
                self._needs.follow([program])
            if is_published_text and word in self._wanted:
                del self._wanted[word]
                self._programs_wanted = None

    def _enter_script(self, key: Key, name: str, path: str) -> None:
        """Note the module of a program that is a script of Node.js."""
        for each in _named_programs(self._owned[key].files, name):
            entry = self._files.find(each)
            if entry is not None:
                self._node.enter_program(entry.path, f"{path} names {name}")

    def _noted(self, path: str, found: Iterable[tuple[Key, str]]) -> list[Key]:
        """Keep the reason for each package that a file names, and return them."""
        named = []
        for key, name in found:
            self._reasons.setdefault(key, _reason(path, name))
            self._named.append((key, name))
            named.append(key)
        return named

    def _sources_of(self, loaded: list[Key]) -> Iterator[str]:
        """Yield the sources of packages that a gap may load, whose names of programs count: Python's are found else."""
        folders = tuple(f"{one.folder}/" for key in loaded if (one := self._owned[key]).folder is not None)
        inside = (entry.path for entry in self._files.walk() if entry.path.startswith(folders)) if folders else ()
        listed = (path for key in loaded for path in self._owned[key].files)
        for path in chain(listed, inside):
            if path.endswith(_OTHER_SOURCES) and self._files.find(path) is not None:
                yield path

    def _look_into_libraries(self, todo: list[Key]) -> None:
        """Search all modules of the Python distributions in use: any may be loaded by a name made at run time."""
        known: set[Key] = set()
        while todo:  # also where all distributions are named already: the last ones may name programs
            key = todo.pop()
            if key in known:
                continue
            known.add(key)
            modules = [path for path in self._owned[key].files if path.endswith(".py") and not is_for_developers(path)]
            modules = [path for path in modules if self._files.find(path)]
            todo += self._look(path for path in modules if path not in self._looked)

    def _settings_near_programs(self, explored: Explored) -> list[str]:
        """Return the files in the folders of the image's own programs, which may be their settings."""
        reached = (
            path
            for path in explored.certain
            if path not in self._of_packages and not path.startswith(_SHARED) and not _is_of_library(path)
        )
        return self._settings_in(tuple({posixpath.dirname(path) + "/" for path in reached if "/" in path}))

    def _settings_in(self, folders: tuple[str, ...]) -> list[str]:
        small = (
            entry.path for entry in self._files.walk() if entry.kind is EntryKind.FILE and entry.size < _MAX_SETTING
        )
        near = (path for path in small if path.startswith(folders) and path not in self._of_packages)
        own = (path for path in near if not _is_of_library(path))
        return list(islice(own, _MAX_SETTINGS))


def _worked_on(explored: Explored) -> set[str]:
    """Return the folders in which programs work, and those that their words may name."""
    words = {".", *explored.given, *(word.partition("=")[2] for word in explored.given)}
    places = {posixpath.join("/", folder, word) for folder in explored.folders for word in words}
    folders = {f"{posixpath.normpath(place).strip('/')}/" for place in places}
    return {folder for folder in folders if folder not in _OF_ALL and not folder.startswith(_SHARED)}


def _is_of_language(key: Key) -> bool:
    """True for a package of a language, which the distribution's package manager did not install."""
    known = find(key[1])
    return known is not None and known.has_followed_runtime


def _loaded_by_gaps(unreached: dict[Key, Owned], explored: Explored) -> Iterator[Key]:
    """Yield the packages that a gap of their language may load, which then need others and start programs."""
    kinds = {gap.kind for gap in explored.gaps if gap.within is None and gap.kind not in (EVERYTHING, SCRIPTS, SYSTEM)}
    for key, one in unreached.items() if kinds else ():
        if key[1] in kinds or (not _is_of_language(key) and kinds & kinds_of_system(one.files)):
            yield key


def _is_of_library(path: str) -> bool:
    """True for a file of a package that was installed, and for the settings of a virtual environment."""
    name = posixpath.basename(path)
    return is_installed(path) or bool(_SITE.search(path)) or name == "pyvenv.cfg"


def _unreached_programs(
    owned: dict[Key, Owned], unreached: dict[Key, Owned], explored: Explored, files: Files
) -> Iterator[tuple[bytes, str]]:
    """Yield name and path of the programs that no step leads to, of packages of which other files are reached."""
    for key, one in owned.items():
        if key in unreached or _is_of_language(key):
            continue
        for path in one.files:
            folder, _, name = path.rpartition("/")
            if posixpath.basename(folder) in _PROGRAM_FOLDERS and _NAME.fullmatch(name):
                entry = files.find(path)
                if entry is not None and entry.path not in explored.certain and entry.path not in explored.possible:
                    yield name.encode(), path


def _reason(path: str, name: str) -> str:
    return f"{path} names {name}, so it may be started or loaded"


def _programs(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        folder, _, name = path.rpartition("/")
        if (folder.rpartition("/")[2] in _PROGRAM_FOLDERS and not is_installed(path)) or ".so" in name:
            yield name


def _named_programs(paths: Iterable[str], name: str) -> Iterator[str]:
    for path in paths:
        folder, _, each = path.rpartition("/")
        if each == name and folder.rpartition("/")[2] in _PROGRAM_FOLDERS:
            yield path

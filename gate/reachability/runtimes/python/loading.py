"""Python: from a program's script, `-m` module or named application to all modules that it imports."""

import enum
import fnmatch
import posixpath
import re
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice

import msgspec

from gate.ecosystems.pypi import normalised
from gate.reachability.imports.python_sources import ImportedName
from gate.reachability.runtimes.python.distributions import InstalledDistribution, distributions_of
from gate.reachability.runtimes.python.modules import Module, locate, modules_in
from gate.reachability.runtimes.python.names import (
    CommandLine,
    classes_in,
    has_unknown_module,
    names_in,
    read_command_line,
    words_in,
)
from gate.reachability.runtimes.python.own_conditions import BY_CONVENTION, NEVER, OF_CLASS, OF_OTHERS
from gate.reachability.runtimes.python.path import surroundings_of
from gate.reachability.runtimes.python.read import ReadModule, read_code, read_module
from gate.reachability.runtimes.python.servers import (
    WRAPPERS,
    applications_of,
    command_of,
    deployed_by,
    deployment_of,
    name_of,
    script_of,
    settings_of,
    variables_of,
    with_variable,
    workers_of,
)
from gate.reachability.runtimes.strings.addresses import drivers_of
from gate.reachability.runtimes.walk.commands import started_by, starting
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
    opened,
)
from gate.reachability.runtimes.walk.system_files import SHARED
from gate.trees.memo import Analysis

_INTERPRETER = re.compile(r"(?:python|pypy)\d*(?:\.\d+)*t?")
_KIND = "PyPI"
_MAX_MODULES = 30_000
_OF_PROGRAMS = frozenset({"bin", "sbin", "libexec"})
_SETTINGS = (".env", ".ini", ".toml", ".yaml", ".yml", ".json", ".cfg", ".conf")
_VARIABLES = ".env"
_READ = (".py", *_SETTINGS)
_WORD = re.compile(r"\w+")
_MAX_SETTING = 256 << 10
"""Bytes of a setting whose words may choose a module."""
_MAX_SETTINGS = 200
"""Settings of one program that are read for what they state."""
_OF_LIBRARIES = re.compile(r"(?:^|/)(?:site-packages|dist-packages|node_modules|\.git)/")
_MAIN = "/__main__.py"
_SERVER, _RUNS_SCRIPTS = "http.server", "--cgi"
_OF_ARCHIVE = b"PK\3\4"
_ARCHIVES = (".egg", ".pyz", ".whl", ".zip")
"""Archives from which modules are imported (Python documentation, "zipimport")."""
_ZIPPED = re.compile(r"python\d+\.zip")
"""The standard library as an archive."""
_CFFI, _OF_CFFI = "cffi", "_cffi_backend"
"""A distribution, and the module that what it compiles imports (cffi documentation, "Preparing and distributing")."""
_HELD = "/setuptools/_vendor/"
_OF_SETUPTOOLS = re.compile(r"/(?:site|dist)-packages/(?:setuptools|pkg_resources|_distutils_hack)/")
_OF_VERSION = re.compile(r"(?:^|/)(?:python|pypy)(?P<major>\d)\.(?P<minor>\d+)t?(?:/|$)")
_OF_MEDIA = "etc/mime.types"
"""The types of media that Python's standard library reads; it looks for others that no Debian package has."""
_OF_DJANGO = frozenset({"models", "apps", "admin"})
"""Modules that Django loads of each of its applications (Django documentation, "Applications")."""
_OF_BACKEND = "base"
"""The module that Django loads of what is named for a database."""
_CONFIGURATION = ".apps."
"""Stands in the name of an application's configuration: `shop.apps.ShopConfig`."""
_TAGS = "templatetags"
"""The package of which Django's templates load every module when they are set up (`get_installed_libraries`)."""
_MAX_NEAR = 5_000
"""Sources and settings of one program."""
_MAX_NAMING = 1_000
"""Own sources of one program whose names are looked up in conditions of others."""
_AT_START = (
    *("encodings.aliases", "encodings.utf_8", "encodings.latin_1", "encodings.ascii", "codecs", "io", "abc", "site"),
    *("os", "stat", "posixpath", "genericpath", "_collections_abc", "_sitebuiltins", "locale"),
    *("sitecustomize", "usercustomize"),
)
"""Modules that every start of Python imports, if they exist."""


class _Level(enum.IntEnum):
    """How certain it is that a module is imported."""

    POSSIBLE = 0
    """It may be imported; its own imports are not followed."""
    LAZY = 1
    """Its distribution is imported, but this module only when some function is called."""
    CERTAIN = 2


class _Module(msgspec.Struct, frozen=True):
    """A module that is to be imported."""

    file: str
    folder: str | None
    because: Because
    level: _Level
    is_chosen: bool = False
    """True if it looks for what is installed, to choose among that: its functions are called, too."""


def _is_archive(content: bytes) -> bool:
    """True for an archive of ZIP, also behind the first line of a script (Python documentation, "zipapp")."""
    return content.startswith(_OF_ARCHIVE) or (content.startswith(b"#!") and _OF_ARCHIVE in content)


_AS_ARCHIVE = Analysis("is an archive of modules", bool, _is_archive)


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of an interpreter."""
    return isinstance(reached, StartedProgram) and bool(_INTERPRETER.fullmatch(posixpath.basename(reached.program)))


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the script and every module, with what leads to each."""
    assert isinstance(reached, StartedProgram)
    program = _Program(reached, files)
    yield from program.run()


class _Program:
    """One interpreter with its search path."""

    def __init__(self, started: StartedProgram, files: Files) -> None:
        self._started = started
        self._files = files
        self._around = surroundings_of(started, files)
        self._distributions = distributions_of(self._around.sites, files)
        self._line = with_variable(read_command_line(started.arguments), started)
        self._own = self._own_folders()
        self._path: tuple[str, ...] = (*self._own, *self._around.standard, *self._around.sites)
        self._sites: dict[str, str | None] = {}
        self._homes: dict[str, InstalledDistribution | None] = {}
        self._located: dict[str, tuple[Module, ...]] = {}
        """Results of `_locate`: most names are imported many times."""
        self._levels: dict[str, _Level] = {}
        self._chosen: set[str] = set()
        """Modules that were followed as those that choose."""
        self._todo: deque[_Module] = deque()
        self._waiting: list[tuple[str, Because, _Level]] = []
        """Drivers for addresses that belong to a library, until it is loaded."""
        self._set_up: set[str] = set()
        """Libraries that own code sets up."""
        self._settings_of_server: set[str] = set()
        """Sources whose functions a server calls by their names."""
        self._known_names: dict[str, bool] = {}
        """Whether names of own sources are true, as far as that was asked."""
        self._enabled: list[tuple[str, Because, _Level]] = []
        """Modules that libraries load once they are set up."""
        self._led: dict[str, _Module] = {}
        """The modules that the module being read leads to, by their files."""
        around = (self._path, self._around.standard, self._around.sites)
        self._known: dict[tuple[str, _Level, bool, tuple[str, ...]], tuple[_Module, ...]] = files.cached(
            (_Program, around), dict
        )
        """The modules that each leads to, shared by all programs with the same search path; words where they matter."""

    def _own_folders(self) -> tuple[str, ...]:
        """Return the folders of the program itself: that of its script, and the working folder."""
        cwd = self._files.folder(self._started.folder)
        script = self._line.script
        folder = posixpath.dirname(posixpath.join("/", self._started.folder, script)) if script else None
        entry = self._files.find(posixpath.join("/", self._started.folder, script)) if script else None
        folders = (posixpath.dirname(entry.path) if entry else folder, cwd, *self._application_folders())
        stated = (one.strip("/") for one in folders if one is not None)
        return tuple(dict.fromkeys((*stated, *self._around.own)))

    def _application_folders(self) -> Iterator[str]:
        """Yield the folder in front of the packages that the file of an application lies in, which its server adds."""
        for path in applications_of(self._line):
            entry = self._files.find(posixpath.join("/", self._started.folder, path))
            folder = posixpath.dirname(entry.path) if entry is not None else None
            while folder and self._files.find(f"{folder}/__init__.py"):
                folder = posixpath.dirname(folder)
            if folder is not None:
                yield folder

    def run(self) -> Iterator[Step]:
        because = Because(self._started.program, "starts with")
        yield from opened(self._around.settings, because)
        native = [f"{folder}/{name}" for folder in self._around.standard for name in self._files.names(folder)]
        may_load = Because(self._started.program, "may load")
        yield from opened((path for path in native if path.endswith(".so")), may_load, is_certain=False)
        for path in self._archives():
            yield Gap(kind=_KIND, reason="is an archive whose modules are not read", path=path)
        for name in _AT_START:
            self._import(name, self._path, because, _Level.CERTAIN)
        for name in self._around.imported:
            self._import(name, self._path, Because(self._started.program, "imports for a .pth file"), _Level.CERTAIN)
        yield from self._main(self._line)
        yield from self._server(self._line)
        yield from self._near()
        self._take_up(self._led.values())
        while self._todo or self._take_waiting():
            module = self._todo.popleft()
            yield Opened(path=module.file, because=module.because, is_certain=module.level > _Level.POSSIBLE)
            is_higher = module.level > self._levels.get(module.file, _Level.POSSIBLE)
            if is_higher or module.level is _Level.POSSIBLE or self._is_newly_chosen(module):
                self._levels[module.file] = max(module.level, self._levels.get(module.file, module.level))
                self._chosen.update([module.file] if module.is_chosen else ())
                yield from self._follow(module)
            if len(self._levels) > _MAX_MODULES:
                yield Gap(
                    kind=_KIND, reason=f"more than {_MAX_MODULES:,} modules", path=self._started.program, is_limit=True
                )
                return

    def _archives(self) -> Iterator[str]:
        """Yield the archives on the search path, and the script if it is one (zipapp, PEX)."""
        stated = (self._started.variable("PYTHONPATH") or "").split(":")
        in_sites = (f"/{site}/{name}" for site in self._around.sites for name in self._files.names(site))
        script = self._files.find(posixpath.join("/", self._started.folder, self._line.script or ""))
        if script is not None and not script.path.endswith(".py") and self._files.analysed(script.path, _AS_ARCHIVE):
            yield script.path
        libraries = {posixpath.dirname(folder) for folder in self._around.standard}
        beside = (
            f"/{folder}/{name}" for folder in libraries for name in self._files.names(folder) if _ZIPPED.fullmatch(name)
        )
        for path in (*stated, *beside, *(path for path in in_sites if path.endswith(_ARCHIVES))):
            entry = self._files.find(posixpath.join("/", self._started.folder, path)) if path else None
            if entry is not None:
                yield entry.path

    def _main(self, line: CommandLine) -> Iterator[Step]:
        """Take up what the command line names."""
        because = Because(self._started.program, "runs")
        if line.script is not None:
            yield from self._script(posixpath.join("/", self._started.folder, line.script), because)
        elif line.module is not None:
            self._import(line.module, self._path, because, _Level.CERTAIN)
            self._import(line.module + ".__main__", self._path, because, _Level.CERTAIN)
        elif line.code is not None:
            module = _Module(self._started.program, None, because, _Level.CERTAIN)
            self._follow_names(read_code(line.code, is_own=True), module, None)
        for name in line.loaded:
            self._import(name, self._path, Because(self._started.program, "is asked to load"), _Level.CERTAIN)
        if line.module == _SERVER and _RUNS_SCRIPTS in line.arguments:
            yield Gap(kind=EVERYTHING, reason="runs scripts of its folder by requests", path=self._started.program)
        if has_unknown_module(line, self._started):
            yield Gap(kind=_KIND, reason="is given a name that is known only at run time", path=self._main_file)
        for named in names_in(line, self._with_variables()):
            folders = self._path if named.is_sure else self._own
            self._import(named.name, folders, Because(self._main_file, "is asked to load"), _Level.CERTAIN)
        for name in words_in(line, self._started):
            self._import(name, self._path, Because(self._main_file, "is given the word"), _Level.POSSIBLE)
        given = tuple(drivers_of((*line.arguments, *(value for _, value in self._started.environment))))
        self._take_drivers(given, Because(self._main_file, "is given an address for"))
        self._take_settings(line)

    def _take_drivers(self, names: Sequence[str], because: Because) -> None:
        """Take up the drivers for addresses; that of a library (`kombu.transport.redis`) once this is loaded."""
        self._import_drivers(names, because, _Level.CERTAIN)
        self._wait_for(names, because, _Level.CERTAIN)

    def _import_drivers(self, names: Iterable[str], because: Because, level: _Level) -> None:
        """Import the drivers for addresses; those of libraries are possible as long as these wait."""
        for name in names:
            self._import(name, self._path, because, _Level.POSSIBLE if "." in name else level)

    def _wait_for(self, names: Iterable[str], because: Because, level: _Level) -> None:
        self._waiting += [(name, because, level) for name in names if "." in name]

    def _take_waiting(self) -> bool:
        """Take up the drivers of libraries that are loaded by now, and what those load that are set up.

        Returns True if there are any.
        """
        loaded = {name for name, _, _ in self._waiting if self._is_loaded(name.partition(".")[0])}
        ready = [one for one in self._waiting if one[0] in loaded]
        self._waiting = [one for one in self._waiting if one[0] not in loaded]
        ready += [one for one in self._enabled if one[0].partition(".")[0] in self._set_up]
        self._enabled = [one for one in self._enabled if one not in ready]
        self._led = {}
        for name, because, level in ready:
            self._import(name, self._path, because, level)
        self._take_up(self._led.values())
        return bool(self._todo)

    def _is_loaded(self, name: str) -> bool:
        """True if a module is imported, for certain or late."""
        files = [module.file for module in self._locate(name, self._path)]
        return any(self._levels.get(file, _Level.POSSIBLE) > _Level.POSSIBLE for file in files if file is not None)

    def _take_settings(self, line: CommandLine) -> None:
        """Take up what the program's settings state: classes of loggers, and drivers in addresses."""
        for path in islice(self._settings(line), _MAX_SETTINGS):
            text = self._files.text(path)
            because = Because(path, "names")
            for name in classes_in(text):
                self._import(name, self._path, because, _Level.CERTAIN)
            if posixpath.basename(path) == _VARIABLES:
                self._take_drivers(tuple(drivers_of([text])), because)

    def _settings(self, line: CommandLine) -> Iterator[str]:
        """Yield the settings in the program's own folders, and those that arguments and variables name."""
        given = (*line.arguments, *(value for _, value in self._started.environment))
        words = (word.rpartition("=")[2] for word in given)
        named = (posixpath.join("/", self._started.folder, word) for word in words if word.endswith(_SETTINGS))
        entries = map(self._files.find, named)
        listed = (f"{folder}/{name}" for folder in self._own for name in self._files.names(folder))
        paths = (*(entry.path for entry in entries if entry is not None), *listed)
        yield from (path for path in dict.fromkeys(paths) if path.endswith(_SETTINGS) and self._is_small(path))

    def _with_variables(self) -> StartedProgram:
        """Return the start with the variables that files of the working folder add, which do not replace others."""
        added = dict(variables_of(self._line, self._text))
        environment = added | dict(self._started.environment)
        return msgspec.structs.replace(self._started, environment=tuple(sorted(environment.items())))

    def _text(self, path: str) -> str:
        entry = self._files.find(posixpath.join("/", self._started.folder, path))
        return self._files.text(entry.path) if entry is not None else ""

    def _server(self, line: CommandLine) -> Iterator[Step]:
        """Take up the settings and workers of a server, and yield the command that a wrapper starts."""
        because = Because(self._main_file, "reads its settings")
        texts = []
        for path in settings_of(line):
            entry = self._files.find(posixpath.join("/", self._started.folder, path))
            if entry is None:
                found = self._import(path.removeprefix("python:"), self._own, because, _Level.CERTAIN)
                self._settings_of_server.update([found.file] if found is not None else [])
            elif entry.path.endswith(".py"):
                self._settings_of_server.add(entry.path)
                self._add(_Module(entry.path, None, because, _Level.CERTAIN))
                texts.append(self._files.text(entry.path))
            else:
                yield Opened(path=entry.path, because=because)
                texts.append(self._files.text(entry.path))
        yield from self._deployed(line)
        for module in workers_of(line, "\n".join(texts)):
            self._import(module, self._path, Because(self._main_file, "is asked for"), _Level.CERTAIN)
        yield from self._command(line)

    def _deployed(self, line: CommandLine) -> Iterator[Step]:
        """Take up what the settings of PasteDeploy name, and yield these."""
        path = posixpath.join("/", self._started.folder, deployment_of(line) or "")
        entry = self._files.find(dict(self._started.templates).get(path, path))
        if entry is None:
            return
        yield Opened(path=entry.path, because=Because(self._main_file, "reads its settings"))
        because = Because(entry.path, "names")
        for name, is_distribution in deployed_by(self._files.text(entry.path)):
            modules = self._distributions.plugins_in(normalised(name), "paste.") if is_distribution else [name]
            for module in modules:
                self._import(module, self._path, because, _Level.CERTAIN)

    def _command(self, line: CommandLine) -> Iterator[Step]:
        """Yield the start of the command of a wrapper, or of the script that a profiler runs."""
        because = Because(self._main_file, "starts")
        if words := script_of(line):
            yield starting(self._started, self._started.called or self._started.program, words, because)
        words = command_of(line)
        if not words:
            return
        folders = [f"/{site}/{WRAPPERS[name_of(line)].path}" for site in self._around.sites]
        paths = [folder for folder in folders if self._files.find(f"{folder}/sitecustomize.py")]
        before = self._started.variable("PYTHONPATH")
        environment = dict(self._started.environment)
        environment["PYTHONPATH"] = ":".join((*paths, *((before,) if before else ())))
        caller = msgspec.structs.replace(self._started, environment=tuple(sorted(environment.items())))
        started = started_by(caller, words, because, self._files)
        if started is not None:
            yield started
        else:
            yield Gap(kind=EVERYTHING, reason="starts a program that is not known", path=self._main_file)

    def _near(self) -> Iterator[Step]:
        """Yield sources and settings below the program's own folders, for it may read or import them by any name."""
        because = Because(self._main_file, "may read from its folder")
        for folder in self._own:
            if posixpath.basename(folder) not in _OF_PROGRAMS:
                near = _readable(folder, self._files)
                yield from opened(near, because, is_certain=False)
                if len(near) >= _MAX_NEAR:
                    yield Gap(
                        kind=_KIND,
                        reason=f"has more than {_MAX_NEAR:,} sources and settings",
                        path=folder,
                        is_limit=True,
                    )

    @property
    def _main_file(self) -> str:
        entry = self._files.find(posixpath.join("/", self._started.folder, self._line.script or ""))
        return entry.path if entry else self._started.program

    def _script(self, path: str, because: Because) -> Iterator[Step]:
        entry = self._files.find(path)
        inside = None if entry else self._files.find(path + "/__main__.py")
        found = entry or inside
        if found is None:
            yield Gap(kind=_KIND, reason="runs a script that is known only at run time", path=self._started.program)
            return
        self._todo.append(_Module(found.path, None, because, _Level.CERTAIN))

    def _follow(self, module: _Module) -> Iterator[Step]:
        """Take up what a module imports."""
        is_own = self._is_own(module.file)
        if (module.level is _Level.POSSIBLE and not is_own) or module.file.endswith(".so"):
            self._follow_compiled(module)
            return
        if module.file.endswith(".pyc"):
            yield Gap(kind=_KIND, reason="is there in compiled form only", path=module.file)
            return
        read = read_module(module.file, self._files, is_own=is_own)
        home = self._home_of(module.file)
        if is_own:
            self._wait_for(read.drivers, Because(module.file, "names"), module.level)
            self._set_up.update(name for name in read.set_up if self._is_met(read.own.set_up.get(name)))
        elif module.level is _Level.CERTAIN:
            self._enabled += [(name, Because(module.file, "enables"), module.level) for name in read.enabled]
        self._take_up(self._led_to(read, module, home))
        if read.reads_types:
            is_certain = module.level is _Level.CERTAIN
            yield Opened(path=_OF_MEDIA, because=Because(module.file, "reads"), is_certain=is_certain)
        if home is not None:
            because = Because(module.file, "may load")
            yield from opened(self._distributions.native(home), because, is_certain=False)
        elif read.dynamic_line:
            reason = "imports what is known only at run time"
            within = None if read.goes_through_installed else posixpath.dirname(module.file)
            yield Gap(kind=_KIND, reason=reason, path=module.file, line=read.dynamic_line, within=within)

    def _follow_compiled(self, module: _Module) -> None:
        """Take up what a module that cffi made needs of it, which only a package that requires cffi has."""
        home = self._home_of(module.file)
        if module.level is _Level.CERTAIN and home is not None and _CFFI in home.requires:
            self._led = {}
            self._import(_OF_CFFI, self._path, Because(module.file, "loads"), module.level)
            self._take_up(self._led.values())

    def _led_to(self, read: ReadModule, module: _Module, home: InstalledDistribution | None) -> tuple[_Module, ...]:
        """Return the modules that a module leads to; computed once for programs with the same search path."""
        has_commands = any(one.command for one in read.source.imports)
        words = self._line.arguments if has_commands and self._is_own(module.file) else ()
        if read.asks_for_plugins:
            words = (*self._line.arguments, *(value for _, value in self._started.environment))
        unset = tuple(one for one in _needed_by(read) if self._is_unset(one)) if self._is_own(module.file) else ()
        key = (module.file, module.level, module.is_chosen, (*words, "", *unset))
        known = self._known.get(key)
        if known is None:
            self._led = {}
            self._follow_names(read, module, home)
            known = self._known[key] = tuple(self._led.values())
        return known

    def _follow_names(self, read: ReadModule, module: _Module, home: InstalledDistribution | None) -> None:
        """Take up what a module imports and names."""
        is_own = self._is_own(module.file)
        is_found = True
        for one in read.source.imports:
            is_replacing = one.is_fallback and not is_found
            if is_replacing:  # the import that it replaces fails, so this one is executed
                one = msgspec.structs.replace(one, is_fallback=False)
            elif one.is_alternative and is_found and not (is_own or one.versions):
                one = msgspec.structs.replace(one, is_fallback=True)
            is_left_out = self._is_for_others(one) or (is_own and self._is_left_out(one, read, module))
            if one.line in read.own.on_request and not self._is_module_of_own(one, module):
                one = msgspec.structs.replace(one, is_conditional=True)
            is_there = self._follow_import(one, module, home, is_own, is_left_out=is_left_out)
            is_more = is_replacing and one.module.partition(".")[0] in sys.stdlib_module_names  # another may follow
            if not (is_more or one.is_alternative or is_left_out):
                is_found = is_there
        if not self._is_standard(module.file):
            self._follow_strings(read, module, home, is_own)

    def _follow_import(
        self, one: ImportedName, module: _Module, home: InstalledDistribution | None, is_own: bool, is_left_out: bool
    ) -> bool:
        """Take up one import; return False if there is no such module."""
        because = Because(module.file, "imports", one.line)
        folders: Sequence[str] = self._path
        name = one.module
        if name.startswith("."):
            name = one.module.lstrip(".")
            folders = _parents(module, len(one.module) - len(name))
        is_lazy = (
            one.is_lazy
            and not module.is_chosen
            and not (is_own and (not one.command or one.command in self._line.arguments))
            and not (home is not None and not one.is_conditional and self._is_called(one.function, module))
        )
        whole = ".".join(part for part in (name, one.name) if part and part != "*")
        is_other_start = one.is_for_scripts and not is_own and not module.file.endswith(_MAIN)
        importer = _Importer(
            home,
            is_own,
            is_lazy,
            one.is_fallback or is_other_start,
            self._is_standard(module.file),
            (one.is_conditional or self._is_unset(one.variable)) and not module.is_chosen,
            is_left_out,
            _OF_SETUPTOOLS.search(module.file) is not None,
        )
        found = self._import(whole, folders, because, module.level, importer)
        return found is not None or name.partition(".")[0] in sys.stdlib_module_names

    def _is_called(self, function: str, module: _Module) -> bool:
        """True for a function of a library, or a method, that own code calls: it imports what stands in it."""
        site = self._site_of(module.file) or ""
        package = module.file.removeprefix(site + "/").partition("/")[0].partition(".")[0]
        return bool(function) and f"{package}.{function}" in self._called

    @cached_property
    def _called(self) -> frozenset[str]:
        """What own code calls of libraries; nothing if there are very many own sources."""
        found = (read_module(path, self._files, is_own=True).own.called for path in self._own_sources)
        return frozenset(chain.from_iterable(found))

    def _is_module_of_own(self, one: ImportedName, module: _Module) -> bool:
        """True for the import of a module of the program itself."""
        found = self._locate(one.module.partition(".")[0], self._path) if not one.module.startswith(".") else ()
        return not found or self._is_own(found[0].file or found[0].folder or "")

    def _is_for_others(self, one: ImportedName) -> bool:
        """True for an import that other versions of Python execute."""
        return self._version is not None and not all(needed.has(self._version) for needed in one.versions)

    @cached_property
    def _version(self) -> tuple[int, int] | None:
        """The version of Python, by the folder of its standard library."""
        found = [one for folder in self._around.standard if (one := _OF_VERSION.search(folder))]
        return (int(found[0]["major"]), int(found[0]["minor"])) if found else None

    def _is_left_out(self, one: ImportedName, read: ReadModule, module: _Module) -> bool:
        """True for an import that needs something that is not set, or stands in a function that nothing mentions."""
        if any(map(self._is_unset, read.own.imports.get(one.line, ()))):
            return True
        function = read.own.functions.get(one.line)
        if function is None or BY_CONVENTION.fullmatch(function) or module.file in self._settings_of_server:
            return False
        mentioned = self._mentioned
        return bool(mentioned) and function not in mentioned

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """All names that own sources, settings and the command line mention; none if there are very many."""
        sources = self._own_sources
        if not sources:
            return frozenset()
        line = (*self._line.arguments, self._line.code or "", *(value for _, value in self._started.environment))
        given = frozenset(_WORD.findall(" ".join(line)))
        return self._files.cached(
            (_Program, "mentions", *sources, *sorted(given)),
            lambda: given.union(self._words_of_settings(), *(_mentions_of(path, self._files) for path in sources)),
        )

    @cached_property
    def _own_sources(self) -> tuple[str, ...]:
        """The script and the sources in the program's own folders, unless there are very many."""
        inside = (path for folder in self._own for path in _readable(folder, self._files) if path.endswith(".py"))
        sources = {*inside, *([self._main_file] if self._line.script else [])}
        return tuple(sorted(sources)) if len(sources) <= _MAX_NAMING else ()

    def _is_unset(self, need: str) -> bool:
        """True for a variable of the environment that neither the start sets nor a setting in the program's folders.

        Also for other needs that are not met.
        """
        if need in ("", NEVER):
            return need == NEVER
        if need.startswith(OF_OTHERS):
            return not self._is_true(need.removeprefix(OF_OTHERS))
        if need.startswith(OF_CLASS):
            ending = need.removeprefix(OF_CLASS).upper()
            given = (name for name, value in self._started.environment if value)
            return not any(name.upper().endswith(ending) for name in (*given, *self._words_of_settings()))
        return not self._started.variable(need) and need not in self._words_of_settings()

    def _is_true(self, name: str) -> bool:
        """True unless each own source that gives a name a value gives it one that is false until something is set."""
        if name not in self._known_names:
            self._known_names[name] = True  # if it needs itself
            places = self._names_of_settings().get(name, ())
            self._known_names[name] = self._is_met(places)
        return self._known_names[name]

    def _is_met(self, places: Sequence[Sequence[str]] | None) -> bool:
        """True if one of some places has all that it needs, or needs nothing."""
        return not places or any(not any(map(self._is_unset, needs)) for needs in places)

    def _names_of_settings(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Return what the names in own sources need to be true, unless there are very many sources."""
        sources = self._own_sources
        return self._files.cached((_Program, "names", *sources), lambda: _names_in(sources, self._files))

    def _follow_strings(
        self, read: ReadModule, module: _Module, home: InstalledDistribution | None, is_own: bool
    ) -> None:
        """Take up modules that strings name: applications in settings, a library's own modules, plugins."""
        because = Because(module.file, "names")
        for string in sorted(read.source.strings):
            name = string.partition(":")[0]
            if is_own and ("." in string or ":" in string or read.lists_applications):
                is_met = self._is_met(read.own.strings.get(string))
                level = module.level if is_met else _Level.POSSIBLE
                if string in read.own.applications:
                    self._listed(name, because, level)
                else:
                    self._application(name, because, level, is_listed=read.lists_applications)
            elif not is_own and "." in name:
                self._import(name, self._path, because, module.level, _Importer(home, False, True))
            if read.asks_for_plugins:
                self._import_plugins(string, read, module, home)
        for name in read.chosen if not is_own else ():
            self._choose(name, because, module.level)
        self._include(read, module)
        self._execute(read.own.executed, module, module.level)
        self._execute(read.own.perhaps_executed, module, _Level.POSSIBLE)
        self._import_drivers(read.drivers if is_own else (), because, module.level)
        for name in read.engines if is_own else ():
            self._import(name, self._around.sites, Because(module.file, "asks for"), module.level)
        for package in read.prefixes:
            self._import_one_of(package, read.source.strings, because, module.level)

    def _import_plugins(
        self, group: str, read: ReadModule, module: _Module, home: InstalledDistribution | None
    ) -> None:
        """Import what is registered under a group; what is chosen by its name may be, unless something states that.

        What a distribution registers for itself, it chooses of: the others would be no part of it.
        """
        because = Because(module.file, "names")
        for plugin, other in self._distributions.plugins(group):
            is_same = other is home
            if not (is_same or read.chooses_plugins) or self._is_stated(plugin.name, read):
                self._import(plugin.module, self._path, because, module.level)
            elif is_same:
                self._import(plugin.module, self._path, because, module.level, _Importer(home, False, True))
            else:
                self._import(plugin.module, self._path, because, _Level.POSSIBLE)

    def _is_stated(self, name: str, read: ReadModule) -> bool:
        """True if the module that is read, own code, settings or the command line state all words of a name."""
        mentioned = self._mentioned
        return not mentioned or all(word in mentioned or word in read.source.parts for word in _WORD.findall(name))

    def _include(self, read: ReadModule, module: _Module) -> None:
        """Import what an application of Pyramid includes, and what it scans."""
        because = Because(module.file, "includes")
        for name in read.own.included:
            folders, stated = self._relative(name, module)
            is_met = self._is_met(read.own.strings.get(name))
            self._import(stated, folders, because, module.level if is_met else _Level.POSSIBLE)
        for name, ignored in read.own.scanned:
            folders, stated = self._relative(name, module)
            found = [one.folder for one in locate(stated, folders, self._files)][-1:] if stated else folders[:1]
            for folder in filter(None, found):
                self._scan(folder, frozenset(ignored), Because(module.file, "scans"), module.level)

    def _execute(self, patterns: Iterable[str], module: _Module, level: _Level) -> None:
        """Take up the sources that django-split-settings executes, by paths from the one that names them."""
        for pattern in patterns:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(module.file), pattern))
            folder, name = posixpath.split(path)
            for one in fnmatch.filter(self._files.names(folder), name):
                if one.endswith(".py"):
                    self._add(_Module(f"{folder}/{one}", None, Because(module.file, "includes"), level))

    def _relative(self, name: str, module: _Module) -> tuple[Sequence[str], str]:
        """Return the folders from which a name is looked for, and what is looked for: `.models` from the package."""
        stated = name.lstrip(".")
        is_absolute = stated == name and bool(name)
        return self._path if is_absolute else _parents(module, max(1, len(name) - len(stated))), stated

    def _scan(self, package: str, ignored: frozenset[str], because: Because, level: _Level) -> None:
        """Take up all modules below a package, but for those that are left out by their names."""
        for path in _sources_below(package, self._files):
            folder = posixpath.dirname(path) if path.endswith("/__init__.py") else None
            is_ignored = any(_is_called(path, name) for name in ignored)
            self._add(_Module(path, folder, because, _Level.POSSIBLE if is_ignored else level))

    def _choose(self, name: str, because: Because, level: _Level) -> None:
        """Import a module that chooses among what is installed."""
        found = self._import(name, self._path, because, level)
        if found is not None and found.file.endswith(".py"):
            self._add(msgspec.structs.replace(found, is_chosen=True))

    def _import_one_of(self, package: str, named: frozenset[str], because: Because, level: _Level) -> None:
        """Import the modules of a package of which one is imported by its name: those `named` here, or perhaps any."""
        settings = self._words_of_settings()
        for folder in {one.folder for one in self._locate(package, self._path) if one.folder is not None}:
            for name in modules_in(folder, self._files):
                here = level if name in named or name in settings else _Level.POSSIBLE
                self._import(f"{package}.{name}", self._path, because, here)

    def _words_of_settings(self) -> frozenset[str]:
        """Return the words in the settings that lie in the program's own folders."""
        paths = (f"{folder}/{name}" for folder in self._own for name in self._files.names(folder))
        settings = [path for path in paths if path.endswith(_SETTINGS) and self._is_small(path)]
        return self._files.cached(
            (_Program, "words", *settings),
            lambda: frozenset(word for path in settings for word in _WORD.findall(self._files.text(path))),
        )

    def _is_small(self, path: str) -> bool:
        entry = self._files.find(path)
        return entry is not None and entry.size < _MAX_SETTING

    def _application(self, name: str, because: Because, level: _Level, *, is_listed: bool) -> None:
        """Import what the program's own settings name, and the parts of it that frameworks look for.

        Of a package within another one only some are sure. Django looks for these in the program's own, too.
        """
        found = self._import(name, self._path, because, level)
        if found is None or not found.folder:
            return
        is_installed = self._site_of(found.folder) is not None
        for part, inner in modules_in(found.folder, self._files).items():
            is_looked_for = is_installed and not part.startswith("test")
            if inner.file and not inner.folder and (is_looked_for or (is_listed and part in _OF_DJANGO)):
                is_sure = "." not in name or part == _OF_BACKEND or part in _OF_DJANGO
                self._add(_Module(inner.file, None, because, level if is_sure else _Level.POSSIBLE))
        if is_listed:
            self._tags(found.folder, because, level)

    def _listed(self, name: str, because: Because, level: _Level) -> None:
        """Import one of Django's applications, or its configuration, and the parts for which Django itself looks."""
        self._import(name, self._path, because, level)
        found = self._import(name.partition(_CONFIGURATION)[0], self._path, because, level)
        if found is None or not found.folder:
            return
        modules = modules_in(found.folder, self._files)
        for inner in filter(None, map(modules.get, sorted(_OF_DJANGO))):
            if inner.file:
                self._add(_Module(inner.file, inner.folder, because, level))
        self._tags(found.folder, because, level)

    def _tags(self, folder: str, because: Because, level: _Level) -> None:
        for inner in modules_in(f"{folder}/{_TAGS}", self._files).values():
            if inner.file:
                self._add(_Module(inner.file, inner.folder, because, level))

    def _import(
        self, name: str, folders: Sequence[str], because: Because, level: _Level, importer: "_Importer | None" = None
    ) -> _Module | None:
        """Take up every module that importing `name` loads; return the last."""
        last = None
        for module in self._locate(name, folders):
            path = module.file or module.folder or ""
            here = level if importer is None else self._level_of(path, level, importer)
            last = _Module(path, module.folder, because, here)
            if module.file:
                self._add(last)
        return last

    def _locate(self, name: str, folders: Sequence[str]) -> tuple[Module, ...]:
        if folders is not self._path:
            return tuple(locate(name, folders, self._files))
        if name not in self._located:
            self._located[name] = tuple(locate(name, folders, self._files))
        return self._located[name]

    def _add(self, module: _Module) -> None:
        before = self._led.get(module.file)
        if before is None or (module.level, module.is_chosen) > (before.level, before.is_chosen):
            self._led[module.file] = module

    def _take_up(self, modules: Iterable[_Module]) -> None:
        for module in modules:
            known = self._levels.get(module.file)
            if known is None or module.level > known or self._is_newly_chosen(module):
                if module.level is _Level.POSSIBLE:
                    self._levels[module.file] = module.level
                self._todo.append(module)

    def _is_newly_chosen(self, module: _Module) -> bool:
        return module.is_chosen and module.level > _Level.POSSIBLE and module.file not in self._chosen

    def _level_of(self, path: str, level: _Level, importer: "_Importer") -> _Level:
        """Return how certain an import is, by the module that imports and where it does."""
        if importer.is_left_out or (_HELD in path and not importer.is_of_setuptools):
            return _Level.POSSIBLE
        if importer.is_own:
            is_optional = importer.is_conditional and not self._is_standard(path)
            return _Level.POSSIBLE if importer.is_fallback or importer.is_lazy or is_optional else level
        home = self._home_of(path)
        is_standard = home is None and self._is_standard(path)
        if is_standard and importer.is_lazy:
            return _Level.POSSIBLE
        if is_standard:
            return level
        if importer.is_fallback:
            return _Level.POSSIBLE
        if home is not None and home is importer.home:
            return min(level, _Level.LAZY) if importer.is_lazy else level
        if importer.is_lazy:
            return _Level.POSSIBLE
        if level is _Level.CERTAIN:
            return level
        is_required = home is not None and importer.home is not None and home.name in importer.home.requires
        return _Level.CERTAIN if is_required and level > _Level.POSSIBLE else _Level.POSSIBLE

    def _home_of(self, path: str) -> InstalledDistribution | None:
        """Return the distribution that a file belongs to."""
        if path not in self._homes:
            site = self._site_of(path)
            self._homes[path] = self._distributions.of(path, site) if site is not None else None
        return self._homes[path]

    def _site_of(self, path: str) -> str | None:
        if path not in self._sites:
            self._sites[path] = next((site for site in self._around.sites if path.startswith(site + "/")), None)
        return self._sites[path]

    def _is_own(self, path: str) -> bool:
        """True for the program's own files, which are neither of the standard library nor of a distribution."""
        return self._site_of(path) is None and not self._is_standard(path)

    def _is_standard(self, path: str) -> bool:
        return self._site_of(path) is None and any(path.startswith(one + "/") for one in self._around.standard)


class _Importer(msgspec.Struct, frozen=True):
    """The module that imports, and how."""

    home: InstalledDistribution | None
    is_own: bool
    """True for the program's own files, which belong to no distribution."""
    is_lazy: bool
    is_fallback: bool = False
    is_standard: bool = False
    """True for a module of the standard library: what its functions import is rarely called for."""
    is_conditional: bool = False
    """True on a condition: an own source imports a distribution there for some settings alone."""
    is_left_out: bool = False
    """True on a condition that does not hold: of an own source, as nothing sets a variable, or of a version."""
    is_of_setuptools: bool = False
    """True for a module of setuptools, which alone puts what it holds on the path, when it is loaded."""


def _is_called(path: str, name: str) -> bool:
    """True for the source of a module, or of one in it, that a dotted name states in full or from a package on."""
    inside = name.strip(".").replace(".", "/")
    return f"/{inside}." in f"/{path}" or f"/{inside}/" in f"/{path}"


def _needed_by(read: ReadModule) -> list[str]:
    """Return all that an own source needs for something."""
    places = chain.from_iterable((*read.own.strings.values(), read.own.imports.values()))
    return sorted({*chain.from_iterable(places), *(one.variable for one in read.source.imports)})


def _mentions_of(path: str, files: Files) -> frozenset[str]:
    """Return what an own source mentions: all words of one that cannot be parsed."""
    mentions = read_module(path, files, is_own=True).own.mentions
    return mentions or frozenset(_WORD.findall(files.text(path)))


def _names_in(sources: Iterable[str], files: Files) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return what each name in some sources needs to be true, by each place that gives it a value."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for path in sources:
        for name, places in read_module(path, files, is_own=True).own.names.items():
            found[name] = (*found.get(name, ()), *places)
    return found


def _readable(folder: str, files: Files) -> list[str]:
    """Return the sources and settings in a folder, and in those below unless many programs share it."""
    return files.cached((_readable, folder), lambda: list(islice(_below(folder, files), _MAX_NEAR)))


def _sources_below(package: str, files: Files) -> list[str]:
    """Return the modules in the folder of a package and in those below, but for what is installed there."""
    inside = (entry.path for entry in files.walk() if entry.path.startswith(package + "/"))
    sources = (path for path in inside if path.endswith(".py") and not _OF_LIBRARIES.search(path[len(package) :]))
    return files.cached((_sources_below, package), lambda: list(islice(sources, _MAX_NEAR)))


def _below(folder: str, files: Files) -> Iterator[str]:
    if folder in SHARED or folder.startswith("usr/"):
        paths = [f"{folder}/{name}" for name in files.names(folder)]
    else:
        every = (entry.path for entry in files.walk() if entry.path.startswith(folder + "/"))
        paths = [path for path in every if not _OF_LIBRARIES.search(path)]
    return filter(_may_be_read, paths)


def _may_be_read(path: str) -> bool:
    return posixpath.basename(path).startswith(".") or path.endswith(_READ)


def _parents(module: _Module, dots: int) -> list[str]:
    """Return the folder from which a relative import with so many dots looks."""
    folder = posixpath.dirname(module.file)
    for _ in range(dots - 1):
        folder = posixpath.dirname(folder)
    return [folder]

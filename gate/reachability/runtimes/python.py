"""Python: from a program's script, `-m` module or named application to all modules that it imports."""

import enum
import posixpath
import re
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.reachability.imports.python_sources import ImportedName, PythonSource, read_source
from gate.reachability.runtimes.addresses import drivers_of
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import Because, Gap, Opened, Reached, StartedProgram, Step, opened
from gate.reachability.runtimes.python_distributions import InstalledDistribution, distributions_of
from gate.reachability.runtimes.python_modules import Module, locate, modules_in
from gate.reachability.runtimes.python_names import CommandLine, has_unknown_module, names_in, read_command_line
from gate.reachability.runtimes.python_path import surroundings_of
from gate.trees.memo import Analysis

_INTERPRETER = re.compile(r"(?:python|pypy)\d*(?:\.\d+)*t?")
_KIND = "PyPI"
_MAX_MODULES = 30_000
_MAX_SOURCE = 4 << 20
"""Bytes of one module."""
_AT_START = (
    *("encodings.aliases", "encodings.utf_8", "encodings.latin_1", "encodings.ascii", "codecs", "io", "abc", "site"),
    *("os", "stat", "posixpath", "genericpath", "_collections_abc", "_sitebuiltins", "locale"),
    *("sitecustomize", "usercustomize"),
)
"""Modules that every start of Python imports, if they exist."""
_DYNAMIC = re.compile(
    r"\b(?:import_module|__import__)\(\s*[^\"'\s)]|\bpkgutil\.(?:iter|walk)_|\brunpy\.|^\s*exec\(", re.MULTILINE
)
_LISTS_APPLICATIONS = ("INSTALLED_APPS", "MIDDLEWARE")
_METADATA = ("METADATA", "entry_points.txt", "PKG-INFO")
_PLUGINS = ("entry_points", "distributions(")


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


class _Read(msgspec.Struct, frozen=True):
    """The facts in one module's text; computed once, however many programs import it."""

    source: PythonSource
    lists_applications: bool
    asks_for_plugins: bool
    dynamic_line: int | None
    """Line of the first import of a name that is made at run time."""
    drivers: tuple[str, ...]

    @classmethod
    def of(cls, text: str, is_own: bool) -> "_Read":
        dynamic = _DYNAMIC.search(text) if is_own else None
        line = text.count("\n", 0, dynamic.start()) + 1 if dynamic else None
        return cls(
            read_source(text),
            any(name in text for name in _LISTS_APPLICATIONS),
            any(name in text for name in _PLUGINS),
            line,
            tuple(drivers_of([text])) if is_own else (),
        )


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
        self._line = read_command_line(started.arguments)
        self._own = self._own_folders()
        self._path: tuple[str, ...] = (*self._own, *self._around.standard, *self._around.sites)
        self._sites: dict[str, str | None] = {}
        self._homes: dict[str, InstalledDistribution | None] = {}
        self._located: dict[str, tuple[Module, ...]] = {}
        """Results of `_locate`: most names are imported many times."""
        self._levels: dict[str, _Level] = {}
        self._todo: deque[_Module] = deque()
        self._led: dict[str, _Module] = {}
        """The modules that the module being read leads to, by their files."""
        around = (self._path, self._around.standard, self._around.sites)
        self._known: dict[tuple[str, _Level], tuple[_Module, ...]] = files.cached((_Program, around), dict)
        """The modules that each leads to, shared by all programs with the same search path."""

    def _own_folders(self) -> tuple[str, ...]:
        """Return the folders of the program itself: that of its script, and the working folder."""
        cwd = self._files.folder(self._started.folder)
        script = self._line.script
        folder = posixpath.dirname(posixpath.join("/", self._started.folder, script)) if script else None
        entry = self._files.find(posixpath.join("/", self._started.folder, script)) if script else None
        folders = (posixpath.dirname(entry.path) if entry else folder, cwd)
        stated = (one.strip("/") for one in folders if one is not None)
        return tuple(dict.fromkeys((*stated, *self._around.own)))

    def run(self) -> Iterator[Step]:
        because = Because(self._started.program, "starts with")
        yield from opened(self._around.settings, because)
        native = [f"{folder}/{name}" for folder in self._around.standard for name in self._files.names(folder)]
        may_load = Because(self._started.program, "may load")
        yield from opened((path for path in native if path.endswith(".so")), may_load, is_certain=False)
        for name in _AT_START:
            self._import(name, self._path, because, _Level.CERTAIN)
        yield from self._main(self._line)
        self._take_up(self._led.values())
        while self._todo:
            module = self._todo.popleft()
            yield Opened(path=module.file, because=module.because, is_certain=module.level > _Level.POSSIBLE)
            if module.level > self._levels.get(module.file, _Level.POSSIBLE) or module.level is _Level.POSSIBLE:
                self._levels[module.file] = module.level
                yield from self._follow(module)
            if len(self._levels) > _MAX_MODULES:
                yield Gap(kind=_KIND, reason=f"more than {_MAX_MODULES:,} modules", path=self._started.program)
                return

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
            self._follow_names(_Read.of(line.code, True), module, None)
        if has_unknown_module(line, self._started):
            yield Gap(kind=_KIND, reason="is given a name that is known only at run time", path=self._main_file)
        for named in names_in(line, self._started):
            folders = self._path if named.is_sure else self._own
            self._import(named.name, folders, Because(self._main_file, "is asked to load"), _Level.CERTAIN)
        for name in drivers_of((*line.arguments, *(value for _, value in self._started.environment))):
            self._import(name, self._path, Because(self._main_file, "is given an address for"), _Level.CERTAIN)

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
        if module.level is _Level.POSSIBLE or module.file.endswith(".so"):
            return
        if module.file.endswith(".pyc"):
            yield Gap(kind=_KIND, reason="is there in compiled form only", path=module.file)
            return
        is_own = self._is_own(module.file)
        read = self._files.cached((_Read, module.file, is_own), lambda: self._read(module.file, is_own))
        home = self._home_of(module.file)
        self._take_up(self._led_to(read, module, home))
        if read.asks_for_plugins:
            yield from self._metadata(module)
        if home is not None:
            because = Because(module.file, "may load")
            yield from opened(self._distributions.native(home), because, is_certain=False)
        elif read.dynamic_line:
            reason = "imports what is known only at run time"
            yield Gap(kind=_KIND, reason=reason, path=module.file, line=read.dynamic_line)

    def _read(self, path: str, is_own: bool) -> _Read:
        def analyse(content: bytes) -> _Read:
            return _Read.of(content.decode("utf-8", "replace"), is_own)

        analysis = Analysis("what a Python module imports", _Read, analyse, ("own",) if is_own else ())
        return self._files.analysed(path, analysis, _MAX_SOURCE)

    def _metadata(self, module: _Module) -> Iterator[Step]:
        """Yield the metadata of all distributions, which code that looks for plugins reads; that is no use of them."""
        because = Because(module.file, "looks for plugins in")
        paths = [f"{folder}/{name}" for folder in self._distributions.folders for name in _METADATA]
        yield from opened(paths, because, is_certain=False)

    def _led_to(self, read: _Read, module: _Module, home: InstalledDistribution | None) -> tuple[_Module, ...]:
        """Return the modules that a module leads to; computed once for programs with the same search path."""
        known = self._known.get((module.file, module.level))
        if known is None:
            self._led = {}
            self._follow_names(read, module, home)
            known = self._known[module.file, module.level] = tuple(self._led.values())
        return known

    def _follow_names(self, read: _Read, module: _Module, home: InstalledDistribution | None) -> None:
        """Take up what a module imports and names."""
        is_own = self._is_own(module.file)
        is_found = True
        for one in read.source.imports:
            if one.is_fallback and not is_found:  # the import that it replaces fails, so this one is executed
                one = msgspec.structs.replace(one, is_fallback=False)
            is_found = self._follow_import(one, module, home, is_own)
        if not self._is_standard(module.file):
            self._follow_strings(read, module, home, is_own)

    def _follow_import(
        self, one: ImportedName, module: _Module, home: InstalledDistribution | None, is_own: bool
    ) -> bool:
        """Take up one import; return False if there is no such module."""
        because = Because(module.file, "imports", one.line)
        folders: Sequence[str] = self._path
        name = one.module
        if name.startswith("."):
            name = one.module.lstrip(".")
            folders = _parents(module, len(one.module) - len(name))
        is_lazy = one.is_lazy and not is_own
        whole = ".".join(part for part in (name, one.name) if part and part != "*")
        importer = _Importer(home, is_own, is_lazy, one.is_fallback, self._is_standard(module.file))
        found = self._import(whole, folders, because, module.level, importer)
        return found is not None or name.partition(".")[0] in sys.stdlib_module_names

    def _follow_strings(self, read: _Read, module: _Module, home: InstalledDistribution | None, is_own: bool) -> None:
        """Take up modules that strings name: applications in settings, a library's own modules, plugins."""
        because = Because(module.file, "names")
        for string in sorted(read.source.strings):
            name = string.partition(":")[0]
            if is_own and ("." in string or ":" in string or read.lists_applications):
                self._application(name, because)
            elif not is_own and "." in name:
                self._import(name, self._path, because, module.level, _Importer(home, False, True))
            for plugin in self._distributions.plugins(string) if read.asks_for_plugins else ():
                self._import(plugin, self._path, because, module.level)
        for name in read.drivers if is_own else ():
            self._import(name, self._path, because, _Level.CERTAIN)

    def _application(self, name: str, because: Because) -> None:
        """Import what the program's own settings name, and the parts of it that frameworks look for."""
        found = self._import(name, self._path, because, _Level.CERTAIN)
        if found is not None and found.folder and self._site_of(found.folder) is not None:
            for part, inner in modules_in(found.folder, self._files).items():
                if inner.file and not inner.folder and not part.startswith("test"):
                    self._add(_Module(inner.file, None, because, _Level.CERTAIN))

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
        if before is None or module.level > before.level:
            self._led[module.file] = module

    def _take_up(self, modules: Iterable[_Module]) -> None:
        for module in modules:
            known = self._levels.get(module.file)
            if known is None or module.level > known:
                if module.level is _Level.POSSIBLE:
                    self._levels[module.file] = module.level
                self._todo.append(module)

    def _level_of(self, path: str, level: _Level, importer: "_Importer") -> _Level:
        """Return how certain an import is, by the module that imports and where it does."""
        if importer.is_own:
            return _Level.POSSIBLE if importer.is_fallback else level
        home = self._home_of(path)
        is_standard = home is None and self._is_standard(path)
        if is_standard and importer.is_lazy:
            return _Level.POSSIBLE
        if is_standard or (home is not None and home is importer.home):
            return min(level, _Level.LAZY) if importer.is_lazy else level
        if importer.is_fallback:
            return _Level.POSSIBLE
        if level is _Level.CERTAIN and not importer.is_lazy:
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


def _parents(module: _Module, dots: int) -> list[str]:
    """Return the folder from which a relative import with so many dots looks."""
    folder = posixpath.dirname(module.file)
    for _ in range(dots - 1):
        folder = posixpath.dirname(folder)
    return [folder]

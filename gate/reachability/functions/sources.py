"""The Python sources that a program may load: its own, and those of installed packages that are imported from there.

What is loaded is rather too much than too little: imports in functions and behind `except` count, strings that name a
module, and the modules that installed packages offer as entry points. A package that imports by names made at run time
is loaded whole; if the program's own code does, all packages are.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from gate.core.errors import GateError, LimitError
from gate.reachability.functions.units import Source, parse_units
from gate.reachability.imports.python_sources import PythonSource, read_source
from gate.reachability.runtimes.python.read import analysis
from gate.trees import FileTree
from gate.trees.memo import analysed, remembers

MAX_SOURCE = 4 << 20
"""Bytes of one source."""
MAX_BYTES = 256 << 20
"""Bytes of all sources that are held."""
MAX_PARSED = 48 << 20
"""Bytes of sources that are parsed."""
SITE_FOLDERS = ("site-packages", "dist-packages")
_IMPORTING = rb"\b(?:import_module|__import__|import_string|import_object|locate|symbol_by_name)\s*\("
_IMPORTS_BY_NAME = re.compile(_IMPORTING + rb"\s*(?![\"'][\w.]+[\"']\s*[,)])(?!\s*\))")
"""A call that imports what is not named by one text."""
_ENTRY_POINT = re.compile(r"([\w.-]+)\s*=\s*([\w.]+)")
_COMMAND = re.compile(r"[\w.-]+")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_TEXTS = (
    ".txt", ".cfg", ".ini", ".toml", ".yaml", ".yml", ".json", ".env", ".conf", ".html", ".htm", ".xml", ".j2",
    ".jinja", ".jinja2", ".mako", ".ipynb", ".pyx", ".pyw", ".mk", ".service", ".bat", ".ps1", ".tf", ".hcl", ".sh",
    ".pth", ".tpl", ".tmpl",
)  # fmt: skip
"""Endings of files that may name functions: settings, templates, scripts."""
_STARTS = re.compile(r"(?:^|/)(?:[^/.]+|[\w-]*(?:Dockerfile|Containerfile|Procfile|Makefile)[^/]*)\Z", re.IGNORECASE)
"""Files that may be scripts or say what is started: those without an ending among them."""
_SHEBANG = re.compile(rb"#![^\n]*\bpython")
_LOADING = re.compile(r"(?:\b(?:import|from)|-m)\s+([\w.]+)")
_COMPILED = (".so", ".pyd")


class Sources:
    """The sources of one program."""

    def __init__(
        self,
        tree: FileTree,
        own: Iterable[str],
        installed: Iterable[str],
        *,
        running: Collection[str] | None = None,
        reached: Collection[str] = (),
        given: Mapping[str, bytes] | None = None,
        max_parsed: int = MAX_PARSED,
    ) -> None:
        """Take the paths of the program's own files, and of those of installed packages, both of any kind.

        `running` are those of its own that are known to run, if that is known at all; `reached` are files of packages
        that may run; `given` are texts that are in no file, such as a container's configuration, by a name for each.
        Not more than `max_parsed` bytes are parsed. Raises LimitError if there is more to read than is held.
        """
        self._tree = tree
        self._max_parsed = max_parsed
        self._contents: dict[str, bytes] = dict(given or {})
        self._parsed: dict[str, Source | None] = {}
        self._held = 0
        self._bytes_parsed = 0
        installed = list(installed)
        self.modules = {module: path for path in installed if (module := module_of(path))}
        """Dotted name of each installed module to its path."""
        self._names = {path: module for module, path in self.modules.items()}
        self._importable = {module.partition(".")[0] for module in self.modules}
        self._tops = {_top(path) for path in installed}
        own = [*own, *self._contents]
        scripts = {path for path in own if _STARTS.search(path) and _SHEBANG.match(self.content(path))}
        self.own = [path for path in own if path.endswith(".py") or path in scripts]
        self.running = self.own if running is None else [path for path in self.own if path in running]
        """The program's own sources from which a chain of calls may begin."""
        self.loaded: set[str] = set()
        """Paths of the installed modules that may be loaded."""
        self.texts: list[str] = []
        self.compiled: list[str] = []
        if not installed:
            return
        self._load(own, installed, reached)
        tops = {self._names[path].partition(".")[0] for path in self.loaded}
        of_loaded = [path for path in installed if _top(path) in tops]
        self.texts = [path for path in (*own, *of_loaded) if path not in scripts and _is_text(path)]
        self.compiled = [path for path in (*own, *of_loaded) if path.endswith(_COMPILED)]

    @property
    def all(self) -> Iterator[str]:
        """The paths of all sources that may be loaded."""
        yield from self.own
        yield from sorted(self.loaded)

    def module_name(self, path: str) -> str:
        """Return the dotted name of an installed module; empty for the program's own."""
        return self._names.get(path, "")

    def is_installed(self, dotted: str) -> bool:
        """True if the first part of a dotted name is an installed module, or a compiled one."""
        return dotted.partition(".")[0] in self._tops

    def content(self, path: str) -> bytes:
        """Return a file's bytes, empty if it cannot be read. Raises LimitError if too much is held then."""
        known = self._contents.get(path)
        if known is None:
            known = b""
            with suppress(GateError):
                known = self._tree.read(path, MAX_SOURCE)
            self._held += len(known)
            if self._held > MAX_BYTES:
                raise LimitError(f"more than {MAX_BYTES:,} bytes of sources")
            self._contents[path] = known
        return known

    def parsed(self, path: str) -> Source | None:
        """Return the units of a source, None if it cannot be parsed. Raises LimitError if too much is parsed then."""
        if path not in self._parsed:
            content = self.content(path)
            self._bytes_parsed += len(content)
            if self._bytes_parsed > self._max_parsed:
                raise LimitError(f"more than {self._max_parsed:,} bytes to parse")
            text = content.decode("utf-8", "replace").removeprefix("\ufeff")
            try:
                self._parsed[path] = parse_units(text, in_sentences=path not in self._names)
            except (SyntaxError, RecursionError):
                self._parsed[path] = None
        return self._parsed[path]

    def _load(self, own: list[str], installed: list[str], reached: Collection[str]) -> None:
        if any(_IMPORTS_BY_NAME.search(self.content(path)) for path in self.own):
            self.loaded = set(self._names)
            return
        waiting = [path for path in (*self._started(own, installed), *reached) if path in self._names]
        for path in self.own:
            waiting += self._imported(path, "")
        while waiting:
            path = waiting.pop()
            if path in self.loaded:
                continue
            self.loaded.add(path)
            module = self._names[path]
            waiting += self._imported(path, module)
            if _IMPORTS_BY_NAME.search(self.content(path)):
                top = module.partition(".")[0]
                waiting += [each for name, each in self.modules.items() if name.partition(".")[0] == top]

    def _started(self, own: list[str], installed: list[str]) -> Iterator[str]:
        """Yield what files that are no Python name: entry points, lines of `.pth` files, settings."""
        texts = [path for path in own if _is_text(path)]
        words = {
            word for path in own if path in self.own or _is_text(path) for word in _COMMAND.findall(self._text(path))
        }
        for path in installed:
            if path.endswith((".dist-info/entry_points.txt", ".egg-info/entry_points.txt")):
                yield from self._entry_points(path, words)
            elif path.endswith(".pth"):
                yield from self._named(self._text(path))
        for path in texts:
            yield from self._named(self._text(path))

    def _entry_points(self, path: str, words: set[str]) -> Iterator[str]:
        """Yield the modules of a distribution's plug-ins, and of its programs whose name is one of `words`."""
        for section in self._text(path).split("\n["):
            is_program = section.lstrip("[").startswith(("console_scripts", "gui_scripts"))
            for found in _ENTRY_POINT.finditer(section):
                if not is_program or found[1] in words:
                    yield from self._with_parents(found[2])

    def _named(self, text: str) -> Iterator[str]:
        for found in _DOTTED.finditer(text):
            yield from self._with_parents(found[0])
        for found in _LOADING.finditer(text):
            yield from self._with_parents(found[1])
            yield from self._with_parents(f"{found[1]}.__main__")

    def _text(self, path: str) -> str:
        return self.content(path).decode("utf-8", "replace")

    def _imported(self, path: str, module: str) -> Iterator[str]:
        source = self._read(path) if module else read_source(self._text(path))
        for each in source.imports:
            base = absolute(each.module, module, is_package=path.endswith("/__init__.py"))
            yield from self._with_parents(f"{base}.{each.name}" if each.name and each.name != "*" else base)
        for string in source.strings:
            yield from self._with_parents(string.replace(":", "."))
            if module:
                yield from self._with_parents(f"{module.partition('.')[0]}.{string.lstrip('.')}")

    def _read(self, path: str) -> PythonSource:
        """Return the imports and strings of a package's module, which the search for what is in use has kept."""
        content = self.content(path)
        if not content or not remembers(self._tree):
            return read_source(self._text(path))
        return analysed(self._tree, path, analysis(is_own=False), MAX_SOURCE, content).source

    def _with_parents(self, name: str) -> Iterator[str]:
        """Yield the modules of a dotted name, whose last parts may be something in a module."""
        parts = name.split(".")
        if parts[0] not in self._importable:
            return
        for length in range(len(parts), 0, -1):
            path = self.modules.get(".".join(parts[:length]))
            if path is not None:
                yield path


def _is_text(path: str) -> bool:
    return path.lower().endswith(_TEXTS) or (module_of(path) == "" and _STARTS.search(path) is not None)


def module_of(path: str) -> str:
    """Return the dotted name of a source in a folder of installed packages; empty for another file."""
    parts = path.split("/")
    places = [number for number, part in enumerate(parts) if part in SITE_FOLDERS]
    if not places or not path.endswith(".py"):
        return ""
    return ".".join(parts[places[0] + 1 :]).removesuffix(".py").removesuffix(".__init__")


def _top(path: str) -> str:
    """Return the first part of a path below the installed packages, without a compiled module's ending."""
    parts = path.split("/")
    places = [number for number, part in enumerate(parts[:-1]) if part in SITE_FOLDERS]
    return parts[places[0] + 1].partition(".")[0] if places else ""


def absolute(name: str, module: str, *, is_package: bool) -> str:
    """Return an imported name, which begins with as many dots as the import has, from the root."""
    level = len(name) - len(name.lstrip("."))
    if not level:
        return name
    parts = module.split(".")
    kept = parts[: len(parts) - level + is_package]
    return ".".join([*kept, *filter(None, [name[level:]])])

"""What the text of a Python module says of what it loads; read once, however many programs import it."""

import re
from collections.abc import Set

import msgspec

from gate.reachability.imports.python_sources import SHORTEST_NAME, PythonSource, read_source
from gate.reachability.runtimes.addresses import drivers_of
from gate.reachability.runtimes.files import Files
from gate.trees.memo import Analysis

_MAX_SOURCE = 16 << 20
"""Bytes of one module."""
_IMPORTS_BY_NAME = r"\b(?:import_module|__import__|import_string|load_module)\(\s*"
_REST = r"""(?:\{|%[sr]["']|["']\s*\+)"""
_PREFIX = re.compile(_IMPORTS_BY_NAME + r"""[fF]?["'](?P<package>\w[\w.]*)\.""" + _REST)
"""A name that is put together behind a known package: `import_module(f"shop.parts.{name}")`."""
_UNKNOWN_NAME = r"""(?:(?![fF]?["'])[^\s)]|[fF]["'](?!\w[\w.]*\.\{)|["'][{%])"""
_DYNAMIC = re.compile(
    _IMPORTS_BY_NAME + _UNKNOWN_NAME + "|" + r"\bpkgutil\.(?:iter|walk)_|\brunpy\.|^\s*exec\(", re.MULTILINE
)
_MADE = ("import_module", "__import__", "import_string", "load_module", "pkgutil.", "runpy.", "exec(")
"""Texts of which `_DYNAMIC` and `_PREFIX` need one; most modules hold none, and to look for texts is far faster."""
_LISTS_APPLICATIONS = ("INSTALLED_APPS", "MIDDLEWARE")
_PLUGINS = ("entry_points", "distributions(")
_STARTS = ("subprocess", "popen", "Popen", "spawn", "execv", "execl", "startfile")
"""Parts of the names of functions that start a program."""
_CALLS_SYSTEM = re.compile(r"(?<!platform)\.system\((?!\))")
_TAKES_SYSTEM = re.compile(r"\bfrom os import\b[^\n]*(?:\([^)]*)?\bsystem\b")
_ASSIGNED = re.compile(r"\b([A-Za-z_]\w*)[ \t]*=(?!=)")


class ReadModule(msgspec.Struct, frozen=True):
    """The facts in one module's text."""

    source: PythonSource
    lists_applications: bool
    asks_for_plugins: bool
    dynamic_line: int | None
    """Line of the first import of a name that is made at run time, of which not even the package is known."""
    prefixes: tuple[str, ...]
    """Packages of which a module is imported whose name is made at run time."""
    drivers: tuple[str, ...]
    assigned: frozenset[str]
    """Names of variables, keywords and members where modules are imported by name: such a name may be one."""
    starts_programs: bool = False

    def named_among(self, names: Set[str]) -> set[str]:
        """Return those of `names`, of packages, commands or groups, that the module may import, load or start."""
        assigned = {name for name in names & self.assigned if len(name) >= SHORTEST_NAME}
        return assigned | self.source.named_among(names)


def read_module(path: str, files: Files, *, is_own: bool) -> ReadModule:
    """Return what a module says; of the program's own (`is_own`) also what only a run would show."""
    analysis = Analysis(
        "what a Python module loads and starts", ReadModule, _own if is_own else _library, (str(is_own),)
    )
    return files.cached((ReadModule, path, is_own), lambda: files.analysed(path, analysis, _MAX_SOURCE))


def read_code(text: str, *, is_own: bool) -> ReadModule:
    """Return what code says."""
    makes_names = any(made in text for made in _MADE)
    dynamic = _DYNAMIC.search(text) if makes_names else None
    line = text.count("\n", 0, dynamic.start()) + 1 if dynamic and is_own else None
    drivers = tuple(drivers_of([text])) if is_own else ()
    prefixes = tuple(dict.fromkeys(found["package"] for found in _PREFIX.finditer(text if makes_names else "")))
    return ReadModule(
        read_source(text),
        any(name in text for name in _LISTS_APPLICATIONS),
        any(name in text for name in _PLUGINS),
        line,
        prefixes,
        drivers,
        frozenset(_ASSIGNED.findall(text if dynamic else "")),
        _starts_programs(text),
    )


def _starts_programs(text: str) -> bool:
    if any(word in text for word in _STARTS):
        return True
    if ".system(" in text and _CALLS_SYSTEM.search(text):
        return True
    return "from os import" in text and _TAKES_SYSTEM.search(text) is not None


def _own(content: bytes) -> ReadModule:
    return read_code(content.decode("utf-8", "replace"), is_own=True)


def _library(content: bytes) -> ReadModule:
    return read_code(content.decode("utf-8", "replace"), is_own=False)

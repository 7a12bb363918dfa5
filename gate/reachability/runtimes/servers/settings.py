"""Settings in /etc that a program reads: the files that they include, and the modules that they name."""

import fnmatch
import posixpath
import re
from collections.abc import Iterator, Mapping

import msgspec

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened, Reached, StartedProgram, Step, opened
from gate.reachability.runtimes.walk.libraries import multiarch_folders
from gate.reachability.runtimes.walk.standard_input import runs_its_input
from gate.reachability.runtimes.walk.system_files import is_of_system
from gate.trees.memo import Analysis

_MAX_SIZE = 1 << 20
_MAX_LINES = 20_000
_MAX_NAMED = 500
"""Files that one wildcard stands for."""
_PATH = re.compile(r"(?<![\w:/.])/?[\w.+*-]+(?:/[\w.+*-]+)+")
_STARTED = re.compile(
    r"""(?:\b|_)(?:bin-path|command|exec|program)(?:["']?\s*(?:=>|=|:|\()\s*["']?|[ \t]+)(?P<program>/[\w./+-]+)"""
)
"""A setting that says what to start."""
_CERTIFICATE = b"-----BEGIN"
_README = re.compile(r"/README[^/]*$")
_WORD = re.compile(r"\w+")
_EXECUTABLE = 0o111
_SERVED = (".php", ".wsgi", ".psgi")
"""Scripts that a web server hands to an interpreter."""


def takes(reached: Reached, files: Files) -> bool:
    """True for a text of moderate size that is some program's own in /etc: in a folder there, or named `.conf`."""
    if isinstance(reached, StartedProgram) or not reached.path.startswith("etc/") or _README.search(reached.path):
        return False
    entry = files.look_up(reached.path)
    is_of_program = reached.path.count("/") > 1 or reached.path.endswith(".conf")
    return is_of_program and entry is not None and 0 < entry.size < _MAX_SIZE


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield what the lines name; programs and what lies elsewhere may be opened, or may not."""
    path = reached.path
    if files.starts_with(path, _CERTIFICATE):
        return
    modules = _modules(path, files)
    for line in _lines(path, modules, files):
        because = Because(path, "names", line.number)
        for pattern in line.paths:
            yield from _named(pattern, because, files)
        for program in line.programs:
            yield _started(program, Because(path, "starts", line.number))
        yield from opened((modules[word] for word in line.modules), because)


class _Line(msgspec.Struct, frozen=True, array_like=True):
    """What a line of a text names."""

    number: int
    paths: list[str]
    programs: list[str]
    modules: list[str]


def _lines(path: str, modules: Mapping[str, str], files: Files) -> list[_Line]:
    """Return the lines that name something. Lines of an image's own settings are not cached: they may hold secrets."""

    def analyse(content: bytes) -> list[_Line]:
        return [line for line in _read(content, modules) if line.paths or line.programs or line.modules]

    if is_of_system(path) and not modules:
        return files.analysed(path, Analysis("what settings name", list[_Line], analyse))
    return analyse(files.read(path))


def _read(content: bytes, modules: Mapping[str, str]) -> Iterator[_Line]:
    lines = [] if b"\0" in content else content.decode("utf-8", "replace").splitlines()[:_MAX_LINES]
    for number, whole in enumerate(lines, start=1):
        if not whole.lstrip().startswith(("#", ";", "//")):
            line = whole[:1_000]
            programs = [found["program"] for found in _STARTED.finditer(line)]
            yield _Line(
                number, _PATH.findall(line), programs, [word for word in _WORD.findall(line) if word in modules]
            )


def _modules(path: str, files: Files) -> dict[str, str]:
    """Return the libraries that a setting may call by name alone.

    `/etc/NAME`, `/etc/NAME.conf` and those of `/etc/NAME.d` have those in `/usr/lib/NAME`.
    """
    name = path.split("/")[1].removesuffix(".conf").removesuffix(".d")
    bases = ("usr/lib", "usr/lib64", *multiarch_folders(files))
    folders = [f"{base}/{name}{inside}" for base in bases for inside in ("", "/modules")]
    paths = (f"{folder}/{one}" for folder in folders for one in files.names(folder))
    return {posixpath.basename(one).removesuffix(".so"): one for one in paths if one.endswith(".so")}


def _started(program: str, because: Because) -> Step:
    """Return the start of a program; an interpreter is only opened, as the words that it is given are not read here."""
    if runs_its_input((program,)):
        return Opened(path=program, because=because)
    return StartedProgram(program=program, folder="/", because=because)


def _named(pattern: str, because: Because, files: Files) -> Iterator[Opened]:
    whole = posixpath.normpath(posixpath.join("/", posixpath.dirname(because.path), pattern))
    folder, _, last = whole.rpartition("/")
    names = fnmatch.filter(files.names(folder), last)[:_MAX_NAMED] if "*" in last else [last]
    if folder.startswith("/etc/") or (folder == "/etc" and last.endswith(".d")):
        inside = (f"{whole}/{name}" for name in files.names(whole)[:_MAX_NAMED])
        yield from opened(inside, because, is_certain=False)
    for name in names:
        entry = files.find(f"{folder}/{name}")
        if entry is not None:
            is_setting = folder.startswith("/etc") and not entry.mode & _EXECUTABLE
            is_certain = is_setting or ".so" in name or name.endswith(_SERVED)
            yield Opened(path=f"{folder}/{name}", because=because, is_certain=is_certain)

"""Erlang: the machine that `erl` starts, the application of the module that it is given, and what these require.

Sources: Erlang/OTP, erl(1), code(3erl) and app(5). Which modules and programs code names at run time is not followed.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice, pairwise

import msgspec

from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.gaps import errors_as_gaps
from gate.reachability.runtimes.graph import (
    EVERYTHING,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
    opened,
)
from gate.trees.memo import Analysis

_LAUNCHER = "erlexec"
_MACHINES = frozenset({_LAUNCHER, "beam", "beam.smp", "escript", "ct_run", "dialyzer", "typer", "erlc"})
_STARTED_ALWAYS = ("beam.smp", "erl_child_setup", "inet_gethost")
"""Programs that every machine starts, in the folder of its launcher."""
_ALWAYS = ("kernel", "stdlib")
_RUN = re.compile(r"-(?:s|run|-?eval)")
_EVALUATING = frozenset({"-eval", "--eval"})
_OF_PATH = frozenset({"-pa", "-pz", "-patha", "-pathz"})
_STARTED = re.compile(r"\bapplication:(?:start|ensure_all_started)\(\s*'?(\w+)|\b([a-z]\w*):\w+\(")
_REQUIRED = re.compile(r"\{\s*'?(?:included_)?applications'?\s*,\s*\[([^\[\]]{0,20000})\]")
_ATOM = re.compile(r"[a-z][\w@]*")
_COMMENT = re.compile(r"%[^\n]*")
_MAX_APPLICATIONS = 2_000
_MAX_GIVEN = 50
"""Modules that the command line starts, and folders of the code path."""
_MAX_NAMES = 20_000
"""Names in a folder of the code path."""
_MAX_NATIVE = 200
_MAX_SIZE = 1 << 20


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of Erlang's machine."""
    return isinstance(reached, StartedProgram) and posixpath.basename(reached.program) in _MACHINES


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the machine, the files of all applications that are started, and the gap for what their code names."""
    assert isinstance(reached, StartedProgram)
    yield Gap(kind=EVERYTHING, reason="what modules of Erlang load and start is not followed", path=reached.program)
    if posixpath.basename(reached.program) == _LAUNCHER:
        yield from errors_as_gaps(EVERYTHING, reached.program, _launched(reached, files))


def _launched(started: StartedProgram, files: Files) -> Iterator[Step]:
    folder = posixpath.dirname(started.program)
    for name in _STARTED_ALWAYS:
        program, because = f"{folder}/{name}", Because(started.program, "starts")
        yield StartedProgram(program=program, folder=started.folder, environment=started.environment, because=because)
    root = posixpath.dirname(posixpath.dirname(folder))
    boot = _after(started.arguments, "-boot") or "start"
    places = (posixpath.join("/", place, f"{boot}.boot") for place in (started.folder, f"{root}/bin"))
    yield from opened(places, Because(started.program, "starts by"))
    code = _Code.of(started, root, files)
    todo = [
        *_ALWAYS,
        *(name for word in islice(_given(started.arguments), _MAX_GIVEN) for name in code.applications_of(word, files)),
    ]
    yield from _applications(todo, code, started.program, files)


def _applications(todo: list[str], code: "_Code", program: str, files: Files) -> Iterator[Step]:
    """Yield the files of applications and of all that they require."""
    because = dict.fromkeys(todo, Because(program, "starts the application"))
    while todo:
        name = todo.pop()
        folder = code.folders.get(name)
        if folder is None:
            continue
        resource = f"{folder}/{name}.app"
        yield Opened(path=resource, because=because[name])
        yield from opened((f"{folder}/{name}.beam", f"{folder}/{name}_app.beam"), Because(resource, "has the module"))
        yield from _native(posixpath.dirname(folder), Because(resource, "loads"), files)
        for other in _required(resource, files):
            if other not in because:
                because[other] = Because(resource, "requires")
                todo.append(other)


def _native(application: str, because: Because, files: Files) -> Iterator[Opened]:
    """Yield the libraries that an application's modules load, and its programs, which these may start."""
    for place, path in enumerate(files.below(f"{application}/priv")):
        if place >= _MAX_NATIVE:
            return
        if ".so" in posixpath.basename(path):
            yield Opened(path=path, because=because)
        elif "/bin/" in path:
            yield Opened(path=path, because=because, is_certain=False)


def _required(resource: str, files: Files) -> list[str]:
    entry = files.find(resource)
    if entry is None or entry.size > _MAX_SIZE:
        return []
    return files.analysed(entry.path, Analysis("applications that one of Erlang requires", list[str], _names))


def _names(content: bytes) -> list[str]:
    text = _COMMENT.sub("", content.decode("utf-8", "replace"))
    return [name for found in _REQUIRED.finditer(text) for name in _ATOM.findall(found[1])]


def _after(words: tuple[str, ...], option: str) -> str | None:
    """Return the word behind an option, if it is known."""
    known = (words[place + 1] for place, word in enumerate(words[:-1]) if word == option)
    return next((word for word in known if UNKNOWN not in word), None)


def _given(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of modules and applications that options start."""
    for option, word in pairwise(words):
        if UNKNOWN in word or _RUN.fullmatch(option) is None:
            continue
        if option in _EVALUATING:
            yield from (name for found in _STARTED.findall(word) for name in found if name)
        else:
            yield word


class _Code(msgspec.Struct, frozen=True):
    """The code path: folders of compiled modules by the name of their application."""

    folders: dict[str, str]

    @classmethod
    def of(cls, started: StartedProgram, root: str, files: Files) -> "_Code":
        libraries = (f"/{root}/lib", *(started.variable("ERL_LIBS") or "").split(":"))
        known = (posixpath.join("/", started.folder, one) for one in libraries if one and UNKNOWN not in one)
        inside = (f"{one}/{name}/ebin" for one in islice(known, _MAX_GIVEN) for name in files.names(one)[:_MAX_NAMES])
        added = (posixpath.join("/", started.folder, word) for word in islice(_paths(started.arguments), _MAX_GIVEN))
        places = islice((one for one in (*added, *inside) if files.folder(one) is not None), _MAX_APPLICATIONS)
        folders: dict[str, str] = {}
        for place in places:
            for name in files.names(place):
                if name.endswith(".app"):
                    folders.setdefault(name.removesuffix(".app"), place)
        return cls(folders)

    def applications_of(self, name: str, files: Files) -> Iterator[str]:
        """Yield the application of a name, and that of the module of this name."""
        if name in self.folders:
            yield name
            return
        yield from (one for one, folder in self.folders.items() if files.find(f"{folder}/{name}.beam"))


def _paths(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the folders that options add to the code path: each takes all words up to the next option."""
    is_path = False
    for word in words:
        if word.startswith("-"):
            is_path = word in _OF_PATH
        elif is_path and UNKNOWN not in word:
            yield word

"""Erlang and Elixir: the machine that `erl` starts, the applications that its words start, and what these require.

Sources: Erlang/OTP, erl(1), init(3erl), code(3erl), app(5) and script(5). Any other module may be loaded by its name,
which code may make at run time; which programs the modules name is found by `mentions`.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice, pairwise

import msgspec

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
from gate.reachability.runtimes.walk.given import BETWEEN, given, of_environment
from gate.reachability.runtimes.walk.graph import (
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
_STARTED_BY_LAUNCHER = frozenset({"beam", "beam.smp"})
"""Those that get their words from the launcher, which is followed."""
_STARTED_ALWAYS = ("beam.smp", "erl_child_setup", "inet_gethost")
"""Programs that every machine starts, in the folder of its launcher."""
_ALWAYS = ("kernel", "stdlib")
_NAMED = frozenset({"-name", "-sname"})
_MAPPER, _WATCHER = "epmd", "heart"
"""Programs that the launcher, or the machine, starts for a node that has a name, and for `-heart`."""
_RUN = re.compile(r"-(?:s|run|-?eval)")
_EVALUATING = frozenset({"-eval", "--eval"})
_READ = _EVALUATING | {"-args_file"}
"""Options whose words may start a program: any other that is not known names what may be loaded anyway."""
_OF_PATH = frozenset({"-pa", "-pz", "-patha", "-pathz"})
_EXTRA = frozenset({"-extra", "--"})
_SCRIPT = "escript"
_FLAGS = ("ERL_AFLAGS", "ERL_FLAGS", "ERL_ZFLAGS")
"""Variables with further words; the first stand in front of those that are given."""
_IN_BOOT = re.compile(rb"start_boot(?:l\x00\x00\x00\x02)?(?:[sw].|d\x00.)([a-z][\w@]*)(?=[dsw])", re.DOTALL)
"""An application that a boot script starts: an atom of the external term format."""
_RESOURCE = re.compile(r"(?P<application>.+)/ebin/(?P<name>[^/]+)\.app")
_STARTED = re.compile(r"\bapplication:(?:start|ensure_all_started)\(\s*'?(\w+)|\b([a-z]\w*):\w+\(")
_REQUIRED = re.compile(r"\{\s*'?(?:included_)?applications'?\s*,\s*\[([^\[\]]{0,20000})\]")
_ATOM = re.compile(r"[a-z][\w@]*")
_COMMENT = re.compile(r"%[^\n]*")
_COMMENT_IN_WORDS = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_MAX_APPLICATIONS = 2_000
_MAX_GIVEN = 50
"""Modules that the command line starts, and folders of the code path."""
_MAX_NAMES = 20_000
"""Names in a folder of the code path."""
_MAX_NATIVE = 200
_OF_FUNCTION = 2
"""Words behind an option such as `-s` that name a module and a function; further ones are what it is given."""
_MAX_SIZE = 1 << 20


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of Erlang's machine."""
    return isinstance(reached, StartedProgram) and posixpath.basename(reached.program) in _MACHINES


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the machine, the files of all applications that are started, and those that may be loaded."""
    assert isinstance(reached, StartedProgram)
    name = posixpath.basename(reached.program)
    yield from given(reached, tuple(_starting(reached, files)), Because(reached.program, "is given"), files)
    yield from of_environment(reached, files)
    if name == _LAUNCHER:
        yield from errors_as_gaps(EVERYTHING, reached.program, _launched(reached, files))
        return
    is_launched = name in _STARTED_BY_LAUNCHER and posixpath.basename(reached.because.path) == _LAUNCHER
    if not is_launched and not (name == _SCRIPT and _script(reached, files)):
        yield Gap(kind=EVERYTHING, reason="runs code of Erlang that is not known", path=reached.program)


def _starting(started: StartedProgram, files: Files) -> Iterator[str]:
    """Yield the words that may name a program: paths, code, those for a function and for the application itself."""
    is_extra, behind = False, 0
    for word in started.arguments:
        is_folder = UNKNOWN not in word and files.folder(posixpath.join("/", started.folder, word)) is not None
        behind = 0 if word.startswith("-") else behind + 1
        if is_extra or (not is_folder and ("/" in word or BETWEEN.search(word) or behind > _OF_FUNCTION)):
            yield word
        is_extra |= word in _EXTRA


def _script(started: StartedProgram, files: Files) -> str | None:
    """Return the path of the script that `escript` is given; None if it is not in the image."""
    word = next((word for word in started.arguments if not word.startswith("-")), UNKNOWN)
    entry = None if UNKNOWN in word else files.find(posixpath.join("/", started.folder, word))
    return None if entry is None else entry.path


def _launched(started: StartedProgram, files: Files) -> Iterator[Step]:
    words = tuple(_words(started, files))
    for option, word in pairwise(words):
        if option in _READ and UNKNOWN in word:
            reason = f"is given what stands behind {option} only at run time"
            yield Gap(kind=EVERYTHING, reason=reason, path=started.program)
    folder = posixpath.dirname(started.program)
    further = [_MAPPER] if _NAMED.intersection(words) else []
    further += [_WATCHER] if "-heart" in words else []
    for name in (*_STARTED_ALWAYS, *further):
        program, because = f"{folder}/{name}", Because(started.program, "starts")
        yield StartedProgram(program=program, folder=started.folder, environment=started.environment, because=because)
    root = posixpath.dirname(posixpath.dirname(folder))
    boot = _after(words, "-boot") or "start"
    places = [posixpath.join("/", place, f"{boot}.boot") for place in (started.folder, f"{root}/bin")]
    yield from opened(places, Because(started.program, "starts by"))
    yield from _settings(started, words, files)
    code = _Code.of(started, words, root, files)
    todo = [
        *_ALWAYS,
        *(name for place in places for name in _booted(place, files)),
        *(name for word in islice(_given(words), _MAX_GIVEN) for name in code.applications_of(word, files)),
    ]
    yield from _applications(todo, code, started.program, files)
    yield from _others(Because(started.program, "may load"), files)


def _settings(started: StartedProgram, words: tuple[str, ...], files: Files) -> Iterator[Step]:
    """Yield the files of settings; of a name that is known in part all that fit."""
    because = Because(started.program, "reads")
    for option, word in pairwise(words):
        known, unknown, _ = word.partition(UNKNOWN)
        path = posixpath.join("/", started.folder, known)
        if option != "-config":
            continue
        if not unknown:
            yield from opened((path, f"{path}.config"), because)
        elif known:
            folder, begin = posixpath.split(path)
            fitting = (f"{folder}/{name}" for name in files.names(folder) if name.startswith(begin))
            yield from opened(fitting, because, is_certain=False)
        else:
            yield Gap(kind=EVERYTHING, reason="is given settings that are known only at run time", path=started.program)


def _words(started: StartedProgram, files: Files) -> Iterator[str]:
    """Yield the words that the launcher is given, with those of variables and of files that they name."""
    first, *others = ((started.variable(name) or "").split() for name in _FLAGS)
    todo = [*first, *started.arguments, *(word for more in others for word in more)]
    for option, word in pairwise((*todo, "")):
        yield option
        entry = files.find(posixpath.join("/", started.folder, word)) if option == "-args_file" and word else None
        if entry is not None and entry.size < _MAX_SIZE:
            yield from _COMMENT_IN_WORDS.sub("", files.text(entry.path)).split()


def _booted(path: str, files: Files) -> list[str]:
    """Return the applications that a boot script starts."""
    entry = files.find(path)
    if entry is None or entry.size > _MAX_SIZE:
        return []
    analysis = Analysis("applications that a boot script starts", list[str], _names_in_boot)
    return files.analysed(entry.path, analysis)


def _names_in_boot(content: bytes) -> list[str]:
    return [name.decode() for name in dict.fromkeys(_IN_BOOT.findall(content))]


def _others(because: Because, files: Files) -> Iterator[Opened]:
    """Yield the applications that may be loaded by their names: all that the image has."""
    resources = (found for entry in files.walk() if (found := _RESOURCE.fullmatch(entry.path)))
    for resource in islice(resources, _MAX_APPLICATIONS):
        yield Opened(path=resource[0], because=because, is_certain=False)
        for step in _native(resource["application"], because, files):
            yield msgspec.structs.replace(step, is_certain=False)


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
    return next(_all_after(words, option), None)


def _all_after(words: tuple[str, ...], option: str) -> Iterator[str]:
    return (word for before, word in pairwise(words) if before == option and UNKNOWN not in word)


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
    def of(cls, started: StartedProgram, words: tuple[str, ...], root: str, files: Files) -> "_Code":
        libraries = (f"/{root}/lib", *(started.variable("ERL_LIBS") or "").split(":"))
        known = (posixpath.join("/", started.folder, one) for one in libraries if one and UNKNOWN not in one)
        inside = (f"{one}/{name}/ebin" for one in islice(known, _MAX_GIVEN) for name in files.names(one)[:_MAX_NAMES])
        added = (posixpath.join("/", started.folder, word) for word in islice(_paths(words), _MAX_GIVEN))
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

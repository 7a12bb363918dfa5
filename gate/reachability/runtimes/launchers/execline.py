"""execline: scripts of commands that run one another, as s6 and s6-overlay have them (the manual of execline 2.9).

The script becomes one command line. Each program in it does its own part, then runs the words behind; a block arrives
as words with a blank in front, ended by an empty word. So every program is followed like any other that is started.
"""

import fnmatch
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile

import msgspec

from gate.reachability.runtimes.launchers.execline_words import (
    MAX_VALUES,
    SHAPES,
    ProgramLine,
    ProgramShape,
    argv_of,
    read_line,
    replaced,
)
from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import given
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
)

_FOLDER = "/usr/lib/execline/bin"
"""Where Debian has the programs; execlineb puts it in front of PATH."""
_WORDS_ONLY = frozenset({"forx", "wait", "multidefine", "multisubstitute"})
"""Programs whose blocks hold words, not commands."""
_BLOCKS_WITHIN = frozenset({"case", "trap"})
"""Programs whose block holds words with a block behind each."""
_DIRECTIVES = frozenset({"define", "importas", "elgetpositionals", "elglob"})
_LANGUAGE = "execlineb"
Parts = Iterator[tuple[StartedProgram, tuple[str, ...]]]


def _start(caller: StartedProgram, words: tuple[str, ...], files: Files) -> Iterator[Step]:
    because = Because(caller.program, "runs")
    started = started_by(caller, words, because, files)
    if started is not None:
        yield started
    elif words and UNKNOWN in words[0]:
        yield Gap(kind=EVERYTHING, reason="runs a program that is known only at run time", path=caller.program)
    else:
        yield from given(caller, tuple(word.lstrip(" ") for word in words), because, files)


def _script(started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the first program of a script, with all that follows it as its words."""
    words = started.arguments
    options = tuple(takewhile(lambda word: word.startswith("-"), words))
    text_of = next((place for place, word in enumerate(options) if re.fullmatch(r"-\w*c", word)), None)
    if text_of is not None:
        options = words[: text_of + 1]
        text, path, others = "".join(words[text_of + 1 : text_of + 2]), started.program, words[text_of + 2 :]
    else:
        flags = read_line(words, ProgramShape(0, 0, True, frozenset({"-s", "-S"})))
        options, others = flags.options, flags.rest[1:]
        path = posixpath.join("/", started.folder, "".join(flags.rest[:1]))
        if files.find(path) is None:
            yield Gap(kind=EVERYTHING, reason="runs a script that is known only at run time", path=started.program)
            return
        yield Opened(path=path, because=Because(started.program, "runs"))
        text = files.text(path)
    line = _with_positional(options, argv_of(text), (path, *others))
    yield from _start(_surrounded(started, options, (path, *others), files), line, files)


def _with_positional(options: tuple[str, ...], words: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """Replace `$1` and `$@` in a script that is run with `-S N` or `-s N`."""
    flag = next((word for word in options if re.match(r"-\w*[sS]\d*$", word)), None)
    if flag is None:
        return words
    number = int(re.sub(r"\D", "", flag) or 0)
    for place, value in enumerate(given[: max(number, 9) + 1]):
        words = replaced(words, str(place), (value,))
    return replaced(words, "@", given[1 + (number if "s" in flag else 0) :])


def _surrounded(
    started: StartedProgram, options: tuple[str, ...], positional: tuple[str, ...], files: Files
) -> StartedProgram:
    environment = dict(started.environment)
    path = environment.get("PATH", "/usr/bin:/bin")
    if files.folder(_FOLDER) and not path.startswith(_FOLDER):
        environment["PATH"] = f"{_FOLDER}:{path}"
    if not any("P" in option or "s" in option.lower() for option in options if option[:2] != "--"):
        environment |= {str(place): value for place, value in enumerate(positional)}
        environment["#"] = str(len(positional) - 1)
    return msgspec.structs.replace(started, environment=tuple(sorted(environment.items())))


def _commands_in(name: str, line: ProgramLine) -> Iterator[tuple[str, ...]]:
    if name in _BLOCKS_WITHIN:
        for block in line.blocks:
            yield from _inner_blocks(block)
    elif name not in _WORDS_ONLY:
        yield from line.blocks


def _inner_blocks(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the blocks that stand behind the words of a block: what `trap` runs for a signal, `case` for a pattern."""
    while words:
        line = read_line(words, ProgramShape(1, 1, True, frozenset()))
        if line.blocks[0]:
            yield line.blocks[0]
        words = line.rest if len(line.rest) < len(words) else ()


def _unchanged(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    yield started, line.rest


def _with(started: StartedProgram, name: str, value: str | None) -> StartedProgram:
    environment = dict(started.environment)
    environment.pop(name, None)
    if value is not None:
        environment[name] = value
    return msgspec.structs.replace(started, environment=tuple(sorted(environment.items())))


def _set(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    name, value = (*line.operands, "", "")[:2]
    yield _with(started, name, value), line.rest


def _unset(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    yield _with(started, "".join(line.operands), None), line.rest


def _folder(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    folder = posixpath.join("/", started.folder, *line.operands)
    yield msgspec.structs.replace(started, folder=folder), line.rest


def _define(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    yield started, _substituted(line.rest, ("define", *line.options, *line.operands), started, files)


def _import(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    """Read `importas NEW VARIABLE`, and the short `importas -S VARIABLE`."""
    if any("S" in option for option in line.options):
        words = ("importas", *line.options, line.operands[0], line.operands[0])
        yield started, _substituted((*line.operands[1:], *line.rest), words, started, files)
    else:
        yield started, _substituted(line.rest, ("importas", *line.options, *line.operands), started, files)


def _positionals(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    yield started, _substituted(line.rest, ("elgetpositionals",), started, files)


def _glob(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    yield started, _substituted(line.rest, ("elglob", *line.options, *line.operands), started, files)


def _several(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    """Do the substitutions of a block, one after the other."""
    words = line.rest
    directive: list[str] = []
    for word in (*(line.blocks[0] if line.blocks else ()), "importas"):
        if word in _DIRECTIVES and directive:
            words = _substituted(words, tuple(directive), started, files)
            directive = []
        directive.append(word)
    yield started, words


def _many(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    values = "".join(line.operands).split(line.value("-d"))
    words = line.rest
    for place, name in enumerate(line.blocks[0] if line.blocks else ()):
        words = replaced(words, name, tuple(values[place : place + 1]))
    yield started, words


def _each(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    """Run the rest once for each word; with `-E` it is put in, else it is in the environment."""
    name = "".join(line.operands)
    for value in line.blocks[0] if line.blocks else (UNKNOWN,):
        is_put_in = any("E" in option for option in line.options)
        yield _with(started, name, value), replaced(line.rest, name, (value,)) if is_put_in else line.rest


def _output(started: StartedProgram, line: ProgramLine, files: Files) -> Parts:
    """Run the rest with the output of a command in a variable."""
    name = "".join(line.operands)
    value = _printed(line.blocks[0], started, files) if line.blocks else UNKNOWN
    is_put_in = any(option[:2] in ("-E", "-e") or "E" in option for option in line.options)
    yield _with(started, name, value), replaced(line.rest, name, (value,)) if is_put_in else line.rest


def _printed(command: tuple[str, ...], started: StartedProgram, files: Files) -> str:
    """Return what a command prints, where it is a file of the image or its own words."""
    if command[:1] in (("echo",), ("s6-echo",)):
        return " ".join(command[1:])
    path = posixpath.join("/", started.folder, *command[1:2])
    return files.text(path).strip() if command[:1] == ("cat",) and files.find(path) else UNKNOWN


def _substituted(
    words: tuple[str, ...], directive: tuple[str, ...], started: StartedProgram, files: Files
) -> tuple[str, ...]:
    """Return the words after one substitution: `define A b`, `importas A HOME`, `elglob A /etc/*`."""
    line = read_line(directive[1:], SHAPES[directive[0]])
    if directive[0] == "elgetpositionals":
        known = dict(started.environment)
        given = tuple(known[str(place)] for place in range(1, MAX_VALUES) if str(place) in known)
        for place, value in enumerate((known.get("0", UNKNOWN), *given)):
            words = replaced(words, str(place), (value,))
        return replaced(words, "@", given)
    name, value = (*line.operands, "", "")[:2]
    if directive[0] == "importas":
        known_value = started.variable(value)
        value = known_value if known_value is not None else line.value("-D") or UNKNOWN
    if directive[0] == "elglob":
        return replaced(words, name, tuple(_globbed(value, started, files)))
    is_split = any("s" in option for option in line.options if not option.startswith("--"))
    return replaced(words, name, tuple(value.split(line.value("-d"))) if is_split else (value,))


def _globbed(pattern: str, started: StartedProgram, files: Files) -> list[str]:
    whole = posixpath.join("/", started.folder, pattern)
    folder, _, last = whole.rpartition("/")
    return [f"{folder}/{name}" for name in fnmatch.filter(files.names(folder), last)] or [pattern]


_PARTS: Mapping[str, Callable[[StartedProgram, ProgramLine, Files], Parts]] = {
    "define": _define,
    "importas": _import,
    "elgetpositionals": _positionals,
    "elglob": _glob,
    "multisubstitute": _several,
    "multidefine": _many,
    "export": _set,
    "unexport": _unset,
    "cd": _folder,
    "execline-cd": _folder,
    "posix-cd": _folder,
    "forx": _each,
    "backtick": _output,
    "forbacktickx": _output,
    "forstdin": _output,
    "withstdinas": _output,
    "getcwd": _output,
    "getpid": _output,
}


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of execlineb, or of one of execline's programs."""
    return isinstance(reached, StartedProgram) and (reached.name == _LANGUAGE or reached.name in SHAPES)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield what a script begins with, or what one program of it runs."""
    assert isinstance(reached, StartedProgram)
    if reached.name == _LANGUAGE:
        yield from _script(reached, files)
        return
    line = read_line(reached.arguments, SHAPES[reached.name])
    for block in _commands_in(reached.name, line):
        yield from _start(reached, block, files)
    for changed, rest in _PARTS.get(reached.name, _unchanged)(reached, line, files):
        yield from _start(changed, rest, files)

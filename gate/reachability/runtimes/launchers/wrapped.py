"""The commands that wrappers run: by the words behind their options, or by a text that an option gives to a shell."""

import posixpath
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile

import msgspec

from gate.core.word_lists import word_lists
from gate.dockerfile.wrappers import WRAPPERS, behind_wrapper
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import PLAIN, SHELL
from gate.reachability.runtimes.walk.graph import UNKNOWN, StartedProgram
from gate.reachability.runtimes.walk.home_folders import home_folders

_LOADER = re.compile(r"ld-linux[\w.-]*\.so[.\d]*|ld-musl-\w+\.so[.\d]*|ld-[\d.]+\.so|ld\.so")
_OPTIONS_OF_LOADER = frozenset(
    ("--library-path", "--preload", "--audit", "--argv0", "--inhibit-rpath", "--glibc-hwcaps-mask")
)
_APPLETS = frozenset({"busybox", "busybox-static", "toybox"})
_SPLIT = re.compile(r"-[iv0]*S(?P<joined>.*)|--split-string(?:=(?P<long>.*))?", re.DOTALL)
_FOLDER_OF_ENV = frozenset({"-C", "--chdir"})
_VALUED_OF_ENV = frozenset({"-u", "--unset", "-a", "--argv0", *_FOLDER_OF_ENV})
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>.*)", re.DOTALL)
_ARCHITECTURE = re.compile(r"[a-z][\w-]*(?:86|64|32|arm|ppc|mips|s390x?|sparc|uname26)\w*")
_ENDS_OF_FIND = frozenset({";", "+", "\\;"})
_STARTS_OF_FIND = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
_VALUED_OF_PARALLEL = frozenset(
    (
        "-j",
        "-P",
        "-S",
        "-N",
        "-n",
        "-L",
        "-a",
        "-d",
        "-E",
        "-I",
        "-i",
        "--jobs",
        "--colsep",
        "--delay",
        "--joblog",
        "--results",
    )
)
_MAX_FOUND = 50
"""Files that a program of `find` is started with."""
_SOURCES_OF_PARALLEL = frozenset({":::", ":::+", "::::", "::::+"})


class WrappedCommand(msgspec.Struct, frozen=True):
    """A command that a wrapper starts."""

    words: tuple[str, ...]
    caller: StartedProgram | None = None
    """The wrapper with the folder and environment that it gives the command; None where it changes neither."""
    called: str = ""
    """The name that the program is given, where it is not the one that it is found by."""


Commands = Iterator[WrappedCommand]


class _Prefix(msgspec.Struct, frozen=True):
    """The shape of a wrapper's own words."""

    operands: int
    """Words between the options and the command."""
    valued: frozenset[str]
    """Options that take the next word as their value."""


def _prefixes() -> Iterator[tuple[str, _Prefix]]:
    """Read the table: a name, a number, a colon, options; the next name follows the last option."""
    words = word_lists(__file__)["prefixes"]
    heads = [place - 2 for place, word in enumerate(words) if word == ":"]
    for place, end in pairwise([*heads, len(words)]):
        yield words[place], _Prefix(int(words[place + 1]), frozenset(words[place + 3 : end]))


_PREFIXES = dict(_prefixes())
_OF_USERS = frozenset({"gosu", "su-exec", "setuidgid", "s6-setuidgid", "envuidgid", "s6-envuidgid"})
"""Wrappers whose first word is a user."""

_SETTING_HOME = frozenset({"gosu", "su-exec", "su", "runuser", "sudo"})
"""Wrappers that set HOME to that of the user."""
_KEEPING_HOME = frozenset({"-m", "-p", "--preserve-environment", "-E", "--preserve-env"})


def without_user(started: StartedProgram) -> tuple[str, ...]:
    """Return the words of a wrapper without the user that a command runs as: `gosu postgres initdb` starts one program.

    Behind an option it is not sure: one that is not known may take a word.
    """
    has_options = started.arguments[:1] and started.arguments[0].startswith("-")
    return started.arguments if started.name not in _OF_USERS or has_options else started.arguments[1:]


def _behind(words: tuple[str, ...], valued: frozenset[str]) -> tuple[str, ...]:
    """Return the words behind the options; an option whose value is missing is the last word."""
    place = 0
    while place < len(words) and words[place][:1] == "-" and words[place] != "-":
        if words[place] == "--":
            return words[place + 1 :]
        place += 2 if words[place] in valued else 1
    return words[place:]


def _applet(started: StartedProgram) -> Commands:
    """Yield busybox again, called by the name of the program that it shall be."""
    words = _behind(started.arguments, frozenset())
    if words:
        yield WrappedCommand(("/" + started.program.lstrip("/"), *words[1:]), called=words[0])


def env_command(started: StartedProgram) -> WrappedCommand:
    """Return the command of `env`, with the variables and the folder that it sets (env(1))."""
    words, folder = list(started.arguments), started.folder
    environment = dict(started.environment)
    while words:
        word = words.pop(0)
        if split := _SPLIT.fullmatch(word):
            words[:0] = _split(split["joined"] or split["long"] or (words.pop(0) if words else ""))
        elif assigned := _ASSIGNMENT.fullmatch(word):
            environment[assigned["name"]] = assigned["value"]
        elif word in ("-", "-i", "--ignore-environment"):
            environment.clear()
        elif word in _VALUED_OF_ENV:
            value = words.pop(0) if words else ""
            environment.pop(value, None)
            folder = posixpath.join(folder, value) if word in _FOLDER_OF_ENV else folder
        elif not word.startswith("-"):
            words.insert(0, word)
            break
    changed = msgspec.structs.replace(started, environment=tuple(sorted(environment.items())), folder=folder)
    return WrappedCommand(tuple(words), changed)


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _env(started: StartedProgram, _: Files) -> Commands:
    yield env_command(started)


def _texts_of_options(*names: str) -> Callable[[tuple[str, ...]], list[str]]:
    """Return a function that finds the values of options: `-c X`, `-qc X`, `--command X`, `--command=X`."""
    short = "".join(name[1] for name in names if len(name) == 2)
    cluster = re.compile(rf"-[a-zA-Z]*[{short}]")

    def texts(words: tuple[str, ...]) -> list[str]:
        following = [value for option, value in pairwise(words) if cluster.fullmatch(option) or option in names]
        return following + [word.partition("=")[2] for word in words if word.partition("=")[0] in names and "=" in word]

    return texts


def _texts_of_shell(words: tuple[str, ...]) -> list[str]:
    return _texts_of_options("-c", "--command", "--session-command")(words)


def _of_user(started: StartedProgram, _: Files) -> Commands:
    """Read su(1) and runuser(1): a text for the user's shell, a script for it, or with `-u` a command."""
    words = started.arguments
    valued = WRAPPERS["su"].valued | {"-u", "--user", "-w", "--whitelist-environment", "-c", "--command"}
    if texts := _texts_of_shell(words):
        parameters = tuple(_operands(words, valued))[1:]
        yield from (WrappedCommand((*SHELL, text, *parameters)) for text in texts)
        return
    rest = _behind(words, valued)
    if any(word.partition("=")[0] in ("-u", "--user") for word in words):
        yield WrappedCommand(rest)
    elif rest[:1] == ("-",):
        yield WrappedCommand(("/bin/sh", *rest[2:]) if rest[2:] else ())
    else:
        yield WrappedCommand(("/bin/sh", *rest[1:]) if rest[1:] else ())


def _operands(words: tuple[str, ...], valued: frozenset[str]) -> Iterator[str]:
    """Yield the words that are neither options nor their values, wherever they stand, without the `-` for a login."""
    is_value = is_behind = False
    for word in words:
        is_option = not is_behind and word.startswith("-")
        if not is_value and not is_option and word != "-":
            yield word
        is_behind |= word == "--" and not is_value
        is_value = is_option and not is_value and word in valued


def _shell_of(started: StartedProgram) -> str:
    """Return the shell that a program starts for its user."""
    return started.variable("SHELL") or SHELL[0]


def _flock(started: StartedProgram, _: Files) -> Commands:
    rest = _behind(started.arguments, WRAPPERS["flock"].valued)[1:]
    texts = _texts_of_shell(rest[:2])
    yield WrappedCommand((_shell_of(started), "-c", texts[0]) if texts else rest)


def _script(started: StartedProgram, _: Files) -> Commands:
    """Read script(1): `-c TEXT`, or a command behind `--`."""
    for text in _texts_of_shell(started.arguments):
        yield WrappedCommand((_shell_of(started), "-c", text))
    if "--" in started.arguments:
        rest = started.arguments[started.arguments.index("--") + 1 :]
        yield WrappedCommand((_shell_of(started), "-c", " ".join(rest)))


def _watch(started: StartedProgram, _: Files) -> Commands:
    rest = _behind(started.arguments, frozenset({"-n", "--interval", "-q", "--equexit", "-s", "--shotsdir"}))
    is_direct = any(word in ("-x", "--exec") for word in started.arguments)
    yield WrappedCommand(rest if is_direct or not rest else (*SHELL, " ".join(rest)))


def _parallel(started: StartedProgram, _: Files) -> Commands:
    """Read parallel(1): a command in front of `:::`, or each of the words behind it."""
    words = started.arguments
    places = [place for place, word in enumerate(words) if word in _SOURCES_OF_PARALLEL]
    values = [word for word in words[places[0] + 1 :] if word not in _SOURCES_OF_PARALLEL] if places else [UNKNOWN]
    command = _behind(words[: places[0]] if places else words, _VALUED_OF_PARALLEL)
    for value in values if places or not command else [UNKNOWN]:
        text = " ".join(command).replace("{}", value) if command else value
        yield WrappedCommand((*SHELL, text if "{}" in " ".join(command) or not command else f"{text} {value}"))


def _find(started: StartedProgram, files: Files) -> Commands:
    """Read the actions of find(1); `{}` as the program stands for the files below the folders that it searches."""
    words = started.arguments
    folders = list(takewhile(lambda word: word[:1] not in ("-", "(", "!"), words))
    for place, word in enumerate(words):
        if word in _STARTS_OF_FIND:
            command = _until(words[place + 1 :], _ENDS_OF_FIND)
            is_for_each = "{}" in command and command[0] not in PLAIN
            for path in _files_below(folders or ["."], started, files) if is_for_each else [UNKNOWN]:
                yield WrappedCommand(tuple(part.replace("{}", path) for part in command))


def _files_below(folders: list[str], started: StartedProgram, files: Files) -> list[str]:
    """Return the files that are, or are below, `folders`, with UNKNOWN for all beyond the first."""
    whole = [posixpath.normpath(posixpath.join("/", started.folder, folder)) for folder in folders]
    real = [f"{files.folder(one) or one.strip('/')}/".lstrip("/") for one in whole]
    every = [f"/{entry.path}" for entry in files.walk() if f"{entry.path}/".startswith(tuple(real))]
    return every if 0 < len(every) <= _MAX_FOUND else [*every[:_MAX_FOUND], UNKNOWN]


def _until(words: Sequence[str], ends: frozenset[str]) -> tuple[str, ...]:
    end = next((place for place, word in enumerate(words) if word in ends), len(words))
    return tuple(words[:end])


def _xargs(started: StartedProgram, _: Files) -> Commands:
    """Read xargs(1): further words come from its input, which is known only at run time."""
    words = ("xargs", *started.arguments)
    command = words[behind_wrapper(words) :]
    replaced = [value or word[2:] for word, value in pairwise((*words, "")) if word.startswith("-I")]
    for mark in filter(None, replaced[:1]):
        command = tuple(word.replace(mark, UNKNOWN) for word in command)
    if command:  # else it writes its input by `echo`
        yield WrappedCommand((*command, UNKNOWN))


def _setarch(started: StartedProgram, _: Files) -> Commands:
    rest = _behind(started.arguments, frozenset())
    if rest and _ARCHITECTURE.fullmatch(rest[0]):
        rest = _behind(rest[1:], frozenset())
    yield WrappedCommand(rest)


def _daemon_starter(started: StartedProgram, _: Files) -> Commands:
    """Read start-stop-daemon(8): the program of an option, its arguments behind `--` or the other words."""
    words = started.arguments
    named = _texts_of_options("-x", "-a", "--exec", "--startas")(words)
    rest = words[words.index("--") + 1 :] if "--" in words else ()
    yield from (WrappedCommand((name, *rest)) for name in named[-1:])


def _debugger(started: StartedProgram, _: Files) -> Commands:
    words = started.arguments
    yield WrappedCommand(
        words[words.index("--args") + 1 :] if "--args" in words else _behind(words, frozenset({"-ex", "-x"}))
    )


def _perf(started: StartedProgram, _: Files) -> Commands:
    yield WrappedCommand(
        _behind(started.arguments[1:], frozenset(["-e", "-o", "-F", "-g", "-c", "-I", "-r", "--call-graph"]))
    )


def _behind_dashes(started: StartedProgram, _: Files) -> Commands:
    words = started.arguments
    yield WrappedCommand(words[words.index("--") + 1 :] if "--" in words else ())


def _capsh(started: StartedProgram, _: Files) -> Commands:
    """Read capsh(1): behind `--` stand the words of a shell."""
    words = started.arguments
    yield WrappedCommand(("/bin/bash", *words[words.index("--") + 1 :]) if "--" in words else ())


def _argv0(started: StartedProgram, _: Files) -> Commands:
    """Read argv0(8) of s6 and of ucspi-tcp: the program, the name that it is given, its arguments."""
    yield WrappedCommand((*started.arguments[:1], *started.arguments[2:]))


_SPECIAL: Mapping[str, Callable[[StartedProgram, Files], Commands]] = {
    "argv0": _argv0,
    "env": _env,
    "su": _of_user,
    "runuser": _of_user,
    "flock": _flock,
    "script": _script,
    "watch": _watch,
    "parallel": _parallel,
    "find": _find,
    "xargs": _xargs,
    "setarch": _setarch,
    "start-stop-daemon": _daemon_starter,
    "gdb": _debugger,
    "perf": _perf,
    "capsh": _capsh,
    **dict.fromkeys(
        ("op", "doppler", "chamber", "aws-vault", "infisical", "envconsul", "teller", "sops", "vals", "berglas"),
        _behind_dashes,
    ),
}


_STARTING_SHELLS = frozenset({"chroot", "nsenter", "unshare"})
"""Prefixes that start the user's shell if no command is behind them."""
_STARTING_LOGINS = frozenset({"sudo", "doas"})
"""Wrappers that do so as at a login (`sudo -i`)."""
NAMES = frozenset({*_SPECIAL, *_PREFIXES, *WRAPPERS, *_APPLETS})
"""Programs that start the command behind their options, or the commands in them."""


def is_wrapper(started: StartedProgram) -> bool:
    """True for the start of a program whose commands `commands_of` knows."""
    name = started.name
    return name in NAMES or _LOADER.fullmatch(name) is not None


def commands_of(started: StartedProgram, files: Files) -> Commands:
    """Yield the commands that a wrapper starts."""
    for command in _commands_of(started, files):
        yield command if started.name not in _SETTING_HOME else _at_home(command, started, files)


def _at_home(command: WrappedCommand, started: StartedProgram, files: Files) -> WrappedCommand:
    """Return a command with the home of the user as whom it runs; HOME is not known if the user is not."""
    if not _KEEPING_HOME.isdisjoint(started.arguments) or started.variable("HOME") is None:
        return command
    words = _behind(started.arguments, WRAPPERS["su"].valued | {"-u", "--user", "-c", "--command"})
    home = home_folders(files).get(words[0].partition(":")[0]) if words and started.name in _OF_USERS else None
    environment = dict(started.environment) | {"HOME": home or ""}
    known = tuple(sorted((name, value) for name, value in environment.items() if (name, value) != ("HOME", "")))
    return msgspec.structs.replace(command, caller=msgspec.structs.replace(started, environment=known))


def _commands_of(started: StartedProgram, files: Files) -> Commands:
    name = started.name
    if name in _SPECIAL:
        yield from _SPECIAL[name](started, files)
    elif name in _APPLETS:
        yield from _applet(started)
    elif _LOADER.fullmatch(name):
        yield WrappedCommand(_behind(started.arguments, _OPTIONS_OF_LOADER))
    elif name in _PREFIXES:
        prefix = _PREFIXES[name]
        words = _behind(started.arguments, prefix.valued)[prefix.operands :]
        yield WrappedCommand(words if words or name not in _STARTING_SHELLS else (_shell_of(started),))
    else:
        words = (name, *started.arguments)
        command = words[behind_wrapper(words) :]
        yield WrappedCommand(command if command or name not in _STARTING_LOGINS else (_shell_of(started), "-l"))

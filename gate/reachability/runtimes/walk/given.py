"""What may be started or read of the words that a program is given, where it is not known what it does with them.

Nothing here is certain: each word that is or names a program, a script, a module or a text of commands may be used.
"""

import fnmatch
import posixpath
import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.walk.commands import program_at, started_by, starting
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, Opened, StartedProgram, opened
from gate.reachability.runtimes.walk.libraries import everywhere
from gate.trees import Entry
from gate.trees.memo import Analysis

Possible = Opened | StartedProgram
SHELL = ("/bin/sh", "-c")
PLAIN = frozenset(word_lists(__file__)["plain"])
"""Names of programs that start nothing of what they are given."""
BY_THEMSELVES = frozenset(word_lists(__file__)["by_themselves"])
"""Those of `PLAIN` that start programs whose names they have themselves: `tar` those that pack."""
_STARTING = {
    "tar": (
        *("--to-command", "--use-compress-program", "--checkpoint-action", "--info-script", "--new-volume-script"),
        *("--rsh-command", "--rmt-command"),
    ),
    "cpio": ("--rsh-command",),
    "install": ("--strip-program",),
    "sort": ("--compress-program",),
    "split": ("--filter",),
    "zip": ("--unzip-command",),
}
"""Options of `PLAIN` programs that name a program to start; they may be shortened (getopt_long(3))."""
_SHORT = {
    "tar": re.compile(r"-?[A-Za-z]*[IF]"),
    "zip": re.compile(r"-\w*T"),
    "more": re.compile(r"\+"),
}
_RUN_BY_SED = re.compile(r"(?:^|[;{}\n!\s\d$/])e(?:[\s;}]|$)|[^\w\s][gpiImM\d]*e[gpiImM\d]*(?:[\s;}]|$)")
"""A command, or a flag of `s`, by which GNU's sed starts a program (sed manual, "Commands Specific to GNU sed")."""
_OPTION_OF_SED = re.compile(r"^(?:--(?:expression=)?|-[nErszublis]*e?)")
_OPTIONS_OF_TAR = "TAR_OPTIONS"
_INTERPRETERS = {
    ".py": ("python3", "python"),
    ".pyz": ("python3", "python"),
    ".js": ("node", "nodejs"),
    ".mjs": ("node", "nodejs"),
    ".cjs": ("node", "nodejs"),
    ".rb": ("ruby",),
    ".pl": ("perl",),
    ".php": ("php",),
    ".sh": ("sh",),
    ".bash": ("bash",),
    ".lua": ("lua", "lua5.4", "lua5.3", "lua5.1", "luajit"),
    ".awk": ("awk",),
    ".tcl": ("tclsh",),
    ".jar": ("java",),
}
"""How a script's name ends, and the programs that run such scripts."""
_OPTIONS_OF = {".jar": ("-jar",)}
BETWEEN = re.compile(r"[\s;&|()<>'\"`,\[\]{}]+")
"""What separates the words of a text that may be a command in some language."""
_IN_TURN = re.compile(r"&&|\|\|")
"""Between commands of which one runs after the other."""
_MODULE = re.compile(r"(?P<module>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?::[\w.()]+)?")
_STARTED_BY_ADDRESS = re.compile(
    r"(?:.*!!)?(?:exec|system|shell|cmd|command|pipe|program|proc):(?P<command>.+)", re.IGNORECASE
)
"""An address that is a command, as socat's `EXEC:`, which may be the second of a pair (socat(1))."""
_OF_USERS = re.compile(r"--(?:[\w-]+[-_])?(?:user|username|group|owner)", re.IGNORECASE)
"""Options whose value is a user or group, as `--user=mysql`, which is often named like a program."""
_SEARCH_PATHS = frozenset({"PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "PWD", "OLDPWD", "HOME", "SHELL", "ERL_LIBS"})
"""Variables whose value is no command."""
_SEARCH_PATHS |= {
    f"R_{name}" for name in ("HOME", "SHARE_DIR", "INCLUDE_DIR", "DOC_DIR", "LIBS", "LIBS_SITE", "LIBS_USER")
}
_LAUNCHER_OF_ERLANG = "erlexec"
_OF_ERLANG = frozenset({"BINDIR", "ROOTDIR", "EMU", "PROGNAME"})
"""Variables that tell Erlang's launcher where its own programs are (erl(1))."""


_SHARED = frozenset({"", "usr", "bin", "sbin", "lib", "etc", "var"})
_SEARCHED = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
"""Folders in which programs are looked for, whatever PATH says."""
_MAX_WORDS = 300
"""Words of one command that are looked at, and words that may follow a program."""
_MAX_IN_FOLDER = 200
_EXECUTABLE = 0o111
_WHOLE_PATH = re.compile(rb"#![ \t]*/")
"""A first line that names its interpreter by a whole path."""
_OF_LIBRARIES = re.compile(r"(?:^|/)(?:site-packages|dist-packages|node_modules|\.git)$")


def is_plain(started: StartedProgram) -> bool:
    """True for the start of a program that starts nothing of what it is given."""
    return started.name in PLAIN and not _may_name_program(started) and not runs_commands(started)


def runs_commands(started: StartedProgram) -> bool:
    """True for sed with a script that may start programs."""
    scripts = (_OPTION_OF_SED.sub("", word) for word in started.arguments)
    return started.name == "sed" and any(map(_RUN_BY_SED.search, scripts))


def _may_name_program(started: StartedProgram) -> bool:
    options, short = _STARTING.get(started.name, ()), _SHORT.get(started.name)
    stated = (word.partition("=")[0] for word in started.arguments if word.startswith("--") and len(word) > 2)
    if any(option.startswith(word) for word in stated for option in options):
        return True
    if started.name == "tar" and started.variable(_OPTIONS_OF_TAR):
        return True
    return short is not None and any(map(short.match, started.arguments))


def named_by(
    caller: StartedProgram, word: str, rest: tuple[str, ...], because: Because, files: Files
) -> Iterator[Possible]:
    """Yield what one word may lead to, with the words behind it as arguments, as possible steps."""
    return (_possible(step) for step in _named(caller, word, rest, because, files))


def given(caller: StartedProgram, words: tuple[str, ...], because: Because, files: Files) -> Iterator[Possible]:
    """Yield what may follow from the words that are given to a program started as `caller` is, as possible steps."""
    for place, word in enumerate(words[:_MAX_WORDS]):
        for form in _forms(word):
            rest = words[place + 1 : place + 1 + _MAX_WORDS]
            yield from named_by(caller, form, rest, because, files)
            if BETWEEN.search(form) and commands_among(caller, (form,), because, files):
                yield from _run_by_shell(caller, form, because, files)


def given_to_wrapper(
    caller: StartedProgram, words: tuple[str, ...], because: Because, files: Files
) -> Iterator[Possible]:
    """Yield what words name, as `given` does; texts are not taken for a shell's, as they are known to be otherwise."""
    for place, word in enumerate(words[:_MAX_WORDS]):
        for form in _forms(word):
            yield from named_by(caller, form, words[place + 1 : place + 1 + _MAX_WORDS], because, files)


def _run_by_shell(caller: StartedProgram, text: str, because: Because, files: Files) -> Iterator[Possible]:
    shell = started_by(caller, (*SHELL, text), because, files)
    if shell is not None:
        yield _possible(shell)


def of_environment(started: StartedProgram, files: Files) -> Iterator[Possible]:
    """Yield what the variables name that a program is started with."""
    because = Because(started.program, "has a variable that names")
    folder = started.variable("BINDIR") or ""
    is_of_erlang = bool(folder) and files.find(posixpath.join(folder, _LAUNCHER_OF_ERLANG)) is not None
    others = _SEARCH_PATHS | _OF_ERLANG if is_of_erlang else _SEARCH_PATHS
    for name, value in started.environment:
        if name == "SHELL":  # terminals and editors start it
            yield Opened(path=value, because=because, is_certain=False)
        if name not in others and value and UNKNOWN not in value:
            yield from given(started, (value,), because, files)


def commands_among(
    caller: StartedProgram, words: tuple[str, ...], because: Because, files: Files
) -> list[StartedProgram]:
    """Return the starts of the programs that words name, but for programs that start nothing in turn."""
    found = []
    for place, word in enumerate(words[:_MAX_WORDS]):
        for form in _forms(word):
            parts = tuple(part for part in BETWEEN.split(form) if part)[:_MAX_WORDS]
            for number in range(len(parts)):
                found.append(_command(caller, (*parts[number:], *words[place + 1 :]), because, files))
    return [started for started in found if started is not None and not is_plain(started)]


def _command(caller: StartedProgram, words: tuple[str, ...], because: Because, files: Files) -> StartedProgram | None:
    """Return the start of a command; None if its first word is no program, or a file that is not to be run."""
    started = started_by(caller, words[:_MAX_WORDS], because, files)
    entry = files.find(started.program) if started else None
    if started is None or entry is None or not entry.mode & _EXECUTABLE:
        return None
    is_script = posixpath.splitext(entry.path)[1] in _INTERPRETERS
    return None if is_script and not files.starts_with(entry.path, b"#!") else started


def run_as_script(
    caller: StartedProgram, path: str, arguments: tuple[str, ...], because: Because, files: Files
) -> Iterator[StartedProgram]:
    """Yield the start of a script that is a file of the image, by its first line or by how its name ends."""
    entry = files.find(path)
    if entry is None or not entry.size:
        return
    if _has_first_line(entry, files):
        yield starting(caller, path, arguments, because)
    ending = posixpath.splitext(path)[1]
    for name in _INTERPRETERS.get(ending, ()):
        program = program_at(name, caller, files)
        if program is not None:
            yield starting(caller, program, (*_OPTIONS_OF.get(ending, ()), path, *arguments), because)
            return


def _has_first_line(entry: Entry, files: Files) -> bool:
    """True for a file that its first line may have run; `#!KAMAILIO` begins settings, unless these can be executed."""
    if not files.starts_with(entry.path, b"#!"):
        return False
    names_path = Analysis("names its interpreter's path", bool, _names_path, is_cheap=True)
    return bool(entry.mode & _EXECUTABLE) or files.analysed(entry.path, names_path)


def _names_path(content: bytes) -> bool:
    return _WHOLE_PATH.match(content) is not None


def _possible(step: Possible) -> Possible:
    return msgspec.structs.replace(step, is_certain=False)


def _forms(word: str) -> Iterator[str]:
    """Yield a word, and the parts of it that may be commands: `--exec=X`, `--do=exec=X`, `-fX`, `@X`, `EXEC:X`."""
    if not word:
        return
    if not word.startswith("-"):
        yield word
        if word[0] in "@+:!":
            yield word[1:]
    elif word[1:2] != "-" and len(word) > 2:
        yield word[2:]
    option, _, value = word.partition("=")
    if value and not _OF_USERS.fullmatch(option):
        yield from dict.fromkeys((value, value.rpartition("=")[2], value.lstrip("!|")))
    if found := _STARTED_BY_ADDRESS.match(word):
        yield found["command"]


def _named(
    caller: StartedProgram, word: str, rest: tuple[str, ...], because: Because, files: Files
) -> Iterator[Possible]:
    """Yield what one word may lead to, with the words behind it as arguments."""
    if UNKNOWN in word.split(None, 1)[:1] or not word.strip():
        return
    if BETWEEN.search(word):
        yield from _text(caller, word, because, files)
        return
    started = _command(caller, (word, *rest), because, files)
    path = posixpath.normpath(posixpath.join("/", caller.folder, word))
    entry = files.find(path)
    if started is not None:
        yield started
    elif entry is not None:
        yield Opened(path=path, because=because)
        yield from run_as_script(caller, path, rest, because, files)
    elif "/" in word and files.folder(path):
        yield from _folder(caller, path, because, files)
    elif word.startswith("/") and "*" in word:
        yield from opened(_fitting(word, files), because)
    elif ".so" in word:
        yield from opened(everywhere(word, files), because)
    else:
        yield from _module(caller, word, rest, because, files)


def _text(caller: StartedProgram, text: str, because: Because, files: Files) -> Iterator[Possible]:
    """Yield what the words of a text may lead to: a shell's commands, or a list in any language.

    Each word may be a command's first, and what stands behind `&&` is given to none in front of it.
    """
    left = _MAX_WORDS
    for part in _IN_TURN.split(text):
        words = tuple(word for word in BETWEEN.split(part) if word)[:left]
        left -= len(words)
        for place, word in enumerate(words):
            yield from _named(caller, word, words[place + 1 :], because, files)


def _folder(caller: StartedProgram, folder: str, because: Because, files: Files) -> Iterator[Possible]:
    """Yield the programs and scripts of a folder, any of which may be run, and all files in it and below, to be read.

    Not those of a folder of the search path: it is named as the place where one program is looked for.
    """
    real = files.folder(folder)
    if real is None or not _SHARED.isdisjoint((real, folder.strip("/"))) or real in _searched(caller, files):
        return
    for name in files.names(real)[:_MAX_IN_FOLDER]:
        entry = files.find(f"{real}/{name}")
        if entry is not None and entry.mode & _EXECUTABLE:
            yield starting(caller, f"/{real}/{name}", (), because)
        elif entry is not None:
            yield from run_as_script(caller, f"/{real}/{name}", (), because, files)
    for path in islice(files.below(real, _is_no_library), _MAX_IN_FOLDER):
        if posixpath.splitext(path)[1] not in _INTERPRETERS:
            yield Opened(path=path, because=because)


def _fitting(pattern: str, files: Files) -> list[str]:
    """Return the files that a pattern below a folder stands for, as code looks for them: `/etc/*.conf`, `/srv/**/*`."""
    above, _, rest = pattern.strip("/").partition("*")
    folder = posixpath.dirname(above)
    real = files.folder(f"/{folder}") if folder else None
    if real is None:
        return []
    wanted = posixpath.join(real, pattern.strip("/").removeprefix(f"{folder}/"))
    if "**" not in wanted and "/" not in rest:
        return fnmatch.filter((f"{real}/{name}" for name in files.names(real)), wanted)
    return fnmatch.filter(files.below(real, _is_no_library), wanted.replace("**/", "*"))


def _is_no_library(path: str) -> bool:
    return _OF_LIBRARIES.search(path) is None


def _searched(caller: StartedProgram, files: Files) -> frozenset[str | None]:
    folders = (*_SEARCHED, *(caller.variable("PATH") or "").split(":"))
    return frozenset(files.folder(folder) for folder in folders if folder)


def _module(
    caller: StartedProgram, word: str, rest: tuple[str, ...], because: Because, files: Files
) -> Iterator[Possible]:
    """Yield the start of a module of Python in the working folder or PYTHONPATH: `shop.web:application`."""
    found = _MODULE.fullmatch(word)
    python = (program_at("python3", caller, files) or program_at("python", caller, files)) if found else None
    if found is None or python is None:
        return
    inside = found["module"].replace(".", "/")
    for folder in (caller.folder, *(caller.variable("PYTHONPATH") or "").split(":")):
        path = posixpath.join("/", folder, inside)
        if files.find(f"{path}.py") or files.find(f"{path}/__init__.py"):
            yield starting(caller, python, ("-m", found["module"], *rest), because)
            return

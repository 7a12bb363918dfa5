"""Modules that a command line or variable names: `gunicorn shop:app`, `celery -A tasks`, DJANGO_SETTINGS_MODULE."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

import msgspec

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.walk.graph import UNKNOWN, StartedProgram

_DOTTED = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(:[\w.]+(?:\(.*\))?)?")
_VARIABLES = re.compile(r"\w+_(?:MODULE|APP|APPLICATION)|APP_MODULE|FLASK_APP")
_WORD = re.compile(r"(?<![\w./])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_CLASS = re.compile(
    r"""(?:^|[{,])[ \t]*+(?:-[ \t]++)?["']?(?:class|\(\)|factory)["']?[ \t]*+[:=][ \t]*+["']?"""
    r"([A-Za-z_]\w*+(?:\.\w++)++)",
    re.MULTILINE,
)
"""A class or function in settings of loggers (Python documentation, "Configuration dictionary schema")."""
_MOST_CLASSES = 200
"""Classes of one file."""
_OPTION = re.compile(r"-[bBdEhiIOPqRsSuvVx]*(?P<letter>[cmWX])(?P<value>.*)", re.DOTALL)
"""Options that take a word, behind others without one (Python documentation, "Command line and environment")."""
_PARTS = {"m": "module", "c": "code"}
_TAKES_VALUE = "--check-hash-based-pycs"
_CATEGORY = re.compile(r"[^:]*:[^:]*:([A-Za-z_][\w.]*)\.\w+")
_BEFORE_SITE = re.compile(r"presite=([A-Za-z_][\w.]*)(?::.*)?")
"""What options have Python import: the module of a warning's class, and one for tests of Python itself."""

_LISTS = word_lists(__file__)
_NO_MODULE = frozenset(_LISTS["no_module"])
"""Options of servers and task queues whose value is a number, an address, a file or a name of another kind."""


class Named(msgspec.Struct, frozen=True):
    """A name in a command line or variable."""

    name: str
    is_sure: bool
    """True if it can only be a module; a single word may be anything."""


class CommandLine(msgspec.Struct, frozen=True):
    """What an interpreter is to run."""

    script: str | None = None
    module: str | None = None
    code: str | None = None
    arguments: tuple[str, ...] = ()
    loaded: tuple[str, ...] = ()
    """Modules that options have it import."""


def read_command_line(words: tuple[str, ...]) -> CommandLine:
    """Read the arguments of Python (Python documentation, "Command line and environment")."""
    loaded: list[str] = []
    while words:
        word, words = words[0], words[1:]
        option = _OPTION.fullmatch(word)
        if option is None and (not word.startswith("-") or word == "-"):
            return CommandLine(script=word if word != "-" else None, arguments=words, loaded=tuple(loaded))
        has_value = option is not None and bool(option["value"])
        value, behind = ("", words) if has_value or not words else (words[0], words[1:])
        if option is None:
            words = behind if word == _TAKES_VALUE else words
        elif option["letter"] in _PARTS and (has_value or words):
            part = {_PARTS[option["letter"]]: option["value"] or value}
            return CommandLine(**part, arguments=behind, loaded=tuple(loaded))
        else:
            words = behind
            loaded += (_CATEGORY if option["letter"] == "W" else _BEFORE_SITE).findall(option["value"] or value)
    return CommandLine(loaded=tuple(loaded))


def names_in(line: CommandLine, started: StartedProgram) -> Iterator[Named]:
    """Yield what may be modules among the arguments and variables."""
    before = ""
    for word in line.arguments:
        option, equals, value = word.partition("=")
        before = option if equals else before
        yield from _named(value if equals and option.startswith("-") else word, before)
        before = word
    for name, value in started.environment:
        if _VARIABLES.fullmatch(name):
            yield from _named(value.removesuffix(".py"), "-")


def words_in(line: CommandLine, started: StartedProgram) -> Iterator[str]:
    """Yield every word of arguments and variables that could be the name of a module, a search path's left out."""
    values = (value for name, value in started.environment if not name.endswith("PATH"))
    for text in (*line.arguments, *values):
        yield from dict.fromkeys(_WORD.findall(text))


def classes_in(settings: str) -> Iterator[str]:
    """Yield the dotted names of classes that settings in YAML, JSON or an INI file state."""
    found = (match[1] for match in _CLASS.finditer(settings))
    yield from dict.fromkeys(islice(found, _MOST_CLASSES))


def has_unknown_module(line: CommandLine, started: StartedProgram) -> bool:
    """True if a module may be named by a word or variable whose value is known only at run time."""
    words = pairwise(("", *line.arguments))
    named = (value for name, value in started.environment if _VARIABLES.fullmatch(name))
    return any(UNKNOWN in word and _may_name(word, before) for before, word in words) or any(
        map(_is_unknown_module, named)
    )


def _may_name(word: str, before: str) -> bool:
    option, equals, value = word.partition("=")
    if equals and option.startswith("-"):
        word, before = value, option
    return before not in _NO_MODULE and _is_unknown_module(word)


def _is_unknown_module(word: str) -> bool:
    return UNKNOWN in word and _DOTTED.fullmatch(word.replace(UNKNOWN, "x")) is not None


def _named(word: str, before: str) -> Iterator[Named]:
    found = _DOTTED.fullmatch(word)
    if found:
        yield Named(found[1], bool(found[2]) or "." in found[1] or before.startswith("-"))

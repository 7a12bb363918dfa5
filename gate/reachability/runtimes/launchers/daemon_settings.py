"""What xinetd, inetd, monit and webhook start by their settings (xinetd.conf(5), inetd.conf(5), monit(1), webhook's
documentation, "Hook definition"). All run a program with its words, without a shell.
"""

import fnmatch
import posixpath
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import msgspec

from gate.core.errors import GateError
from gate.core.yaml import parse
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, StartedProgram

_MAX_FILES = 200
_SERVICE = re.compile(
    r"^[ \t]*service[ \t]+\S+\s*\{(?P<body>[^\n]*\n(?:(?![ \t]*(?:\}|service[ \t])).*\n)*+)[ \t]*\}", re.MULTILINE
)
_ATTRIBUTE = re.compile(r"^[ \t]*(?P<name>\w+)[ \t]*\+?=[ \t]*(?P<value>[^\n]*?)[ \t]*$", re.MULTILINE)
_INCLUDE = re.compile(r"^[ \t]*include(?P<folder>dir)?[ \t]+[\"']?(?P<path>[^\s\"']+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_BEFORE = r"(?:(?P<kind>start|stop|restart|program|path|exec)\b[ \t]*(?:program\b[ \t]*)?(?:=[ \t]*)?)?"
_QUOTED = r"\"(?P<double>/(?:\\.|[^\"\\])*)\"|'(?P<single>/(?:\\.|[^'\\])*)'"
_OF_MONIT = re.compile(rf"(?<![\w/.-]){_BEFORE}(?:{_QUOTED}|(?<=[ \t=])(?P<bare>/[^\s\"',;)]+))")
"""A path or a quoted command of monit's settings, with the word before it that says what it is for."""
_AT_START = frozenset({"start", "path"})
"""What monit starts itself: a service that does not run, and the program of a check."""
_HOOKS = "-hooks"
_OF_INETD = 6
"""Words of a line of inetd's settings before the program's arguments."""


class ListedCommand(msgspec.Struct, frozen=True):
    """A command that settings list."""

    words: tuple[str, ...]
    path: str
    number: int
    is_certain: bool = True
    folder: str | None = None
    """Its working folder; None if it is that of the launcher."""
    environment: tuple[tuple[str, str], ...] = ()
    """Variables that the settings add."""


def _with_included(path: str, files: Files) -> dict[str, str]:
    """Return the texts of a file of settings and of those that it includes, without comments, by path."""
    texts: dict[str, str] = {}
    todo = [path.strip("/")]
    while todo and len(texts) < _MAX_FILES:
        one = todo.pop(0)
        if one not in texts and files.find(one):
            texts[one] = _COMMENT.sub("", files.text(one))
            for found in _INCLUDE.finditer(texts[one]):
                pattern = posixpath.join("/" + posixpath.dirname(one), found["path"])
                folder, _, last = (f"{pattern}/*" if found["folder"] else pattern).rpartition("/")
                todo += (f"{folder.strip('/')}/{name}" for name in fnmatch.filter(files.names(folder), last))
    return texts


def _option(started: StartedProgram, name: str, usual: tuple[str, ...]) -> list[str]:
    """Return the paths that an option states (`-c FILE`, `-cFILE`, `-hooks=FILE`), else the usual ones."""
    stated = [value for option, value in pairwise(started.arguments) if option in (name, f"-{name}")]
    joined = (re.match(rf"-?{name}=?(.+)", word) for word in started.arguments)
    stated += (found[1] for found in joined if found)
    return [posixpath.join("/", started.folder, path) for path in stated or usual]


def of_xinetd(started: StartedProgram, files: Files) -> Iterator[ListedCommand]:
    """Yield the server of each service; one that is disabled may be enabled."""
    for first in _option(started, "-f", ("/etc/xinetd.conf",))[:1]:
        for path, text in _with_included(first, files).items():
            for service in _SERVICE.finditer(text):
                values: dict[str, list[str]] = {}
                for one in _ATTRIBUTE.finditer(service["body"]):
                    values.setdefault(one["name"], []).extend(one["value"].split())
                if values.get("server"):
                    number = text.count("\n", 0, text.index("server", service.start("body"))) + 1
                    pairs = [word.partition("=") for word in values.get("env", ())]
                    yield ListedCommand(
                        (*values["server"], *values.get("server_args", ())),
                        path,
                        number,
                        is_certain="yes" not in values.get("disable", ()),
                        environment=tuple((name, value) for name, _, value in pairs),
                    )


def of_inetd(started: StartedProgram, files: Files) -> Iterator[ListedCommand]:
    """Yield the program of each line: `http stream tcp nowait root /usr/sbin/httpd httpd -i`."""
    stated = [word for word in started.arguments if "/" in word and not word.startswith("-")]
    for path in [posixpath.join("/", started.folder, word).strip("/") for word in stated[-1:] or ("/etc/inetd.conf",)]:
        lines = files.text(path).splitlines() if files.find(path) else []
        for number, line in enumerate(lines, start=1):
            parts = line.split()
            if len(parts) >= _OF_INETD and not line.startswith("#") and parts[_OF_INETD - 1] != "internal":
                yield ListedCommand((parts[_OF_INETD - 1], *parts[_OF_INETD + 1 :]), path, number)


def of_monit(started: StartedProgram, files: Files) -> Iterator[ListedCommand]:
    """Yield each command; only what starts a service and what a check runs is certain."""
    usual = ("/root/.monitrc", "/etc/monitrc", "/etc/monit/monitrc", "monitrc")
    paths = [path for path in _option(started, "-c", usual) if files.find(path)]
    for path, text in _with_included(paths[0], files).items() if paths else ():
        for found in _OF_MONIT.finditer(text):
            command = found["double"] or found["single"]
            words = _split(re.sub(r"\\([\"'])", r"\1", command)) if command else (found["bare"],)
            number = text.count("\n", 0, found.start()) + 1
            yield ListedCommand(words, path, number, is_certain=found["kind"] in _AT_START)


def _split(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return (*command.split(), UNKNOWN)


def of_webhook(started: StartedProgram, files: Files) -> Iterator[ListedCommand]:
    """Yield the command of each hook, in JSON or YAML; what a request gives it is known only at run time."""
    for stated in _option(started, _HOOKS, ()):
        path = stated.strip("/")
        if files.find(path):
            text = files.text(path)
            for hook in _hooks(text, path):
                command = str(hook["execute-command"])
                number = text.count("\n", 0, max(text.find(command), 0)) + 1
                folder = hook.get("command-working-directory")
                words = (command, *map(_argument, _dicts(hook.get("pass-arguments-to-command"))))
                yield ListedCommand(
                    words, path, number, folder=str(folder) if folder else None, environment=_given(hook)
                )


def is_meant(name: str, started: StartedProgram) -> bool:
    """False for a program that only has the name: many are called `webhook`, and few of them are given hooks."""
    return name != "webhook" or any(word.lstrip("-").startswith(_HOOKS.strip("-")) for word in started.arguments)


def _hooks(text: str, path: str) -> list[Mapping[str, object]]:
    try:
        return [hook for hook in _dicts(parse(text, path)) if hook.get("execute-command")]
    except GateError:
        return []


def _dicts(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _given(hook: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return the variables that a hook's command gets from a request."""
    keys = ("pass-environment-to-command", "pass-file-to-command")
    stated = [one for key in keys for one in _dicts(hook.get(key))]
    return tuple((str(one.get("envname") or f"HOOK_{one.get('name')}"), _argument(one)) for one in stated)


def _argument(stated: Mapping[str, object]) -> str:
    return str(stated.get("name", "")) if stated.get("source") == "string" else UNKNOWN


DAEMONS: Mapping[str, Callable[[StartedProgram, Files], Iterator[ListedCommand]]] = {
    "xinetd": of_xinetd,
    "inetd": of_inetd,
    "monit": of_monit,
    "webhook": of_webhook,
}

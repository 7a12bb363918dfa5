"""Programs that start what their settings list: cron, supervisor, systemd, s6, runit (crontab(5), systemd.service(5)).

A command is analysed as if a shell ran it. For cron that is so; the others split it much as a shell does.
"""

import configparser
import fnmatch
import posixpath
import shlex
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import msgspec

from gate.reachability.runtimes.commands import started_by, starting
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import EVERYTHING, Because, Gap, Opened, Reached, StartedProgram, Step

_MAX_FILES = 1_000
"""Settings of one launcher."""
_SHELL = ("/bin/sh", "-c")
_CRONTABS = (
    ("etc/crontab", 6),
    ("etc/cron.d/*", 6),
    ("var/spool/cron/crontabs/*", 5),
    ("etc/crontabs/*", 5),
)
"""Patterns of crontabs, and the words before a command: five of the time, and in system crontabs a user."""


class _Line(msgspec.Struct, frozen=True):
    """A command that a setting gives, as a shell would read it."""

    command: str
    path: str
    number: int | None
    folder: str | None = None
    is_certain: bool = True


Lines = Iterator[_Line]


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a launcher."""
    return isinstance(reached, StartedProgram) and _launcher(reached) is not None


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the settings, and the start of each command in them."""
    assert isinstance(reached, StartedProgram)
    launcher = _launcher(reached)
    assert launcher is not None
    seen = set[str]()
    for line in launcher(reached, files):
        if line.path not in seen:
            seen.add(line.path)
            yield Opened(path=line.path, because=Because(reached.program, "reads"), is_certain=line.is_certain)
        if len(seen) > _MAX_FILES:
            yield Gap(kind=EVERYTHING, reason=f"more than {_MAX_FILES:,} settings", path=reached.program)
            return
        yield from _start(line, reached, files)
    if not seen and launcher is not _run_parts:
        yield Gap(kind=EVERYTHING, reason="starts what its settings list, which are not there", path=reached.program)


def _start(line: _Line, launcher: StartedProgram, files: Files) -> Iterator[Step]:
    because = Because(line.path, "starts", line.number)
    inherited = launcher if line.folder is None else msgspec.structs.replace(launcher, folder=line.folder)
    started: StartedProgram | None = starting(inherited, line.path, (), because)
    if line.command:
        started = started_by(inherited, (*_SHELL, line.command), because, files)
    if started is not None:
        yield msgspec.structs.replace(started, is_certain=line.is_certain)


def _texts(pattern: str, files: Files) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file that a pattern with wildcards in its last two parts matches."""
    folder, _, last = pattern.strip("/").rpartition("/")
    above, _, name = folder.rpartition("/")
    folders = [f"{above}/{one}" for one in fnmatch.filter(files.names(above), name)] if "*" in name else [folder]
    for one in folders:
        for found in fnmatch.filter(files.names(one), last):
            path = f"{one}/{found}"
            if files.find(path):
                yield path, files.text(path)


def _cron(_: StartedProgram, files: Files) -> Lines:
    for pattern, skipped in _CRONTABS:
        for path, text in _texts(pattern, files):
            yield from _crontab(path, text, skipped)


def _crontab(path: str, text: str, skipped: int) -> Lines:
    """Yield the commands of a crontab; `skipped` words are before each, of which `@daily` replaces five by one."""
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if not words or words.startswith("#") or "=" in words.split()[0]:
            continue
        before = skipped - 4 if words.startswith("@") else skipped
        parts = words.split(None, before)
        if len(parts) > before:
            yield _Line(parts[-1], path, number)


def _run_parts(started: StartedProgram, files: Files) -> Lines:
    for folder in started.arguments:
        for name in files.names(folder):
            path = f"{folder.strip('/')}/{name}"
            if not folder.startswith("-") and "." not in name and files.find(path):
                # The distribution's own daily chores; in a container that lives for a day or less they never run.
                yield _Line("", path, None, is_certain=False)


def _supervisor(started: StartedProgram, files: Files) -> Lines:
    stated = [value for option, value in pairwise(started.arguments) if option in ("-c", "--configuration")]
    usual = ["supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"]
    paths = [posixpath.join("/", started.folder, path) for path in stated or usual]
    todo = [path for path in paths if files.find(path)][:1]
    while todo:
        path = todo.pop().strip("/")
        settings = _ini(files.text(path))
        for name, section in settings.items():
            if name.partition(":")[0] in ("program", "eventlistener", "fcgi-program") and "command" in section:
                yield _Line(section["command"], path, None, section.get("directory"))
        for pattern in settings.get("include", {}).get("files", "").split():
            whole = posixpath.join("/" + posixpath.dirname(path), pattern)
            todo.extend(found for found, _ in _texts(whole, files) if found != path)


def _ini(text: str) -> Mapping[str, Mapping[str, str]]:
    parser = configparser.RawConfigParser(strict=False, inline_comment_prefixes=(" ;",), allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {name: _values(parser[name]) for name in parser.sections()}


def _values(section: Mapping[str, str | None]) -> dict[str, str]:
    """Return the values of a section; a key without `=` has an empty one."""
    return {key: value or "" for key, value in section.items()}


def _systemd(_: StartedProgram, files: Files) -> Lines:
    for base in ("etc/systemd/system", "usr/lib/systemd/system"):
        for path, text in _texts(f"{base}/*.wants/*.service", files):
            for number, line in enumerate(text.splitlines(), start=1):
                key, value = line.partition("=")[::2]
                if key.startswith("ExecStart"):
                    yield _Line(shlex.join(value.lstrip("-@+!:").split()), path, number)


def _services(started: StartedProgram, files: Files) -> Lines:
    stated = [posixpath.join("/", started.folder, word) for word in started.arguments if not word.startswith("-")]
    for pattern in (
        *(f"{folder.strip('/')}/*/run" for folder in stated[:1]),
        "etc/cont-init.d/*",
        "etc/services.d/*/run",
        "etc/s6-overlay/s6-rc.d/*/run",
        "etc/service/*/run",
        "etc/s6-overlay/s6-rc.d/*/up",
    ):
        yield from (_Line("", path, None) for path, _ in _texts(pattern, files))


_LAUNCHERS: Mapping[str, Callable[[StartedProgram, Files], Lines]] = {
    "cron": _cron,
    "crond": _cron,
    "run-parts": _run_parts,
    "supervisord": _supervisor,
    "systemd": _systemd,
    "init": _services,
    "s6-svscan": _services,
    "runsvdir": _services,
}


def _launcher(started: StartedProgram) -> Callable[[StartedProgram, Files], Lines] | None:
    """Return what reads the settings of the program, or of the script that it runs."""
    names = [started.called or started.program, *started.arguments[:1]]
    return next((found for name in names if (found := _LAUNCHERS.get(posixpath.basename(name)))), None)

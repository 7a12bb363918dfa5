"""Programs that start what their settings list: cron, supervisor, systemd, s6, runit (crontab(5), systemd.service(5)).

A command is analysed as if a shell ran it. For cron that is so; the others split it much as a shell does. Those of
`daemon_settings` are words already.
"""

import fnmatch
import posixpath
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import msgspec

from gate.reachability.runtimes.launchers.circus import watchers
from gate.reachability.runtimes.launchers.daemon_settings import DAEMONS, ListedCommand, is_meant
from gate.reachability.runtimes.launchers.ini_settings import sections_of
from gate.reachability.runtimes.walk.commands import started_by, starting
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

_MAX_FILES = 1_000
"""Settings of one launcher."""
_SHELL = ("/bin/sh", "-c")
_CRONTABS = (
    ("etc/crontab", 6),
    ("etc/cron.d/*", 6),
    ("var/spool/cron/crontabs/*", 5),
    ("var/spool/cron/*", 5),
    ("etc/crontabs/*", 5),
    ("etc/anacrontab", 3),
)
"""Patterns of crontabs, and the words before a command: five of the time, and in system crontabs a user."""


_CRON_VARIABLE = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*)")
_PROCESS = re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<command>\S.*)")
_ENV_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$", re.MULTILINE)
_SUPERVISED = frozenset({"program", "eventlistener", "fcgi-program"})
_EXPRESSION = re.compile(r"%\((\w+)\)[sd]|%%")
_PAIR = re.compile(r"""(?P<name>\w+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>[^,\s]*))""")
_UNIT_FOLDERS = (
    "etc/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
)
_FOLLOWED = frozenset({"Requires", "Wants", "BindsTo", "Upholds"})
"""Keys of units that start others."""
_ACTIVATED = {".timer": "Unit", ".socket": "Service", ".path": "Unit"}
"""Kinds of units that start a service later, and the key that names another one than their own name."""
_AFTERWARDS = frozenset({"OnFailure", "OnSuccess"})
"""Keys of units that start others once the unit has ended."""
_SPECIFIER = re.compile(r"%([A-Za-z%])")
_SPECIFIERS = {"t": "/run", "S": "/var/lib", "C": "/var/cache", "L": "/var/log", "E": "/etc", "h": "/root", "%": "%"}
"""Of systemd's specifiers those whose value does not depend on the unit (systemd.unit(5))."""
_AT_START = frozenset({"ExecStart", "ExecStartPre", "ExecStartPost", "ExecCondition"})
_EXECUTABLE = 0o111


class _Line(msgspec.Struct, frozen=True):
    """A command that a setting gives, as a shell would read it."""

    command: str
    path: str
    number: int | None
    folder: str | None = None
    is_certain: bool = True
    environment: tuple[tuple[str, str], ...] = ()
    """Variables that the setting adds."""
    words: tuple[str, ...] = ()
    """The command where no shell and no rule of one takes it apart."""


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
    if launcher is _run_parts:  # an operand that is no folder may be meant otherwise
        others = tuple(word for word in reached.arguments if files.folder(word) is None)
        yield from given(reached, others, Because(reached.program, "is given"), files)
    for line in launcher(reached, files):
        if line.path not in seen:
            seen.add(line.path)
            yield Opened(path=line.path, because=Because(reached.program, "reads"), is_certain=line.is_certain)
        if len(seen) > _MAX_FILES:
            yield Gap(kind=EVERYTHING, reason=f"more than {_MAX_FILES:,} settings", path=reached.program, is_limit=True)
            return
        yield from _start(line, reached, files)
    if not seen and launcher is not _run_parts and not _is_own_init(reached, files):
        yield Gap(kind=EVERYTHING, reason="starts what its settings list, which are not there", path=reached.program)


def _is_own_init(started: StartedProgram, files: Files) -> bool:
    """True for a script named `init`, which is followed as any other: not each is an init system's."""
    names = (started.program, *started.arguments[:1])
    return any(posixpath.basename(name) == "init" and files.starts_with(name, b"#!") for name in names)


def _start(line: _Line, launcher: StartedProgram, files: Files) -> Iterator[Step]:
    because = Because(line.path, "starts", line.number)
    environment = tuple(sorted({**dict(launcher.environment), **dict(line.environment)}.items()))
    folder = launcher.folder if line.folder is None else line.folder
    inherited = msgspec.structs.replace(launcher, folder=folder, environment=environment)
    started: StartedProgram | None = starting(inherited, line.path, (), because)
    if line.command or line.words:
        started = started_by(inherited, line.words or (*_SHELL, line.command), because, files)
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
    """Yield the commands of a crontab; `skipped` words are before each, of which `@daily` replaces five by one.

    A line with a variable holds for those below it; what follows a `%` is the input of a command.
    """
    environment: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if found := _CRON_VARIABLE.match(words):
            environment[found["name"]] = found["value"].strip().strip("\"'")
        elif words and not words.startswith("#"):
            before = skipped - 4 if words.startswith("@") else skipped
            parts = words.split(None, before)
            if len(parts) > before:
                command = re.split(r"(?<!\\)%", parts[-1])[0].replace("\\%", "%")
                yield _Line(command, path, number, environment=tuple(environment.items()))


def _crontab_files(started: StartedProgram, files: Files) -> Lines:
    """Read the crontabs that are given as arguments, as supercronic takes them."""
    for word in started.arguments:
        path = posixpath.join("/", started.folder, word)
        if not word.startswith("-") and files.find(path):
            yield from _crontab(path.strip("/"), files.text(path), 5)


def _run_parts(started: StartedProgram, files: Files) -> Lines:
    for folder in started.arguments:
        for name in files.names(folder):
            path = f"{folder.strip('/')}/{name}"
            if not folder.startswith("-") and "." not in name and files.find(path):
                # The distribution's own daily chores; in a container that lives for a day or less they never run.
                yield _Line("", path, None, is_certain=not folder.strip("/").startswith("etc/cron."))


def _supervisor(started: StartedProgram, files: Files) -> Lines:
    usual = ["supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"]
    paths = [posixpath.join("/", started.folder, path) for path in _stated_settings(started) or usual]
    todo = [path.strip("/") for path in paths if files.find(path)][:1]
    seen, common = set[str](), dict[str, str]()
    while todo:
        path = todo.pop()
        seen.add(path)
        settings = sections_of(files.text(path), inline_comments=(" ;",))
        common.update(_pairs(settings.get("supervisord", {}).get("environment", ""), path, "", started))
        for name, section in settings.items():
            if name.partition(":")[0] in _SUPERVISED and "command" in section:
                yield _supervised(name.partition(":")[2], section, path, started, common)
        for pattern in settings.get("include", {}).get("files", "").split():
            whole = posixpath.join("/" + posixpath.dirname(path), _expressed(pattern, path, "", started))
            todo.extend(found for found, _ in _texts(whole, files) if found not in seen)


def _stated_settings(started: StartedProgram) -> list[str]:
    stated = [value for option, value in pairwise(started.arguments) if option in ("-c", "--configuration")]
    joined = [word for word in started.arguments if word.startswith("--configuration=")]
    return [*stated, *(word.partition("=")[2] for word in joined)]


def _supervised(
    name: str, section: Mapping[str, str], path: str, started: StartedProgram, common: Mapping[str, str]
) -> _Line:
    """Return the command of a program's section; one that does not start by itself may be started."""
    environment = {**common, **_pairs(section.get("environment", ""), path, name, started)}
    folder = section.get("directory")
    return _Line(
        _expressed(section["command"], path, name, started),
        path,
        None,
        None if folder is None else _expressed(folder, path, name, started),
        section.get("autostart", "true").lower() not in ("false", "no", "off", "0"),
        tuple(environment.items()),
    )


def _pairs(text: str, path: str, name: str, started: StartedProgram) -> dict[str, str]:
    """Return the variables of `environment=A="1",B=2`."""
    return {
        found["name"]: _expressed(found["double"] or found["single"] or found["plain"] or "", path, name, started)
        for found in _PAIR.finditer(text)
    }


def _expressed(text: str, path: str, name: str, started: StartedProgram) -> str:
    """Replace `%(ENV_NAME)s`, `%(here)s` and `%(program_name)s`; others are known only at run time."""
    known = {"here": "/" + posixpath.dirname(path), "program_name": name, "process_num": "0"}
    known |= {f"ENV_{variable}": value for variable, value in started.environment}
    return _EXPRESSION.sub(lambda found: known.get(found[1], UNKNOWN) if found[1] else "%", text)


def _circus(started: StartedProgram, files: Files) -> Lines:
    for one in watchers(started, files):
        yield _Line(one.command, one.path, None, one.folder, one.is_started, one.environment)


def _daemon(
    lists: Callable[[StartedProgram, Files], Iterator[ListedCommand]],
) -> Callable[[StartedProgram, Files], Lines]:
    def lines(started: StartedProgram, files: Files) -> Lines:
        for one in lists(started, files):
            yield _Line("", one.path, one.number, one.folder, one.is_certain, one.environment, one.words)

    return lines


def _systemd(_: StartedProgram, files: Files) -> Lines:
    """Read the units that are enabled, and those that they ask for; what a timer or socket starts may be started."""
    todo = [(name, True) for folder in _enabling(files) for name in files.names(folder)]
    seen: set[str] = set()
    while todo and len(seen) < _MAX_FILES:
        name, is_certain = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        for unit in _unit_files(name, files):
            settings = list(_unit_settings(files.text(unit)))
            todo += [(other, is_certain) for _, key, value in settings if key in _FOLLOWED for other in value.split()]
            todo += [(other, False) for other in _activated(name, settings)]
            todo += [(other, False) for _, key, value in settings if key in _AFTERWARDS for other in value.split()]
            yield from _commands_of(unit, name, settings, is_certain=is_certain)


def _enabling(files: Files) -> list[str]:
    """Return the folders whose files are the units that a target starts."""
    folders = (f"{base}/{name}" for base in _UNIT_FOLDERS for name in files.names(base))
    return [folder for folder in folders if folder.endswith((".wants", ".requires"))]


def _unit_files(name: str, files: Files) -> Iterator[str]:
    """Yield the file of a unit, of its template, or the one by which it is enabled, and those that add to it."""
    template = re.sub(r"@.*\.", "@.", name)
    folders = [*_UNIT_FOLDERS, *_enabling(files)]
    for one in dict.fromkeys((name, template)):
        found = next((f"{base}/{one}" for base in folders if files.find(f"{base}/{one}")), None)
        if found is not None:
            yield found
            break
    for base in _UNIT_FOLDERS:
        yield from (path for path, _ in _texts(f"{base}/{name}.d/*.conf", files))


def _unit_settings(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, key and value of each setting; a line that ends with a backslash goes on."""
    number = 0
    for whole in re.sub(r"\\\n", "\v", text).split("\n"):
        number += 1
        key, equals, value = whole.replace("\v", " ").partition("=")
        if equals and not key.startswith(("#", ";")):
            yield number, key.strip(), value.strip()
        number += whole.count("\v")


def _activated(name: str, settings: list[tuple[int, str, str]]) -> list[str]:
    stem, ending = posixpath.splitext(name)
    if ending not in _ACTIVATED:
        return []
    return [value for _, key, value in settings if key == _ACTIVATED[ending]] or [f"{stem}.service"]


def _commands_of(unit: str, name: str, settings: list[tuple[int, str, str]], *, is_certain: bool) -> Lines:
    folder, environment = None, dict[str, str]()
    for _, key, value in settings:
        if key == "WorkingDirectory":
            folder = value.lstrip("-")
        elif key == "Environment":
            pairs = (word.partition("=") for word in _words(value) if "=" in word)
            environment.update((variable, text) for variable, _, text in pairs)
    for number, key, value in settings:
        if key.startswith("Exec") and value:
            text = _specified(value.lstrip("-@+!:|"), name)
            # systemd has no shell: what is quoted stays one word, and variables are replaced in it.
            command = " ".join(_with_variables(word, environment) for word in _words(text))
            is_at_start = is_certain and key in _AT_START
            yield _Line(command, unit, number, folder, is_at_start, tuple(environment.items()))


def _specified(text: str, name: str) -> str:
    """Replace the specifiers in a command of the unit `name`; what others stand for is known only at run time."""
    stem = name.rpartition(".")[0]
    prefix, _, instance = stem.partition("@")
    known = {"n": name, "N": stem, "p": prefix, "i": instance, "I": instance, "j": prefix.rpartition("-")[2]}
    return _SPECIFIER.sub(lambda found: (known | _SPECIFIERS).get(found[1], UNKNOWN), text)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _with_variables(word: str, environment: Mapping[str, str]) -> str:
    return shlex.quote(re.sub(r"\$\{?(\w+)\}?", lambda found: environment.get(found[1], UNKNOWN), word))


def _services(started: StartedProgram, files: Files) -> Lines:
    """Yield the services of the folders that are stated, else of the working folder, and what s6-svscan(8) runs."""
    stated = [posixpath.join("/", started.folder, word) for word in started.arguments if not word.startswith("-")]
    folders = [folder.strip("/") for folder in stated or [started.folder]]
    for folder in folders:
        handlers = (path for path, _ in _texts(f"{folder}/.s6-svscan/*", files))
        yield from (_Line("", path, None, is_certain=False) for path in handlers)
    for pattern in (
        *(f"{folder}/*/run" for folder in folders),
        "etc/cont-init.d/*",
        "etc/services.d/*/run",
        "etc/s6-overlay/s6-rc.d/*/run",
        "etc/service/*/run",
        "etc/s6-overlay/s6-rc.d/*/up",
    ):
        yield from (_service_line(path, files) for path, _ in _texts(pattern, files) if _is_run(path, files))
        if pattern.endswith("/*/run"):
            logs = (f"{posixpath.dirname(path)}/log/run" for path, _ in _texts(pattern, files))
            yield from (_Line("", path, None) for path in logs if files.find(path))


def _is_run(path: str, files: Files) -> bool:
    """True for a file that can be executed; `up` is a command line that is read."""
    entry = files.find(path)
    return entry is not None and (bool(entry.mode & _EXECUTABLE) or path.endswith("/up"))


def _service_line(path: str, files: Files) -> _Line:
    """Return the start of a service: one with a file `down`, or in no bundle of s6-rc, is not started by itself."""
    folder = posixpath.dirname(path)
    is_certain = files.find(f"{folder}/down") is None or not path.endswith("/run")
    if "/s6-rc.d/" in path:
        base, name = posixpath.split(folder)
        asking = [other for other in files.names(base) if other != name]
        listed = (f"{base}/{other}/{kind}/{name}" for other in asking for kind in ("contents.d", "dependencies.d"))
        is_certain = is_certain and any(map(files.find, listed))
    return _Line("", path, None, is_certain=is_certain)


def _service(started: StartedProgram, files: Files) -> Lines:
    """Read the folder of one service, with that of its logger."""
    stated = [posixpath.join("/", started.folder, word) for word in started.arguments if not word.startswith("-")]
    for folder in stated[:1]:
        paths = (f"{folder.strip('/')}/{name}" for name in ("run", "finish", "check", "log/run"))
        yield from (_Line("", path, None) for path in paths if files.find(path))


def _procfile(started: StartedProgram, files: Files) -> Lines:
    """Read a Procfile, with the variables of `.env`: `web: gunicorn shop:app`. Named processes alone are started."""
    words = started.arguments[1:] if "/" in "".join(started.arguments[:1]) else started.arguments
    options = {option: value for option, value in pairwise(words) if option.startswith("-")}
    folder = posixpath.join("/", started.folder, options.get("-d", options.get("--app-root", "")))
    path = posixpath.join(folder, options.get("-f", options.get("--procfile", "Procfile"))).strip("/")
    if words[:1] not in (("start",), ("s",), ("local",), ()) or files.find(path) is None:
        return
    wanted = {word for before, word in pairwise(words) if not word.startswith("-") and not before.startswith("-")}
    known = dict(_ENV_LINE.findall(_text_at(posixpath.join(folder, options.get("-e", ".env")), files)))
    environment = tuple({"PORT": "5000", **{name: value.strip("\"'") for name, value in known.items()}}.items())
    for number, line in enumerate(files.text(path).splitlines(), start=1):
        if found := _PROCESS.fullmatch(line.strip()):
            is_certain = not wanted or found["name"] in wanted
            yield _Line(found["command"], path, number, folder, is_certain, environment)


def _text_at(path: str, files: Files) -> str:
    return files.text(path.strip("/")) if files.find(path) else ""


_LAUNCHERS: Mapping[str, Callable[[StartedProgram, Files], Lines]] = {
    "cron": _cron,
    "crond": _cron,
    "supercronic": _crontab_files,
    "go-crond": _crontab_files,
    "run-parts": _run_parts,
    "honcho": _procfile,
    "foreman": _procfile,
    "goreman": _procfile,
    "forego": _procfile,
    "hivemind": _procfile,
    "overmind": _procfile,
    "supervisord": _supervisor,
    "circusd": _circus,
    "systemd": _systemd,
    "init": _services,
    "s6-svscan": _services,
    "svscan": _services,
    "s6-supervise": _service,
    "supervise": _service,
    "runsv": _service,
    "runsvdir": _services,
    **{name: _daemon(lists) for name, lists in DAEMONS.items()},
}


def _launcher(started: StartedProgram) -> Callable[[StartedProgram, Files], Lines] | None:
    """Return what reads the settings of the program, or of the script that it runs."""
    # The file first: /sbin/init is a link to systemd.
    script = [word for word in started.arguments[:1] if "/" in word]
    names = [posixpath.basename(name) for name in (started.program, started.called or started.program, *script)]
    return next((_LAUNCHERS[name] for name in names if name in _LAUNCHERS and is_meant(name, started)), None)

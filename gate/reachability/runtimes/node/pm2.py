"""pm2: the applications that its settings or its command line name (pm2's documentation, "Ecosystem File")."""

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import msgspec

from gate.core.errors import GateError
from gate.core.word_lists import word_lists
from gate.core.yaml import parse
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes.node.javascript_literals import SPREAD, exported
from gate.reachability.runtimes.walk.commands import program_at, started_by, starting
from gate.reachability.runtimes.walk.files import Files
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

_NAMES = frozenset({"pm2", "pm2-runtime", "pm2-docker", "pm2-dev"})
HOW = "reads the applications of"
_SETTINGS = re.compile(r"\.(?:json|ya?ml)$|\.config\.[cm]?js$")
_USUAL = tuple(
    f"{name}{ending}"
    for name in ("ecosystem", "pm2")
    for ending in (".config.js", ".config.cjs", ".config.mjs", ".json", ".yml", ".yaml")
)
"""Settings that are looked for if none are named."""
_VALUED = frozenset(word_lists(__file__)["valued"])
_STARTING = ("start", "startOrRestart", "startOrReload", "restart", "reload", "startOrGracefulReload")
_BY_ENDING = {
    ".py": "python",
    ".rb": "ruby",
    ".sh": "bash",
    ".php": "php",
    ".pl": "perl",
    ".coffee": "coffee",
    ".ls": "lsc",
    ".ts": "bun",
    ".tsx": "bun",
    ".js": "node",
    ".cjs": "node",
    ".mjs": "node",
}
_CONTAINERS = ("ProcessContainer.js", "ProcessContainerFork.js")
"""Sources of pm2 that load an application's script."""
_MAX_APPLICATIONS = 500


class _Application(msgspec.Struct, frozen=True):
    """What pm2 starts."""

    script: str
    arguments: tuple[str, ...] = ()
    folder: str = ""
    interpreter: str = ""
    options: tuple[str, ...] = ()
    """Of the interpreter."""
    environment: tuple[tuple[str, str], ...] = ()
    is_certain: bool = True


class _CommandLine(msgspec.Struct, frozen=True):
    """The words behind pm2's name."""

    operands: tuple[str, ...]
    options: Mapping[str, str]
    behind: tuple[str, ...]
    """What stands behind `--`, for the application."""


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of pm2, by its name or as the script of Node.js."""
    return isinstance(reached, StartedProgram) and reached.words_of(_NAMES) is not None


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the settings, the applications, and the sources of pm2 that load them."""
    assert isinstance(reached, StartedProgram)
    words = reached.words_of(_NAMES)
    assert words is not None
    line = _read(words)
    yield from _containers(reached, files)
    yield from _installed_modules(reached, files)
    path = _settings_of(line, reached, files)
    if path is not None:
        yield Opened(path=path, because=Because(reached.program, HOW))
        yield from _by_settings(path, line, reached, files)
    elif line.operands:
        yield from _start(_of_command_line(line, reached), Because(reached.program, "starts"), reached, files)
    else:
        yield Gap(kind=EVERYTHING, reason="starts what its settings list, which are not there", path=reached.program)


def is_pm2(started: StartedProgram) -> bool:
    """True for a start of pm2, whose words are known."""
    return started.words_of(_NAMES) is not None


def _read(words: tuple[str, ...]) -> _CommandLine:
    end = words.index("--") if "--" in words else len(words)
    behind = words[end + 1 :]
    pairs = dict(pairwise((*words[:end], "")))
    options = {name: value for name, value in pairs.items() if name in _VALUED}
    assigned = (word.partition("=") for word in words[:end])
    options |= {name: value for name, equals, value in assigned if equals}
    behind_options = pairwise(("", *words[:end]))
    operands = [word for before, word in behind_options if not word.startswith("-") and before not in _VALUED]
    if operands and operands[0] in _STARTING:
        operands = operands[1:]
    return _CommandLine(tuple(operands), options, behind)


def _settings_of(line: _CommandLine, started: StartedProgram, files: Files) -> str | None:
    named = [word for word in line.operands[:1] if _SETTINGS.search(word)]
    wanted = named or (list(_USUAL) if not line.operands else [])
    paths = (posixpath.normpath(posixpath.join("/", started.folder, word)) for word in wanted)
    return next((path for path in paths if files.find(path)), None)


def _containers(started: StartedProgram, files: Files) -> Iterator[Step]:
    names = [started.program, *(word for word in started.arguments[:3] if posixpath.basename(word) in _NAMES)]
    for name in names:
        entry = files.find(posixpath.join("/", started.folder, name))
        if entry is not None and "/pm2/bin/" in entry.path:
            library = posixpath.dirname(posixpath.dirname(entry.path)) + "/lib"
            because = Because(entry.path, "loads")
            yield from (Opened(path=f"{library}/{each}", because=because) for each in _CONTAINERS)


def _installed_modules(started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the modules of pm2's own that were installed into its folder: it starts each of them."""
    home = started.variable("PM2_HOME") or posixpath.join(started.variable("HOME") or "/root", ".pm2")
    because = Because(started.program, "starts the module")
    node = program_at("node", started, files)
    for name in files.names(f"{home}/modules") if node is not None else ():
        for folder in (f"{home}/modules/{name}", f"{home}/modules/{name}/node_modules/{name}"):
            if files.find(f"{folder}/package.json") and node is not None:
                yield starting(started, node, (folder,), because)


def _of_command_line(line: _CommandLine, started: StartedProgram) -> _Application:
    script = line.operands[0]
    return _Application(
        script,
        line.behind,
        posixpath.join("/", started.folder, line.options.get("--cwd", "")),
        line.options.get("--interpreter", ""),
        _arguments(line.options.get("--node-args", line.options.get("--interpreter-args", ""))),
        started.environment,
    )


def _by_settings(path: str, line: _CommandLine, started: StartedProgram, files: Files) -> Iterator[Step]:
    gap = Gap(kind=EVERYTHING, reason="names applications in a way that only a run tells", path=path.strip("/"))
    try:
        listed = _listed(_content(path, files))
    except GateError as error:
        yield Gap(kind=EVERYTHING, reason=error.message, path=path.strip("/"))
        return
    if listed is None or len(listed) > _MAX_APPLICATIONS:
        yield gap
        return
    because = Because(path.strip("/"), "starts")
    for settings in listed:
        script = settings.get("script", settings.get("command")) if isinstance(settings, dict) else None
        if not isinstance(script, str) or UNKNOWN in script or SPREAD in settings:
            yield gap
        else:
            yield from _start(_application(script, settings, line, started), because, started, files)


def _content(path: str, files: Files) -> Any:
    text = files.text(path.strip("/"))
    if path.endswith("js"):
        return exported(text, posixpath.dirname(path))
    return parse(text, path.strip("/"))  # JSON, with the comments that pm2 allows, is YAML but for these


def _listed(content: Any) -> list[Any] | None:
    """Return the applications: `apps`, or `pm2`, with a list or one; a list by itself; one by itself."""
    if isinstance(content, dict):
        content = content.get("apps", content.get("pm2", content if "script" in content else None))
    if isinstance(content, dict):
        return [content]
    return content if isinstance(content, list) and UNKNOWN not in content else None


def _application(script: str, stated: Mapping[str, Any], line: _CommandLine, started: StartedProgram) -> _Application:
    only = line.options.get("--only", "").split(",")
    environment = dict(started.environment) | _variables(stated.get("env"))
    if "--env" in line.options:
        environment |= _variables(stated.get(f"env_{line.options['--env']}"))
    interpreter = stated.get("interpreter", stated.get("exec_interpreter", ""))
    options = stated.get("node_args", stated.get("interpreter_args", stated.get("interpreterArgs", "")))
    return _Application(
        script,
        _arguments(stated.get("args", "")),
        posixpath.join("/", started.folder, _text(stated.get("cwd", ""))),
        _text(interpreter),
        _arguments(options),
        tuple(sorted(environment.items())),
        only == [""] or stated.get("name") in only,
    )


def _variables(stated: Any) -> dict[str, str]:
    return {str(name): _text(value) for name, value in stated.items()} if isinstance(stated, dict) else {}


def _text(value: Any) -> str:
    return UNKNOWN if isinstance(value, dict | list) else str(value)


def _arguments(stated: Any) -> tuple[str, ...]:
    if isinstance(stated, list):
        return tuple(map(_text, stated))
    try:
        return tuple(shlex.split(_text(stated)))
    except ValueError:
        return (UNKNOWN,)


def _start(application: _Application, because: Because, started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the start of an application: a file of its folder, a program, or a command line for a shell."""
    caller = msgspec.structs.replace(
        started, folder=application.folder, environment=application.environment, because=because
    )
    step = _started(application, caller, because, files)
    if step is None:
        reason = f"starts {application.script[:80]!r}, which is not in the image"
        yield Gap(kind=EVERYTHING, reason=reason, path=because.path)
    else:
        yield msgspec.structs.replace(step, is_certain=application.is_certain)


def _started(
    application: _Application, caller: StartedProgram, because: Because, files: Files
) -> StartedProgram | None:
    script = application.script
    path = posixpath.normpath(posixpath.join("/", application.folder, script))
    if UNKNOWN in application.folder or UNKNOWN in application.interpreter:
        return None
    found = path if files.find(path) else None
    if found is None and any(sign in script for sign in " \t|&;"):
        return started_by(caller, ("/bin/sh", "-c", " ".join((script, *application.arguments))), because, files)
    found = found or program_at(script, caller, files)
    if found is None:
        return None
    interpreter = _interpreter(application, found, files)
    if interpreter is None:
        return starting(caller, found, application.arguments, because)
    words = (*application.options, found, *application.arguments)
    start = started_by(caller, (interpreter, *words), because, files)
    return start or started_by(caller, (f"{interpreter}3", *words), because, files)


def _interpreter(application: _Application, script: str, files: Files) -> str | None:
    """Return the program that runs a script; None for what is executed itself."""
    named = application.interpreter or _BY_ENDING.get(posixpath.splitext(script)[1], "")
    if named and named != "none":
        return named
    is_executed = named or any(files.starts_with(script, magic) for magic in (b"#!", MAGIC))
    return None if is_executed else "node"

"""nodemon: the command that its settings or its command line name (nodemon's documentation, "config files")."""

import posixpath
import shlex
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import msgspec

from gate.core.yaml import parse
from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
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

_NAMES = frozenset({"nodemon", "nodemon.js"})
_EXEC = ("-x", "--exec")
_VALUED = (*_EXEC, "-w", "--watch", "-e", "--ext", "-i", "--ignore", "-d", "--delay", "-s", "--signal", "--config")
_SETTINGS = "nodemon.json"
_MANIFEST = "package.json"
_BY_ENDING = {".ts": "ts-node", ".py": "python", ".rb": "ruby", ".pl": "perl", ".coffee": "coffee"}


class _Line(msgspec.Struct, frozen=True):
    """What the words behind nodemon's name say."""

    script: tuple[str, ...]
    """The script with its arguments; empty if there is none."""
    command: str | None
    settings: str | None


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of nodemon, by its name or as the script of Node.js."""
    return isinstance(reached, StartedProgram) and is_nodemon(reached)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the settings, and the command that is started, and started again."""
    assert isinstance(reached, StartedProgram)
    return errors_as_gaps(EVERYTHING, reached.program, _started(reached, files))


def _started(started: StartedProgram, files: Files) -> Iterator[Step]:
    line = _read(started.words_of(_NAMES) or ())
    stated: dict[str, Any] = {}
    for path, settings in _settings(line, started, files):
        yield Opened(path=path, because=Because(started.program, "reads"))
        stated = {**settings, **stated}
    command = _command(line, stated, _manifest(started, files))
    step = None
    if command is not None and UNKNOWN not in command:
        inside = with_commands_of_npm(started)
        step = started_by(inside, ("/bin/sh", "-c", command), Because(started.program, "starts"), files)
    if step is None:
        yield Gap(kind=EVERYTHING, reason="starts a command that its settings do not tell", path=started.program)
    else:
        yield step


def is_nodemon(started: StartedProgram) -> bool:
    """True for a start of nodemon, whose words are known."""
    return started.words_of(_NAMES) is not None


def _read(words: tuple[str, ...]) -> _Line:
    """Options of nodemon stand before the script, or, if there is none, anywhere."""
    stated = {before: word for before, word in pairwise(words) if before in _VALUED}
    stated |= dict(word.split("=", 1) for word in words if "=" in word and word.startswith("--"))
    place = next((place for place in range(len(words)) if _is_operand(words, place)), len(words))
    command = next((stated[name] for name in _EXEC if name in stated), None)
    return _Line(tuple(word for word in words[place:] if word != "--"), command, stated.get("--config"))


def _is_operand(words: tuple[str, ...], place: int) -> bool:
    is_value = place > 0 and words[place - 1] in _VALUED
    return not is_value and not words[place].startswith("-")


def _settings(line: _Line, started: StartedProgram, files: Files) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield path and content of the settings; the first that states a value counts."""
    home = started.variable("HOME") or "/root"
    places = [posixpath.join(started.folder, line.settings or _SETTINGS), f"{home}/{_SETTINGS}"]
    for place in places:
        path = posixpath.normpath(posixpath.join("/", place)).strip("/")
        if files.find(path):
            content = parse(files.text(path), path)
            yield path, content if isinstance(content, dict) else {}
    manifest = _manifest(started, files)
    if isinstance(manifest.get("nodemonConfig"), dict):
        yield posixpath.join(started.folder, _MANIFEST), manifest["nodemonConfig"]


def _manifest(started: StartedProgram, files: Files) -> Mapping[str, Any]:
    path = posixpath.join("/", started.folder, _MANIFEST).strip("/")
    content = parse(files.text(path), path) if files.find(path) else None
    return content if isinstance(content, dict) else {}


def _command(line: _Line, stated: Mapping[str, Any], manifest: Mapping[str, Any]) -> str | None:
    """Return the command line; None if it is not known."""
    script = line.script or _text(stated.get("script"))
    command = line.command or stated.get("exec")
    if command is None and not script:
        script = _text(manifest.get("main"))
        start = manifest.get("scripts", {})
        command = start.get("start") if not script and isinstance(start, dict) else None
    if command is None and script:
        ending = posixpath.splitext(script[0])[1]
        mapped = stated.get("execMap")
        command = (mapped.get(ending[1:]) if isinstance(mapped, dict) else None) or _BY_ENDING.get(ending, "node")
    return " ".join((command, *map(shlex.quote, script))) if isinstance(command, str) else None


def _text(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else ()


def with_commands_of_npm(started: StartedProgram) -> StartedProgram:
    """Return the caller of a command, which finds those of the working folder's packages."""
    path = f"{posixpath.join(started.folder, 'node_modules/.bin')}:{started.variable('PATH') or ''}"
    environment = {**dict(started.environment), "PATH": path}
    return msgspec.structs.replace(started, environment=tuple(sorted(environment.items())))

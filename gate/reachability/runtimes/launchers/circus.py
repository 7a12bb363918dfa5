"""What Circus starts by its settings (Circus documentation, "Configuration"): the commands of its watchers."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from fnmatch import filter as fitting

import msgspec

from gate.reachability.runtimes.launchers.ini_settings import sections_of
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, StartedProgram

_VARIABLE = re.compile(r"\$\((?:circus\.)?(?P<plain>[\w.]+)\)|\(\((?:circus\.)?(?P<double>[\w.]+)\)\)")
_WATCHER = "watcher:"
_NO = ("false", "no", "0", "f", "n")
_MAX_FILES = 200


class Watcher(msgspec.Struct, frozen=True):
    """A command that Circus keeps running."""

    command: str
    path: str
    """The settings that list it."""
    folder: str | None
    """Its working folder; None if it is that of Circus."""
    is_started: bool
    """False if only a user starts it."""
    environment: tuple[tuple[str, str], ...]
    """Variables that the settings add."""


def watchers(started: StartedProgram, files: Files) -> Iterator[Watcher]:
    """Yield the watchers of the settings that `circusd` is given, and of those that these include."""
    stated = [posixpath.join("/", started.folder, word) for word in started.arguments if not word.startswith("-")]
    given = [path for path in stated if posixpath.basename(path) != "circusd"]  # Python is given the script as well
    todo = [path.strip("/") for path in given if files.find(path)][:1]
    read = dict[str, Mapping[str, Mapping[str, str]]]()
    while todo and len(read) < _MAX_FILES:
        path = todo.pop(0)
        if path not in read:
            read[path] = sections_of(files.text(path), keeps_case=True)
            todo += _included(read[path].get("circus", {}), path, files)
    common = dict[str, str]()
    for settings in read.values():
        common.update(settings.get("env", {}))
    for path, settings in read.items():
        for title, section in settings.items():
            if title.startswith(_WATCHER) and section.get("cmd"):
                own = settings.get(f"env:{title.removeprefix(_WATCHER)}", {})
                yield _watcher(section, path, {**common, **own}, started)


def _included(section: Mapping[str, str], path: str, files: Files) -> Iterator[str]:
    patterns = section.get("include", "").split()
    patterns += [f"{folder}/*.ini" for folder in section.get("include_dir", "").split()]
    for pattern in patterns:
        folder, _, last = posixpath.join("/" + posixpath.dirname(path), pattern).rpartition("/")
        real = posixpath.normpath(folder).strip("/")
        yield from (f"{real}/{name}" for name in fitting(files.names(real), last))


def _watcher(section: Mapping[str, str], path: str, variables: Mapping[str, str], started: StartedProgram) -> Watcher:
    known = {**dict(started.environment), **variables}
    command = f"{section['cmd']} {section.get('args', '')}".strip()
    folder = section.get("working_dir")
    return Watcher(
        _expressed(command, known),
        path,
        None if folder is None else _expressed(folder, known),
        section.get("autostart", "true").lower() not in _NO,
        tuple((name, _expressed(value, known)) for name, value in variables.items()),
    )


def _expressed(text: str, known: Mapping[str, str]) -> str:
    """Replace `$(circus.env.NAME)`, also in the other form; other variables are known only at run time."""

    def value(found: re.Match[str]) -> str:
        name = found["plain"] or found["double"]
        return known.get(name.removeprefix("env."), UNKNOWN) if name.startswith("env.") else UNKNOWN

    return _VARIABLE.sub(value, text)

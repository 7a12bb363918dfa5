"""uWSGI: a server with an embedded Python, whose options and settings name what to load (uWSGI documentation)."""

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, Gap, Opened, Reached, StartedProgram, Step, opened

_PROGRAM = re.compile(r"uwsgi(?:[-_]\w+)*")
_SETTINGS = re.compile(r".*\.(?:ini|yml|yaml)")
_LINE = re.compile(r"^[ \t]*([a-z][\w-]*)[ \t]*[=:][ \t]*(.*?)[ \t]*$", re.MULTILINE)
_SHORT = {"-w": "module", "-H": "home"}
_LONG = {
    "wsgi": "module",
    "virtualenv": "home",
    "venv": "home",
    "pyhome": "home",
    "plugin": "plugins",
    "pp": "pythonpath",
}
"""Other names of options."""
_PLUG_INS = ("usr/lib/uwsgi/plugins", "usr/lib/uwsgi", "usr/lib64/uwsgi")


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of uWSGI."""
    return isinstance(reached, StartedProgram) and _PROGRAM.fullmatch(posixpath.basename(reached.called)) is not None


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield its settings and plug-ins, and the start of Python with the application."""
    assert isinstance(reached, StartedProgram)
    options: dict[str, list[str]] = {}
    because = Because(reached.program, "reads")
    for name, value in _options(reached.arguments):
        options.setdefault(name, []).append(value)
        path = posixpath.join("/", reached.folder, value)
        if _SETTINGS.fullmatch(value) and files.find(path):
            yield Opened(path=path, because=because)
            for key, text in _LINE.findall(files.text(path)):
                options.setdefault(_LONG.get(key, key), []).append(text)
    yield from _plug_ins(options, reached, files)
    yield from _application(options, reached, files)


def _options(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield names and values; a word without a name before it is a settings file."""
    for word, following in pairwise((*words, "")):
        name, equals, value = word.partition("=")
        if name.startswith("-"):
            long = name.lstrip("-")
            yield _SHORT.get(name, _LONG.get(long, long)), value if equals else following
        elif _SETTINGS.fullmatch(word):
            yield "ini", word


def _plug_ins(options: dict[str, list[str]], started: StartedProgram, files: Files) -> Iterator[Step]:
    names = [name.strip() for text in options.get("plugins", ()) for name in text.split(",")]
    paths = (f"{folder}/{name}_plugin.so" for folder in _PLUG_INS for name in names if name)
    yield from opened(paths, Because(started.program, "loads the plug-in"))


def _application(options: dict[str, list[str]], started: StartedProgram, files: Files) -> Iterator[Step]:
    because = Because(started.program, "runs Python with")
    folder = posixpath.join("/", started.folder, *options.get("chdir", ())[-1:])
    home = posixpath.join("/", started.folder, *options.get("home", ())[-1:]) if "home" in options else None
    paths = [started.variable("PYTHONPATH") or "", *options.get("pythonpath", ())]
    environment = dict(started.environment) | {"PYTHONPATH": ":".join(filter(None, paths))}
    caller = msgspec.structs.replace(started, folder=folder, environment=tuple(sorted(environment.items())))
    modules = [("-m", module.partition(":")[0]) for module in options.get("module", ())[-1:]]
    scripts = [(posixpath.join(folder, path),) for path in (*options.get("wsgi-file", ()), *options.get("file", ()))]
    # Without `home`, the interpreter in uWSGI's own folder is that of its virtual environment.
    own_folder = posixpath.dirname(started.called)
    programs = [f"{home}/bin/python3" if home else f"{own_folder}/python3", "python3", "python"]
    for words in (*modules, *scripts):
        found = (started_by(caller, (program, *words), because, files) for program in programs)
        start = next((one for one in found if one is not None), None)
        is_known = not any(UNKNOWN in word or "%(" in word for word in words)
        if start is None or not is_known:
            yield Gap(kind="PyPI", reason="which application uWSGI runs is not known", path=started.program)
        else:
            yield start

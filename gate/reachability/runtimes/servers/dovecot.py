"""Dovecot: the services that its master starts from a folder of its own (Dovecot documentation, "Service settings").

Which ones is decided by `protocols`; those that hold the server together always run.
"""

import fnmatch
import posixpath
import re
from collections.abc import Iterator

from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened, Reached, StartedProgram, Step, opened

_SETTINGS = "/etc/dovecot/dovecot.conf"
_FOLDERS = ("/usr/lib/dovecot", "/usr/libexec/dovecot", "/usr/local/libexec/dovecot")
_READER = "doveconf"
"""The program that reads the settings; the master executes it, and it executes the master again."""
_ALWAYS = ("anvil", "log", "config", "stats", "auth")
_LOADED = ("settings", "auth")
"""Folders below `modules` of which every library is loaded: by what reads the settings, and by `auth`."""
_INCLUDE = re.compile(r"^[ \t]*!include(?:_try)?[ \t]+(\S+)", re.MULTILINE)
_PROTOCOLS = re.compile(r"^[ \t]*protocols[ \t]*=[ \t]*([^\n#]*)", re.MULTILINE)
_EXECUTABLE = re.compile(r"^[ \t]*executable[ \t]*=[ \t]*([^\n#]+)", re.MULTILINE)
_MAX_FILES = 200


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of Dovecot's master."""
    return isinstance(reached, StartedProgram) and posixpath.basename(reached.program) == "dovecot"


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the settings and the services."""
    assert isinstance(reached, StartedProgram)
    folder = next((each for each in _FOLDERS if files.find(f"{each}/{_ALWAYS[0]}")), None)
    if folder is None:
        return
    texts: list[str] = []
    for path in _settings(reached, files):
        yield Opened(path=path, because=Because(reached.program, "reads"))
        texts.append(files.text(path))
    text = "\n".join(texts)
    beside = posixpath.join("/", posixpath.dirname(reached.program), "../bin", _READER)
    commands: list[tuple[str, ...]] = [
        (posixpath.normpath(beside),),
        *((name,) for name in (*_ALWAYS, *_of_protocols(text))),
    ]
    commands += [tuple(found.split()) for found in _EXECUTABLE.findall(text) if found.split()]
    for program, *words in commands:
        command = (posixpath.join(folder, program), *words)
        started = started_by(reached, command, Because(reached.program, "starts the service"), files)
        if started is not None:
            yield started
    below = [f"{folder}/modules/{each}" for each in _LOADED]
    libraries = (f"{each}/{name}" for each in below for name in files.names(each) if name.endswith(".so"))
    yield from opened(libraries, Because(reached.program, "loads"))


def _settings(started: StartedProgram, files: Files) -> list[str]:
    """Return the settings and what they include."""
    words = started.arguments
    stated = next((words[place + 1] for place, word in enumerate(words[:-1]) if word == "-c"), _SETTINGS)
    todo, found = [posixpath.join("/", started.folder, stated)], dict[str, None]()
    while todo and len(found) < _MAX_FILES:
        entry = files.find(todo.pop(0))
        if entry is None or entry.path in found:
            continue
        found[entry.path] = None
        for pattern in _INCLUDE.findall(files.text(entry.path)):
            folder, name = posixpath.split(posixpath.join("/", posixpath.dirname(entry.path), pattern))
            todo += [f"{folder}/{each}" for each in fnmatch.filter(files.names(folder), name)]
    return list(found)


def _of_protocols(text: str) -> Iterator[str]:
    """Yield the services of each protocol: that which takes the connection, and that of a user who has logged in."""
    for stated in _PROTOCOLS.findall(text):
        for name in stated.split():
            yield from (f"{name}-login", name)

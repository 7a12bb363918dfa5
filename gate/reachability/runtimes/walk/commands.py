"""Looking up programs by name, as execvp(3) does."""

import posixpath

import msgspec

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, StartedProgram

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH that container engines set if the image sets none."""
_EXECUTABLE = 0o111


def program_at(name: str, caller: StartedProgram, files: Files) -> str | None:
    """Return the path (links not resolved) of the program that `caller` starts as `name`; None if there is none."""
    if not name or UNKNOWN in name:
        return None
    if "/" in name:
        path = posixpath.normpath(posixpath.join("/", caller.folder, name))
        return path if files.find(path) else None
    for folder in (caller.variable("PATH") or DEFAULT_PATH).split(":"):
        path = posixpath.join("/", caller.folder, folder, name)
        entry = files.find(path)
        if entry is not None and entry.mode & _EXECUTABLE:
            return path
    return None


def started_by(caller: StartedProgram, words: tuple[str, ...], because: Because, files: Files) -> StartedProgram | None:
    """Return the start of the command `words`, inheriting from `caller`; None if there is no such program."""
    program = program_at(words[0], caller, files) if words else None
    return None if program is None else starting(caller, program, words[1:], because)


def starting(caller: StartedProgram, program: str, arguments: tuple[str, ...], because: Because) -> StartedProgram:
    """Return the start of `program` with the folder and environment of `caller`."""
    return msgspec.structs.replace(
        caller, program=program, called="", arguments=arguments, because=because, is_certain=True
    )

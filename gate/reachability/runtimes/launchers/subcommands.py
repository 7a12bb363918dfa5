"""Commands that are programs of their own: `jupyter server` starts `jupyter-server`, as git, cargo and kubectl do.

That a script does so is taken for certain where the program is on the search path; that a compiled program does only
for possible, as its first word may be anything else, too. A front end starts the program that it is one for. `mount`
starts that of a file system in a program (FUSE): `mount -t fuse.s3fs` and `mount s3fs#bucket` s3fs (mount.fuse3(8)).
"""

import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from gate.reachability.runtimes.launchers.wrapped import is_wrapper
from gate.reachability.runtimes.walk.commands import program_at, starting
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, UNKNOWN, Because, Gap, Reached, StartedProgram, Step

_COMMAND = re.compile(r"[A-Za-z][\w-]{1,40}")
_MAX_WORDS = 5
"""Words among which the command may stand: a program's own options are before it."""
_SCRIPT = b"#!"
_FRONT_ENDS = {"borgmatic": "borg", "resticprofile": "restic", "duply": "duplicity"}
"""By name: the program that it starts for its commands, unless settings name another (borgmatic's `local_path`)."""
_OF_FUSE = re.compile(rf"(?:fuse(?:blk)?\.)(?P<type>[\w.+{UNKNOWN}-]+)|(?P<source>[\w.+{UNKNOWN}-]+)#.*", re.DOTALL)
_MOUNTING = ("mount", "mount.fuse", "mount.fuse3")


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a front end, or of a program with a word that another program has at its end."""
    if not isinstance(reached, StartedProgram) or is_wrapper(reached):
        return False
    return reached.name in (*_FRONT_ENDS, *_MOUNTING) or bool(_found(reached, files))


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the start of each such program; the first one of a script is certain."""
    assert isinstance(reached, StartedProgram)
    if reached.name in _MOUNTING:
        yield from _mounted(reached, files)
    behind = program_at(_FRONT_ENDS.get(reached.name, ""), reached, files)
    if behind is not None:
        yield starting(reached, behind, (), Because(reached.program, "starts"))
    because = Because(reached.program, "starts as its command")
    is_script = files.starts_with(reached.program, _SCRIPT)
    for number, (place, program) in enumerate(_found(reached, files)):
        started = starting(reached, program, reached.arguments[place + 1 :], because)
        is_certain = reached.is_certain and is_script and number == 0
        yield msgspec.structs.replace(started, is_certain=is_certain)


def fuse_program(word: str) -> str | None:
    """Return the program of a file system that a word of `mount` or `/etc/fstab` names; None if it names none."""
    found = _OF_FUSE.fullmatch(word)
    return None if found is None else found["type"] or found["source"]


def _found(reached: StartedProgram, files: Files) -> list[tuple[int, str]]:
    """Return the places of such words, each with its program."""
    found = []
    for place, word in enumerate(islice(reached.arguments, _MAX_WORDS)):
        program = program_at(f"{reached.name}-{word}", reached, files) if _COMMAND.fullmatch(word) else None
        if program is not None:
            found.append((place, program))
    return found


def _mounted(reached: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the program of each file system among the words of `mount`."""
    for name in filter(None, map(fuse_program, reached.arguments)):
        program = program_at(name, reached, files)
        if program is not None:
            yield starting(reached, program, reached.arguments, Because(reached.program, "mounts by"))
        elif UNKNOWN in name:
            reason = "mounts by a program that is known only at run time"
            yield Gap(kind=EVERYTHING, reason=reason, path=reached.program)

"""Programs that do nothing but start the command behind their options: tini, gosu, env, nice and their like."""

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from gate.images.in_use.commands import started_by
from gate.images.in_use.files import Files
from gate.images.in_use.graph import EVERYTHING, UNKNOWN, Because, Gap, Reached, Started, Step


class _Wrapper(msgspec.Struct, frozen=True):
    valued: tuple[str, ...] = ()
    """Options that take the next word as their value."""
    operands: int = 0
    """Words between the options and the command: a user, a duration."""


_WRAPPERS = {
    "tini": _Wrapper(("-p", "-e")),
    "tini-static": _Wrapper(("-p", "-e")),
    "docker-init": _Wrapper(("-p", "-e")),
    "catatonit": _Wrapper(),
    "dumb-init": _Wrapper(("-r", "--rewrite")),
    "gosu": _Wrapper(operands=1),
    "su-exec": _Wrapper(operands=1),
    "env": _Wrapper(("-u", "--unset", "-C", "--chdir")),
    "nice": _Wrapper(("-n",)),
    "ionice": _Wrapper(("-c", "-n")),
    "nohup": _Wrapper(),
    "setsid": _Wrapper(),
    "stdbuf": _Wrapper(("-i", "-o", "-e")),
    "timeout": _Wrapper(("-k", "-s"), operands=1),
    "time": _Wrapper(("-f", "-o")),
    "xargs": _Wrapper(("-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s")),
    "sudo": _Wrapper(("-C", "-g", "-h", "-p", "-u", "-U", "-D", "-R", "-T")),
    "setpriv": _Wrapper(("--reuid", "--regid", "--groups", "--inh-caps", "--bounding-set")),
    "chroot": _Wrapper(operands=1),
    "chpst": _Wrapper(("-u", "-U", "-b", "-e", "-n", "-l", "-L", "-m", "-d", "-o", "-p", "-f", "-c")),
    "flock": _Wrapper(("-w", "-E"), operands=1),
    "strace": _Wrapper(("-e", "-o", "-s")),
    "eatmydata": _Wrapper(),
    "with-contenv": _Wrapper(),
    "s6-setuidgid": _Wrapper(operands=1),
    "aws-lambda-rie": _Wrapper(),
    "start-stop-daemon": _Wrapper(("--user", "--pidfile", "-u", "-p", "--chuid", "-c")),
}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a program in the table."""
    return isinstance(reached, Started) and _name(reached) in (*_WRAPPERS, "su", "runuser")


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the start of the command."""
    assert isinstance(reached, Started)
    name = _name(reached)
    because = Because(reached.program, "starts")
    words = _script_of_su(reached.arguments) if name in ("su", "runuser") else ()
    words = words or _behind(reached.arguments, _WRAPPERS.get(name, _Wrapper(("-g", "-G", "-s"), operands=1)))
    if not words:
        return
    started = started_by(reached, words, because, files)
    if started is not None:
        yield started
    elif UNKNOWN in words[0]:
        yield Gap(kind=EVERYTHING, reason="starts a program that only a run would tell", path=reached.program)


def _name(started: Started) -> str:
    return posixpath.basename(started.called or started.program)


def _script_of_su(arguments: tuple[str, ...]) -> tuple[str, ...]:
    for option, value in pairwise(arguments):
        if option in ("-c", "--command"):
            return ("/bin/sh", "-c", value)
    return ()


def _behind(arguments: tuple[str, ...], wrapper: _Wrapper) -> tuple[str, ...]:
    """Return the command behind options, assignments and operands."""
    place = 0
    while place < len(arguments):
        word = arguments[place]
        if word == "--":
            place += 1
            break
        if word in wrapper.valued:
            place += 1
        elif not word.startswith("-") and not _ASSIGNMENT.match(word):
            break
        place += 1
    return arguments[place + wrapper.operands :]

"""Programs that do nothing but start the command behind their options."""

from collections.abc import Iterator
from itertools import pairwise

from gate.dockerfile.wrappers import OF_USERS, WRAPPERS, behind_wrapper
from gate.reachability.runtimes.commands import started_by
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import EVERYTHING, UNKNOWN, Because, Gap, Reached, StartedProgram, Step


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a wrapper."""
    return isinstance(reached, StartedProgram) and reached.name in WRAPPERS


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the start of the command."""
    assert isinstance(reached, StartedProgram)
    because = Because(reached.program, "starts")
    words = _script_of_su(reached.arguments) if reached.name in OF_USERS else ()
    words = words or _behind(reached.name, reached.arguments)
    if not words:
        return
    started = started_by(reached, words, because, files)
    if started is not None:
        yield started
    elif UNKNOWN in words[0]:
        yield Gap(kind=EVERYTHING, reason="starts a program that is known only at run time", path=reached.program)


def _behind(name: str, arguments: tuple[str, ...]) -> tuple[str, ...]:
    words = (name, *arguments)
    return words[behind_wrapper(words) :]


def _script_of_su(arguments: tuple[str, ...]) -> tuple[str, ...]:
    for option, value in pairwise(arguments):
        if option in ("-c", "--command"):
            return ("/bin/sh", "-c", value)
    return ()

"""Programs that do nothing but start the command behind their options, or the commands in them."""

from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.launchers.execline_words import SHAPES
from gate.reachability.runtimes.launchers.wrapped import commands_of, is_wrapper, without_user
from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import given_to_wrapper
from gate.reachability.runtimes.walk.graph import EVERYTHING, UNKNOWN, Because, Gap, Reached, StartedProgram, Step


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a wrapper, but for execline's programs, all of whose words are known."""
    return isinstance(reached, StartedProgram) and reached.name not in SHAPES and is_wrapper(reached)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the start of each command; where it may begin elsewhere than it seems, what else the words name."""
    assert isinstance(reached, StartedProgram)
    because = Because(reached.program, "starts")
    for command in commands_of(reached, files):
        caller = command.caller or reached
        started = started_by(caller, command.words, because, files)
        if started is not None:
            yield msgspec.structs.replace(started, called=command.called)
        elif command.words and UNKNOWN in command.words[0]:
            yield Gap(kind=EVERYTHING, reason="starts a program that is known only at run time", path=reached.program)
    # An option that the tables do not have may take a word: then the command begins behind it.
    yield from given_to_wrapper(reached, without_user(reached), Because(reached.program, "is given"), files)

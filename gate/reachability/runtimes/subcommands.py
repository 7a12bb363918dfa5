"""Commands that are programs of their own: `jupyter server` starts `jupyter-server`, as git, cargo and kubectl do.

That a script does so is taken for certain where the program is on the search path; that a compiled program does only
for possible, as its first word may be anything else, too.
"""

import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from gate.reachability.runtimes.commands import program_at, starting
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import Because, Reached, StartedProgram, Step
from gate.reachability.runtimes.wrapped import is_wrapper

_COMMAND = re.compile(r"[A-Za-z][\w-]{1,40}")
_MAX_WORDS = 5
"""Words among which the command may stand: a program's own options are before it."""
_SCRIPT = b"#!"


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a program with a word that another program has at its end."""
    return isinstance(reached, StartedProgram) and not is_wrapper(reached) and bool(_found(reached, files))


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the start of each such program; the first one of a script is certain."""
    assert isinstance(reached, StartedProgram)
    because = Because(reached.program, "starts as its command")
    is_script = files.starts_with(reached.program, _SCRIPT)
    for number, (place, program) in enumerate(_found(reached, files)):
        started = starting(reached, program, reached.arguments[place + 1 :], because)
        is_certain = reached.is_certain and is_script and number == 0
        yield msgspec.structs.replace(started, is_certain=is_certain)


def _found(reached: StartedProgram, files: Files) -> list[tuple[int, str]]:
    """Return the places of such words, each with its program."""
    found = []
    for place, word in enumerate(islice(reached.arguments, _MAX_WORDS)):
        program = program_at(f"{reached.name}-{word}", reached, files) if _COMMAND.fullmatch(word) else None
        if program is not None:
            found.append((place, program))
    return found

"""Shells and interpreters that are certainly started without a script: they run what comes from the container's input.

Where a shell's script feeds them a text that is known, they are given that (`ShellRun`), and are none of these.
"""

from collections.abc import Iterator

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, Gap, Reached, StartedProgram, Step
from gate.reachability.runtimes.walk.standard_input import runs_its_input

_CLIENTS = frozenset({"psql", "sqlite3"})
"""Programs that run SQL, which starts a program only if its text asks for that."""
_WITHOUT_INPUT = frozenset({"-v", "-V", "-h", "--version", "--help", "-help", "--test"})
"""Words for which a program tells of itself and ends, or runs the tests that it finds (Node.js)."""


def takes(reached: Reached, files: Files) -> bool:
    """True for such a start."""
    if not isinstance(reached, StartedProgram) or not reached.is_certain or reached.name in _CLIENTS:
        return False
    return _WITHOUT_INPUT.isdisjoint(reached.arguments) and runs_its_input((reached.name, *reached.arguments))


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the gap."""
    yield Gap(kind=EVERYTHING, reason="reads commands from its input", path=reached.path)

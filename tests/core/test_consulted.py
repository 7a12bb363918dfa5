"""What a worker notes of what it looks at."""

import subprocess
import sys

from gate.core.consulted import TOO_MUCH
from gate.pipeline.broker_answers import CHECKED_AGAIN, SAME_AGAIN

BEYOND = """
from gate.core import consulted
consulted.MOST = 2
consulted.begin()
consulted.note_path("a"); consulted.note_path("b"); consulted.note_path("a")
first = consulted.newly_noted()
consulted.note_path("b"); consulted.note_path("c")
second = consulted.newly_noted()
print(sorted(first.paths), first.calls, second.paths, second.calls == (consulted.TOO_MUCH,))
"""
PROGRAM = """
from gate.core import consulted
consulted.note_path("before")
consulted.begin()
consulted.note_path("a"); consulted.note_path("b"); consulted.note_call("git")
first = consulted.newly_noted()
consulted.note_path("a"); consulted.note_path("c"); consulted.note_call("git"); consulted.note_call("file")
second = consulted.newly_noted()
print(sorted(first.paths), first.calls, second.paths, second.calls)
"""


def said_by(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout


def test_what_is_not_noted_any_more_keeps_results_from_being_kept() -> None:
    assert said_by(BEYOND) == "['a', 'b'] () () True\n"
    assert TOO_MUCH not in SAME_AGAIN | CHECKED_AGAIN.keys()


def test_each_thing_is_told_once_and_nothing_from_before() -> None:
    """A process keeps what it has read, so it does not forget what it has looked at; it runs apart from this one."""
    said = said_by(PROGRAM)
    assert said == "['a', 'b'] ('git',) ('c',) ('file',)\n"

"""What a worker notes of what it looks at."""

import subprocess
import sys

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


def test_each_thing_is_told_once_and_nothing_from_before() -> None:
    """A process keeps what it has read, so it does not forget what it has looked at; it runs apart from this one."""
    said = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True).stdout
    assert said == "['a', 'b'] ('git',) ('c',) ('file',)\n"

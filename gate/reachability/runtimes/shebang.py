"""Scripts that name their interpreter in the first line (execve(2), "Interpreter scripts"; env(1))."""

import posixpath
import shlex
from collections.abc import Iterator
from itertools import dropwhile

from gate.reachability.runtimes.commands import program_at, starting
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import SYSTEM, Because, Gap, Opened, Reached, StartedProgram, Step

_MAX_LINE = 256
"""Bytes of the line that Linux reads."""


def takes(reached: Reached, files: Files) -> bool:
    """True for a program that is a script."""
    return isinstance(reached, StartedProgram) and files.starts_with(reached.program, b"#!")


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the interpreter's start, with the script among its arguments."""
    assert isinstance(reached, StartedProgram)
    line = files.read(reached.program)[:_MAX_LINE].split(b"\n")[0].decode("utf-8", "replace")
    words = line[2:].strip().split(None, 1)
    yield from _interpreter(words, reached, files)


def _interpreter(words: list[str], script: StartedProgram, files: Files) -> Iterator[Step]:
    if not words:
        return
    because = Because(script.program, "is run by", 1)
    if posixpath.basename(words[0]) == "env" and len(words) > 1:
        yield Opened(path=words[0], because=because)
        words = _behind_env(words[1])
    program = program_at(words[0], script, files) if words else None
    if program is None:
        yield Gap(kind=SYSTEM, reason="its interpreter is not in the image", path=script.program, line=1)
        return
    arguments = (*words[1:], "/" + script.program.strip("/"), *script.arguments)
    yield starting(script, program, arguments, because)


def _behind_env(argument: str) -> list[str]:
    """Return the command in env's one argument: a name, or with `-S` words."""
    if argument.startswith("-S"):
        argument = argument.removeprefix("-S")
    elif argument.startswith("--split-string="):
        argument = argument.removeprefix("--split-string=")
    try:
        words = shlex.split(argument)
    except ValueError:
        words = argument.split()
    return list(dropwhile(lambda word: "=" in word or word.startswith("-"), words))

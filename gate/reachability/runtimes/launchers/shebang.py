"""Scripts that name their interpreter in the first line (execve(2), "Interpreter scripts"; env(1))."""

import posixpath
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.launchers.wrapped import env_command
from gate.reachability.runtimes.walk.commands import program_at, starting
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import SYSTEM, Because, Gap, Opened, Reached, StartedProgram, Step
from gate.trees.memo import Analysis

_SHELL = "/bin/sh"
_MAX_LINE = 256
"""Bytes of the line that Linux reads."""


def takes(reached: Reached, files: Files) -> bool:
    """True for a program that is a script."""
    if not isinstance(reached, StartedProgram):
        return False
    return files.starts_with(reached.program, b"#!") or _is_bare(reached.program, files)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the interpreter's start, with the script among its arguments."""
    assert isinstance(reached, StartedProgram)
    line = files.analysed(reached.program, Analysis("first line", str, _first_line))
    words = line[2:].strip().split(None, 1) if line.startswith("#!") else [_SHELL]
    yield from _interpreter(words, reached, files)


def _first_line(content: bytes) -> str:
    return content[:_MAX_LINE].split(b"\n")[0].decode("utf-8", "replace")


def _is_bare(path: str, files: Files) -> bool:
    """True for a text without such a line, which shells and execvp(3) have run by a shell (POSIX, "execvp")."""
    analysis = Analysis("is a text to run", bool, _is_text)
    is_text = files.cached((_is_bare, path), lambda: files.analysed(path, analysis))
    return is_text and files.find(_SHELL) is not None


def _is_text(content: bytes) -> bool:
    head = content[:_MAX_LINE]
    return bool(head.strip()) and b"\0" not in head and not head.startswith(b"#!")


def _interpreter(words: list[str], script: StartedProgram, files: Files) -> Iterator[Step]:
    if not words:
        return
    because = Because(script.program, "is run by", 1)
    arguments, caller = (*words[1:], _as_called(script, files), *script.arguments), script
    if posixpath.basename(words[0]) == "env" and len(words) > 1:
        yield Opened(path=words[0], because=because)
        command = env_command(msgspec.structs.replace(script, arguments=_for_env(words[1], arguments[1:])))
        arguments, caller = command.words[1:], command.caller or script
        words = list(command.words[:1])
    program = program_at(words[0], caller, files) if words else None
    if program is None:
        if words and words[0].startswith("/") and not script.is_certain:
            return  # nothing can run what a word or a text names (execve(2), ENOENT)
        yield Gap(kind=SYSTEM, reason="its interpreter is not in the image", path=script.program, line=1)
        return
    yield starting(caller, program, arguments, because)


def _as_called(script: StartedProgram, files: Files) -> str:
    """Return the script's path as its interpreter gets it: links are not resolved."""
    entry = files.find(script.called) if script.called.startswith("/") else None
    is_same = entry is not None and entry.path == script.program.strip("/")
    return script.called if is_same else "/" + script.program.strip("/")


def _for_env(argument: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that env gets from a first line; without `-S` it would take them for one name."""
    return (argument, *others) if argument.startswith("-") else ("-S", argument, *others)

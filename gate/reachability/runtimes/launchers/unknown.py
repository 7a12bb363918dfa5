"""Programs of which it is not known what they do with their words: they may start what they are given."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import cast

import msgspec

from gate.reachability.runtimes import ANALYSERS
from gate.reachability.runtimes.compiled.elf import starts_nothing, starts_programs
from gate.reachability.runtimes.launchers.data_words import without_data
from gate.reachability.runtimes.launchers.option_commands import starts_no_word
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import commands_among, given, is_plain, of_environment, runs_commands
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    UNKNOWN,
    Analyser,
    Because,
    Gap,
    Reached,
    StartedProgram,
    Step,
)

_KNOWN = frozenset({"shell", "shebang", "launchers", "wrappers", "execline", "make", "code", "erlang", "R"})
"""Analysers that know what becomes of each word; all others follow what a program itself opens."""


@cache
def _known() -> tuple[Analyser, ...]:
    return tuple(cast(Analyser, import_module(ANALYSERS[name])) for name in sorted(_KNOWN & ANALYSERS.keys()))


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a program that no analyser knows the words of."""
    if not isinstance(reached, StartedProgram) or is_plain(reached):
        return False
    return not any(analyser.takes(reached, files) for analyser in _known())


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield what the words and variables name; the command among the words, if the program starts any, is certain."""
    assert isinstance(reached, StartedProgram)
    yield from followed(reached, reached.arguments, files)


def _path(step: StartedProgram, files: Files) -> str:
    entry = files.find(step.program)
    return entry.path if entry else step.program


def followed(started: StartedProgram, words: tuple[str, ...], files: Files) -> Iterator[Step]:
    """Yield what a program that may start anything leads to by the words that it is given, and by its variables."""
    because = Because(started.program, "is given")
    if runs_commands(started):
        yield Gap(kind=EVERYTHING, reason="is given a script that may start programs", path=started.program)
    words = without_data(started.name, words)
    if starts_no_word(started, words):
        yield from given(started, words, because, files)
        yield from of_environment(started, files)
        return
    steps = list(given(started, words, because, files))
    commands = [
        step for step in commands_among(started, words, because, files) if _path(step, files) != started.program
    ]
    scripts = [step for step in steps if isinstance(step, StartedProgram) and step.arguments[:1] != ("-m",)]
    others = [step for step in scripts if not is_plain(step) and _path(step, files) != started.program]
    may_start = starts_programs(started.program, files)
    if commands and may_start:
        steps.append(msgspec.structs.replace(commands[0], is_certain=True))
    yield from steps
    yield from of_environment(started, files)
    if others and not starts_nothing(_path(started, files), files):
        reason = f"is given {others[0].name}, and what else it starts is not known"
        yield Gap(kind=EVERYTHING, reason=reason, path=started.program)
    elif may_start and any(word == UNKNOWN for word in words):
        yield Gap(kind=EVERYTHING, reason="is given a word that is known only at run time", path=started.program)

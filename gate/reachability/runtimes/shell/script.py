"""Shell scripts: the commands that they run (POSIX, XCU chapter 2; bash(1))."""

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from gate.reachability.runtimes.languages.elixir import launched_by_elixir
from gate.reachability.runtimes.languages.r import launched_by_r
from gate.reachability.runtimes.languages.spark import launched_by_spark
from gate.reachability.runtimes.shell.builtins import BUILTINS
from gate.reachability.runtimes.shell.known_scripts import programs_of_script
from gate.reachability.runtimes.shell.outputs import output_of
from gate.reachability.runtimes.shell.paths import Effects, PathTests, Written
from gate.reachability.runtimes.shell.run import Programs, ShellRun, TooLongError
from gate.reachability.runtimes.shell.state import ShellState
from gate.reachability.runtimes.shell.values import is_known
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
)

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh", "rbash"})
_PROGRAMS = Programs(BUILTINS, output_of)
_SETTINGS = ("--rcfile", "--init-file")
_FUNCTION = re.compile(r"BASH_FUNC_(.+)(?:%%|\(\))")
"""A variable that hands a function on to shells below (bash(1), "Functions")."""
_MAX_PASSES = 4
"""Times that a script is run, each with the files that it was seen to write before."""
_EVERYTHING_CHANGES = Effects(Written({UNKNOWN}), Written({UNKNOWN}), is_installing=True)


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a shell, busybox's included."""
    return isinstance(reached, StartedProgram) and reached.name in _SHELLS


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield what the shell's script, or the command given to it, runs."""
    assert isinstance(reached, StartedProgram)
    is_inline, words = _operands(reached.arguments)
    if not words:  # it reads commands from its input, a login shell its profiles before
        yield from _followed(reached, reached.program, "", (), files)
        return
    path = reached.program
    if not is_inline:
        path = posixpath.join("/", reached.folder, words[0])
        if UNKNOWN in path or files.find(path) is None:
            if UNKNOWN in path or reached.is_certain:
                yield Gap(kind=EVERYTHING, reason="runs a script that is known only at run time", path=reached.program)
            return
        yield Opened(path=path, because=Because(reached.program, "runs"))
    text = words[0] if is_inline else files.text(path)
    arguments = words[1:] if is_inline else words
    known = None if is_inline else programs_of_script(reached, path, words[1:], files)
    launched = None if is_inline else _launched(reached, path, words[1:], files)
    machines = {one.program for one in launched or ()}
    for step in _followed(reached, path, text, arguments, files):
        if isinstance(step, Gap):
            yield from [step] if known is None and launched is None else ()
        elif launched is None or not (step.path in machines or _has_unknown_words(step)):
            yield step
    yield from (*(known or ()), *(launched or ()))


def _has_unknown_words(step: Reached) -> bool:
    """True for a start with words that only a run would tell: a launcher's need variables that only a user sets."""
    return isinstance(step, StartedProgram) and any(UNKNOWN in word for word in step.arguments)


def _launched(shell: StartedProgram, path: str, words: tuple[str, ...], files: Files) -> list[StartedProgram] | None:
    """Return the start of the machine of a language by a script that is known to do only that."""
    launchers = (launched_by_elixir, launched_by_r, launched_by_spark)
    return next((found for launched in launchers if (found := launched(shell, path, words, files))), None)


def _operands(arguments: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    """Return whether the first word behind the options is a script's text, and the words."""
    place, is_inline = 0, False
    while place < len(arguments) and arguments[place][:1] in ("-", "+") and arguments[place] not in ("-", "--"):
        option = arguments[place]
        is_inline = is_inline or (option[0] == "-" and not option.startswith("--") and "c" in option)
        place += 2 if option in ("-o", "+o", "-O", *_SETTINGS) else 1
    place += place < len(arguments) and arguments[place] in ("-", "--")
    return is_inline, arguments[place:]


def _followed(shell: StartedProgram, path: str, text: str, arguments: tuple[str, ...], files: Files) -> Iterator[Step]:
    """Yield the steps of a script; it is run again as long as it turns out to write further files.

    A test that was decided from the image's tree may be another one behind a command that writes the file.
    """
    effects = Effects()
    for turn in range(_MAX_PASSES):
        run = ShellRun(shell, path, (*arguments, shell.name)[0], files, PathTests(files, shell, effects), _PROGRAMS)
        _run_all(run, text, arguments)
        seen = Effects(
            Written(effects.written | run.written),
            Written(effects.redirected | run.redirected),
            effects.made | run.made,
            effects.is_installing or run.is_installing,
            effects.is_removing or run.is_removing,
        )
        if not run.tests.would_differ(seen):
            break
        effects = seen if turn < _MAX_PASSES - 2 else _EVERYTHING_CHANGES
    yield from run.steps


def _run_all(run: ShellRun, text: str, arguments: tuple[str, ...]) -> None:
    """Run the profiles, the script and its traps."""
    state = ShellState(dict(run.shell.environment), arguments[1:], run.shell.folder or "/")
    try:
        states = [state]
        for name, value in run.shell.environment:
            if (function := _FUNCTION.fullmatch(name)) and value.startswith("() {"):
                states = run.run_text(f"{function[1]} {value}", states)
        for path in _profiles(run.shell):
            states = [each for one in states for each in _source(run, path, one)]
        _run_traps(run, run.run_text(text, states))
    except TooLongError:
        run.add_gap("runs more commands than are followed")


def _source(run: ShellRun, path: str, state: ShellState) -> list[ShellState]:
    if run.files.find(path) is None:
        return [state]
    run.add_opened(path, "sources", state)
    return run.sourced(path, state, ())


def _profiles(shell: StartedProgram) -> Iterator[str]:
    """Yield what a shell reads apart from its script: a login shell its profiles, an interactive one its settings.

    Bash also reads the file of BASH_ENV.
    """
    home = shell.variable("HOME") or "/root"
    is_bash = shell.name == "bash"
    for option, following in pairwise((*shell.arguments, "")):
        if option == "--login" or re.fullmatch(r"-[a-km-z]*l[a-z]*", option):
            yield from ("/etc/profile", f"{home}/.bash_profile", f"{home}/.bash_login", f"{home}/.profile")
            yield from [f"{home}/.bash_logout"] if is_bash else []
        if re.fullmatch(r"-[a-hj-z]*i[a-z]*", option):
            yield from ("/etc/bash.bashrc", f"{home}/.bashrc") if is_bash else filter(None, [shell.variable("ENV")])
        if option in _SETTINGS:
            yield posixpath.join("/", shell.folder, following)
        if not option.startswith("-"):
            break
    named = shell.variable("BASH_ENV")
    if named and is_bash:
        yield named


def _run_traps(run: ShellRun, states: list[ShellState]) -> None:
    """Run the commands of `trap` where they are set, and at the end of the script.

    In between a variable may have had any other value: those that have changed are unknown.
    """
    for text, state in run.traps:
        if not is_known(text):
            run.add_gap("evaluates a text that is known only at run time")
            continue
        later = state.copy()
        for other in (*states, *run.frame.exited):
            later.absorb(other)
        for each in (state, later):
            run.nested(text, each.copy())

"""concurrently and npm-run-all: programs that start several commands, or scripts of the manifest by a pattern.

Sources: the documentation of concurrently ("npm/yarn/pnpm and bun shortcuts") and of npm-run-all ("npm-run-all",
"run-s", "run-p").
"""

import posixpath
import re
from collections.abc import Iterator

from gate.reachability.runtimes.node.modules import modules_of
from gate.reachability.runtimes.node.nodemon import with_commands_of_npm
from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
from gate.reachability.runtimes.walk.graph import EVERYTHING, UNKNOWN, Because, Gap, Reached, StartedProgram, Step

_OF_COMMANDS = frozenset({"concurrently", "conc", "concurrently.js"})
_OF_SCRIPTS = frozenset({"npm-run-all", "npm-run-all2", "run-s", "run-p", "run-s.js", "run-p.js"})
_VALUED = frozenset(
    (
        *("-m", "--max-processes", "-n", "--names", "--name-separator", "-s", "--success", "-p", "--prefix", "-c"),
        *("--prefix-colors", "-l", "--prefix-length", "-t", "--timestamp-format", "--restart-tries", "-i", "--hide"),
        *("--restart-after", "--default-input-target", "--kill-signal", "--ks", "--max-parallel", "--npm-path"),
    )
)
_FLAGS_OF_SCRIPTS = frozenset({"-l", "-c", "-n", "-s", "-p"})
"""Options of npm-run-all without a value, which are others to concurrently."""
_SHORTCUT = re.compile(r"(?P<manager>npm|yarn|pnpm|bun|node|deno):(?P<pattern>\S+)(?P<rest>.*)", re.DOTALL)
_LEFT_OUT = re.compile(r"\(!(?P<names>[^)]*)\)")


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of concurrently or npm-run-all, by its name or as the script of Node.js."""
    return isinstance(reached, StartedProgram) and starts_several(reached)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield every command that is started."""
    assert isinstance(reached, StartedProgram)
    return errors_as_gaps(EVERYTHING, reached.program, _started(reached, files))


def starts_several(started: StartedProgram) -> bool:
    """True for a start of concurrently or npm-run-all, whose words are known."""
    return started.words_of(_OF_COMMANDS | _OF_SCRIPTS) is not None


def _started(started: StartedProgram, files: Files) -> Iterator[Step]:
    words = started.words_of(_OF_COMMANDS)
    scripts = _scripts(started, files)
    if words is None:
        patterns = _operands(started.words_of(_OF_SCRIPTS) or (), _VALUED - _FLAGS_OF_SCRIPTS)
        commands = [each for pattern in patterns for each in _of_pattern("npm", pattern.split(" ")[0], "", scripts)]
    else:
        commands = [each for word in _operands(words, _VALUED) for each in _of_word(word, scripts)]
    inside = with_commands_of_npm(started)
    because = Because(started.program, "starts")
    for command in commands:
        step = None
        if command is not None and UNKNOWN not in command:
            step = started_by(inside, ("/bin/sh", "-c", command), because, files)
        yield step or Gap(kind=EVERYTHING, reason="starts a command that is not known", path=started.program)
    if not commands:
        yield Gap(kind=EVERYTHING, reason="starts commands that its words do not tell", path=started.program)


def _operands(words: tuple[str, ...], valued: frozenset[str]) -> list[str]:
    """Return the words that are no options; behind `--` stand arguments for the scripts."""
    operands: list[str] = []
    following = iter(words)
    for word in following:
        if word == "--":
            break
        if word in valued:
            next(following, None)
        elif not word.startswith("-"):
            operands.append(word)
    return operands


def _of_word(word: str, scripts: list[str]) -> list[str | None]:
    found = _SHORTCUT.fullmatch(word)
    return [word] if found is None else _of_pattern(found["manager"], found["pattern"], found["rest"], scripts)


def _of_pattern(manager: str, pattern: str, rest: str, scripts: list[str]) -> list[str | None]:
    """Return the command for each script that a pattern means; None if there is none that is known."""
    run = "node --run" if manager == "node" else f"{manager} run"
    omitted = {found["names"] for found in _LEFT_OUT.finditer(pattern)}
    wanted = _LEFT_OUT.sub("", pattern)
    if not any(sign in wanted for sign in "*?{["):
        return [f"{run} {wanted}{rest}"]
    expression = re.escape(wanted.partition("{")[0].partition("[")[0]).replace(r"\*", ".*").replace(r"\?", ".")
    is_open = "{" in wanted or "[" in wanted  # any ending is taken
    fitting = (name for name in scripts if re.fullmatch(expression + (".*" if is_open else ""), name))
    return [f"{run} {name}{rest}" for name in fitting if name.rpartition(":")[2] not in omitted] or [None]


def _scripts(started: StartedProgram, files: Files) -> list[str]:
    modules = modules_of(files)
    scope = modules.scope(posixpath.join("/", started.folder))
    manifest = modules.manifest(scope) if scope is not None else None
    stated = manifest.scripts if manifest is not None else None
    return sorted(stated) if isinstance(stated, dict) else []

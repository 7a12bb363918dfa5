"""The command line: one module a command, imported only when the command is run."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType
from typing import NoReturn, TextIO

from gate import __version__
from gate.core.errors import GateError, UsageError

GROUPS = {
    "judge": {
        "run": "run the pipeline and give one verdict",
        "hook": "judge each push or commit: install, uninstall or run git's hook",
        "what-runs": "list what runs when someone clones, opens, installs, commits, pushes or builds",
        "sbom": "write a bill of materials of folders and images",
    },
    "adopt": {
        "init": "look at the repository, propose settings, CI files and the hook",
        "doctor": "check what works on this machine, and which stages would run here and why not",
        "baseline": "record today's findings, so that only new ones block",
        "waive": "accept a finding, with an owner, a reason and an end date",
        "fix": "apply the fixes that are safe to apply automatically",
        "completion": "print completions for bash, zsh or fish, or the manual page",
    },
    "explain": {
        "explain": "explain a rule, what decided on a finding, or why an image uses a package",
        "rules": "list every rule",
        "policy": "try a policy on past reports before it is enforced",
    },
    "advisories": {
        "db": "update the advisories, show how old they are, export and import them",
    },
    "reports": {
        "report": "convert a JSON report to another format, or show it",
        "merge": "join the reports of parallel jobs into one verdict",
        "comment": "post the verdict in the pull or merge request",
        "console": "build a site from many reports for the security team",
        "schema": "print the JSON Schema of the report or of gate.yaml",
    },
    "fleet": {
        "store": "keep what was read, to find it and judge it again",
        "fleet": "find and judge again what a store keeps of many repositories and images",
    },
    "evidence": {
        "attest": "turn the verdict into evidence: a signed statement",
        "verify": "check at deploy time that an image or commit was judged and passed",
        "observe": "record which files a container under test opens: evidence of what is in use",
    },
}
"""By group, its commands with their line in the help."""
COMMANDS = {name: text for commands in GROUPS.values() for name, text in commands.items()}
EXAMPLES = {
    "gate run": "judge this repository",
    "gate run docker:shop/api:1.4": "judge an image of the Docker daemon",
    "gate run --since origin/main --report sarif=gate.sarif": "judge a change, and write a report",
    "gate init": "set up settings, CI and the hook",
    "gate what-runs --since origin/main": "what a branch starts on your machine, before you open it",
    "gate explain GD012": "why a rule exists, and how to fix what it finds",
}
EXIT_STATUSES = {
    0: "pass",
    1: "the policy fails it",
    2: "wrong usage or configuration",
    3: "incomplete: a stage could not finish",
}

DEBUG = "--debug"
HELP_ALL = "--help-all"
QUIET, VERBOSE = ("-q", "--quiet"), ("-v", "--verbose")
_YES = ("1", "true", "yes", "on")
_INTERRUPTED = 130
_MAY_DO_NOTHING = frozenset({"hook"})
"""Commands that prepare the process themselves, after they know that there is something to do."""
_INCOMPLETE = 3
_HEAD = "usage: gate COMMAND [OPTION …]\n"
_FOOT = "`gate COMMAND --help` lists the options of one command.\n"


class Parser(argparse.ArgumentParser):
    """A parser whose errors are UsageErrors that name the nearest valid option."""

    shows_all = False
    """True if the help lists rare options too."""
    words: Sequence[str] | None = None
    """The words after the command; None if they are unknown, as for descriptions of all commands."""

    def may_take(self, action: str) -> bool:
        """True if the words may name this action: the options of others, which take long to make, are not needed."""
        return self.words is None or action in self.words

    def knows(self, flag: str) -> bool:
        """True if this command, or one of its actions, has a flag of this name."""
        if flag in self._option_string_actions:
            return True
        choices = [action.choices for action in self._actions if isinstance(action, argparse._SubParsersAction)]
        return any(isinstance(one, Parser) and one.knows(flag) for parsers in choices for one in parsers.values())

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, hint=self._nearest(message) or f"See {self.prog} --help")

    def _nearest(self, message: str) -> str:
        from gate.core.suggestions import did_you_mean

        words = message.removeprefix("unrecognized arguments: ").split()
        known = list(self._option_string_actions)
        return did_you_mean(words[0], known, "", 0.5) if words and words[0].startswith("-") else ""


class FullParser(Parser):
    """The parser for `--help-all`."""

    shows_all = True


def _as_it_is() -> None:
    """Leave the process as it is, because it belongs to the calling program."""


def main(arguments: list[str] | None = None, prepare: Callable[[], None] = _as_it_is) -> int:
    """Run the command that the arguments name and return the exit status.

    `prepare` is called before a command imports what it needs; `gate.__main__` prepares its process by it.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _check_surroundings()
        if _takes_debug(words):
            from gate.core.debug import turn_on

            turn_on()
        return _dispatch(words, prepare)
    except GateError as error:
        from gate.cli.saying import say

        say(str(error))
        return error.exit_status
    except KeyboardInterrupt:
        print("gate: interrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        if not (_is_closed(sys.stdout) or _is_closed(sys.stderr)):
            return _report_bug()  # it is not the reader of the output who is gone
        sys.stderr.close()
        return _INCOMPLETE
    except Exception:  # noqa: BLE001  (status 1 would say that the policy fails it)
        return _report_bug()


def _takes_debug(words: list[str]) -> bool:
    """Take `--debug` out of the words; True if it or `GATE_DEBUG` asks for a log."""
    return _takes(words, (DEBUG,)) or os.environ.get("GATE_DEBUG", "").lower() in _YES


def _takes(words: list[str], flags: tuple[str, ...]) -> bool:
    """Take a flag, wherever it stands before `--`, out of the words; True if it was there."""
    end = words.index("--") if "--" in words else len(words)
    own = [word for word in words[:end] if word not in flags]
    words[:end] = own
    return len(own) < end


def _check_surroundings() -> None:
    """Raise UsageError if there is no folder to work in, or no standard output. Without standard error it is silent."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115  (open as long as the process is)
    if sys.stdout is None:
        raise UsageError("standard output is closed", hint="Redirect it to /dev/null if you do not need it")
    try:
        os.getcwd()
    except OSError as error:
        raise UsageError(
            f"the current folder cannot be entered ({error.strerror})", hint="Change to another"
        ) from error


def _is_closed(stream: TextIO) -> bool:
    """True if the reader of a stream, such as the next program of a pipe, has closed it."""
    import select

    try:
        waiting = select.poll()
        waiting.register(stream, select.POLLOUT)
        return any(state & (select.POLLERR | select.POLLHUP) for _, state in waiting.poll(0))
    except (AttributeError, OSError, ValueError):  # no `poll` (Windows), no file below it, or closed here
        return True


def _report_bug() -> int:
    """Print where an unexpected exception was raised, without its text, which could hold a secret."""
    from gate.core.debug import debug_traceback

    kind, error, step = sys.exc_info()
    if error is not None:
        debug_traceback(error)
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    place = f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}" if step else "an unknown place"
    name = kind.__name__ if kind else type(error).__name__
    print(f"gate: internal error ({name} at {place}), so there is no verdict; please report this line", file=sys.stderr)
    return _INCOMPLETE


def _dispatch(words: list[str], prepare: Callable[[], None]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(_help(), end="")
        return 0 if words else 2
    if words[0] in ("-V", "--version", "version"):
        print(f"gate {__version__}")
        return 0
    name, *rest = words
    if name not in COMMANDS:
        raise UsageError(f"no such command: {name}", hint=_nearest_command(name))
    if name not in _MAY_DO_NOTHING:
        prepare()
    command = module_of(name)
    parser = parser_of(name, command, shows_all=_takes(rest, (HELP_ALL,)), words=rest)
    if parser.shows_all:
        rest.append("--help")
    _take_common(parser, rest)
    options = parser.parse_args(rest)  # which ends the program after `--help`
    options.prepare = prepare
    try:
        return int(command.run(options))
    except SystemExit:  # of a plugin or library: its status would be taken for a verdict
        return _report_bug()


def module_of(name: str) -> ModuleType:
    """Import the module of a command: of `what-runs` it is `gate.cli.what_runs`."""
    return import_module(f"gate.cli.{name.replace('-', '_')}")


def parser_of(name: str, command: ModuleType, *, shows_all: bool = False, words: Sequence[str] | None = None) -> Parser:
    """Return the parser of a command, `command` being its module; with `shows_all` its help has rare options too.

    With `words`, it may lack options of actions that these do not name.
    """
    kind = FullParser if shows_all else Parser
    parser = kind(prog=f"gate {name}", description=command.__doc__, allow_abbrev=False)
    parser.words = words
    parser.add_argument(DEBUG, action="store_true", help="log each step to standard error (or GATE_DEBUG=1)")
    command.configure(parser)
    return parser


def _take_common(parser: Parser, words: list[str]) -> None:
    """Take -q and -v, where the command has no meaning of its own for them, and do what they mean everywhere."""
    if not parser.knows(QUIET[0]) and _takes(words, QUIET):
        from gate.cli.saying import be_quiet

        be_quiet()
    if not parser.knows(VERBOSE[0]) and _takes(words, VERBOSE):
        from gate.core.debug import turn_on

        turn_on()


def _help() -> str:
    parts = [_HEAD]
    for group, commands in GROUPS.items():
        parts.append(f"\n{group}:\n")
        parts += [f"  {name:<10} {text}\n" for name, text in commands.items()]
    parts.append("\nexamples:\n")
    parts += [f"  {line}\n      {text}\n" for line, text in EXAMPLES.items()]
    parts.append(f"\n{_FOOT}Every command takes -q (less output), -v (more) and {DEBUG}.\n")
    statuses = ", ".join(f"{number} {text}" for number, text in EXIT_STATUSES.items())
    return "".join(parts) + f"Exit status: {statuses}.\n"


def _nearest_command(name: str) -> str:
    from gate.core.suggestions import did_you_mean

    return did_you_mean(name, COMMANDS, f"Commands: {', '.join(COMMANDS)}", 0.4)

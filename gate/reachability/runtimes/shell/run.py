"""Runs a shell script over the states in which it may be: branches that are certainly not taken are left out.

Where a condition is open, both ways are followed. What runs only if a user sets variables that the image does not set,
or if files come into being that it does not have, may run; the rest does.
"""

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

import msgspec

from gate.dockerfile.wrappers import behind_wrapper
from gate.reachability.runtimes.launchers.data_words import STARTING_SQL
from gate.reachability.runtimes.launchers.unknown import takes as is_unknown
from gate.reachability.runtimes.shell.defaults import default_of
from gate.reachability.runtimes.shell.expansion import Expansion
from gate.reachability.runtimes.shell.parser import ShellParser
from gate.reachability.runtimes.shell.paths import PathTests
from gate.reachability.runtimes.shell.state import ShellState, merged, output_of, outputs, status_of
from gate.reachability.runtimes.shell.syntax import (
    Both,
    Calculation,
    CaseItem,
    CaseOf,
    Command,
    CommandGroup,
    Compound,
    Condition,
    Conditional,
    For,
    Function,
    If,
    Item,
    Literal,
    Not,
    Parameter,
    Pipeline,
    Redirection,
    ShellAssignment,
    Simple,
    Substitution,
    While,
    Word,
)
from gate.reachability.runtimes.shell.tests import binary, tested
from gate.reachability.runtimes.shell.values import (
    FALSE,
    HOLE,
    MANY,
    OPEN,
    TRUE,
    UNSET,
    Truth,
    both,
    either,
    is_certain,
    is_known,
    is_unset,
    likely,
    quoted_assignments,
    settled,
    source_text,
    truth,
    without_last_lines,
)
from gate.reachability.runtimes.shell.words import ShellSyntaxError
from gate.reachability.runtimes.shell.writers import is_installer, is_remover, written_by
from gate.reachability.runtimes.walk.commands import program_at, starting
from gate.reachability.runtimes.walk.files import MAX_TEXT, Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, UNKNOWN, Because, Gap, Opened, StartedProgram, Step
from gate.reachability.runtimes.walk.home_folders import ROOT, home_folders
from gate.reachability.runtimes.walk.standard_input import runs_its_input
from gate.reachability.runtimes.walk.system_files import is_of_system
from gate.trees.memo import Analysis

_TEXT = Analysis("text of a system's file", str, lambda content: content.decode("utf-8", "replace"))
MAX_DEPTH = 20
"""Functions, sourced files and evaluated texts inside one another."""
_MAX_TEXT = 1 << 20
"""Characters of a script; an archive that unpacks itself has its script in the beginning."""
_MAX_COMMANDS = 20_000
"""Simple commands of one script; one that runs in two states counts twice."""
_MAX_TURNS = 120
"""Turns of a loop that are followed one by one; of more, what changes from turn to turn becomes unknown."""
_INTERACTIVE = "*i*"
_MAX_CHOSEN = 2
"""Variables of a command of which all possible values are gone through."""
_MAX_OPEN_TURNS = 3
"""Turns of a loop of which it is not known how often it runs."""
_KEEPS_ASSIGNMENTS = frozenset(
    {".", "source", "eval", "exec", "export", "readonly", "set", "shift", "trap", "unset", ":"}
)
_SHELLS_THAT_PIPE_INTO_THEMSELVES = frozenset({"ksh", "mksh", "zsh"})
_SOURCING = ((Literal("."),), (Literal("source"),))
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})
_CODE_OPTIONS = {**dict.fromkeys(_SHELLS, "-c"), "python": "-c", "node": "-e", "perl": "-e", "ruby": "-e"}
"""Interpreters, and the option by which each is given a text that it else reads from its input."""
_FILLING = frozenset({"envsubst", "sed", "cat", "gomplate", "j2"})
"""Programs that write what they read with some of it replaced."""


class TooLongError(Exception):
    """A script runs more commands than are followed."""


class _Frame:
    """Where states go that leave a shell, a function or a loop."""

    def __init__(self) -> None:
        self.exited: list[ShellState] = []
        self.returned: list[ShellState] = []
        self.loops: list[tuple[list[ShellState], list[ShellState]]] = []
        """For each loop that is being run, the states at `break` and at `continue`."""


Builtin: TypeAlias = Callable[["ShellRun", list[str], ShellState], list[ShellState]]


class Programs(msgspec.Struct, frozen=True):
    """What is known of the programs that scripts use."""

    builtins: Mapping[str, Builtin]
    """The shell's own commands by name; each returns the states behind it."""
    output_of: Callable[["ShellRun", list[str], ShellState], str | None]
    """Returns what a program writes to its standard output; None if nothing is known of the program."""


_MAX_OUTPUTS = 3
"""Texts that a command substitution may write of which each is followed, and substitutions of one command."""
_Made = TypeVar("_Made")
_SUCCEEDING = frozenset({"dirname", "basename", "readlink", "realpath"})
"""Programs that succeed where it is known what they write."""


class SeveralOutputsError(Exception):
    """A command substitution may write one of several texts, each of which is certain to be written in some state."""

    def __init__(self, number: int, texts: Mapping[str, bool]) -> None:
        super().__init__()
        self.number = number
        self.texts = texts


class ShellRun:
    """One run of a shell, with the steps that it leads to."""

    def __init__(
        self, shell: StartedProgram, path: str, own_name: str, files: Files, tests: PathTests, programs: Programs
    ) -> None:
        self.shell = shell
        self.files = files
        self.tests = tests
        self.path = path
        self.line = 0
        self.steps: dict[Step, None] = {}
        self.written: set[str] = set()
        """Paths that the script writes to, as `PathTests` has them."""
        self.redirected: set[str] = set()
        """Those that redirections write to."""
        self.made: set[str] = set()
        """Those of them whose content the script makes."""
        self._templates: dict[str, str] = {}
        """By path of a file that the script makes: the one of which it is made."""
        self.is_installing = False
        self.is_removing = False
        """True if it removes files of which only a run knows the names."""
        self.frame = _Frame()
        self.depth = 0
        self.failures = 0
        """Times that a shell has ended with an error."""
        self.traps: list[tuple[str, ShellState]] = []
        self.expansion = Expansion(files, own_name, self._output_of)
        self.substitution_status: Truth | None = None
        self._may_split = False
        """True while words are expanded of a command that can be run again."""
        self._chosen_outputs: dict[int, str] = {}
        """What a command substitution writes, of several texts that it may write, by the number of its body."""
        self._runs_script = _runs_script(shell.arguments)
        self.own_commands = programs.builtins
        self._known_output = programs.output_of
        self._commands = 0
        self._is_nested = False

    # Texts and lists

    def run_text(self, text: str, states: list[ShellState]) -> list[ShellState]:
        """Return the states behind all commands of a text."""
        parser = ShellParser(source_text(text[:_MAX_TEXT]))
        items = parser.items()
        while states:
            try:
                item = next(items, None)
            except ShellSyntaxError as error:
                self.add_gap(f"cannot be read as a shell's script, {error.message}")
                return states
            if item is None:
                if len(text) > _MAX_TEXT:
                    self.add_gap(f"has more than {_MAX_TEXT:,} characters")
                return states
            states = merged(each for state in states for each in self._item(item, state))
        return states

    def nested(self, text: str, state: ShellState) -> list[ShellState]:
        """Return the states behind a text that a command evaluates."""
        if assigned := quoted_assignments(text):
            for name, value in assigned:
                state.assign(name, value)
            state.status = TRUE
            return [state]
        first = text.split(None, 1)[0] if text.strip() else ""
        is_open = not is_known(text) and (state.is_certain or not is_known(first))
        if is_open or (is_unset(text) and state.is_certain):
            self.add_gap("evaluates a text that is known only at run time")
        if is_open:
            return [state]
        if self.depth >= MAX_DEPTH:
            self.add_gap("is nested too deeply to be followed")
            return [state]
        outer, self._is_nested = self._is_nested, True
        self.depth += 1
        states = self.run_text(likely(text), [state])
        self.depth -= 1
        self._is_nested = outer
        return states

    def sourced(self, path: str, state: ShellState, arguments: tuple[str, ...]) -> list[ShellState]:
        """Return the states behind a file that is sourced."""
        outer = self.path, self.line, self.expansion.path, self._is_nested, state.positional
        self.path = self.expansion.path = path
        self._is_nested = False
        self.depth += 1
        state.positional = arguments or state.positional
        returned, self.frame.returned = self.frame.returned, []
        states = self.run_text(self.files.text(path), [state]) + self.frame.returned
        self.frame.returned = returned
        self.depth -= 1
        self.path, self.line, self.expansion.path, self._is_nested, positional = outer
        for each in states if arguments else ():
            each.positional = positional
        return merged(states)

    def items(self, items: Sequence[Item], states: Iterable[ShellState]) -> list[ShellState]:
        """Return the states behind a list of commands."""
        current = list(states)
        for item in items:
            if not current:
                break
            current = merged(each for state in current for each in self._item(item, state))
        return current

    def _item(self, item: Item, state: ShellState) -> list[ShellState]:
        if item.is_background:
            self._in_subshell(state, lambda inner: self._and_or(item, inner))
            state.status = TRUE
            return [state]
        default = default_of(item)
        if default is not None and default.assignments[0].name not in state.values:
            return self._command(default, state)
        return self._with_promotion(state, lambda: self._and_or(item, state))

    def _with_promotion(self, state: ShellState, run: Callable[[], list[ShellState]]) -> list[ShellState]:
        """Return the states of `run`. If the likely way has ended with an error, the others are what a user wants."""
        was_certain, failures = state.is_certain, self.failures
        states = run()
        if was_certain and self.failures > failures and not any(each.is_certain for each in states):
            for each in states:
                each.is_certain = True
        return states

    def _and_or(self, item: Item, state: ShellState) -> list[ShellState]:
        states = self._pipeline(item.first, state)
        for sign, pipeline in item.others:
            holds, fails = _split(states)
            goes_on, stays = (holds, fails) if sign == "&&" else (fails, holds)
            states = stays + [each for one in goes_on for each in self._pipeline(pipeline, one)]
            states = merged(states, keeps_status=True)
        return states

    # Pipelines and subshells

    def _pipeline(self, pipeline: Pipeline, state: ShellState) -> list[ShellState]:
        if len(pipeline.commands) == 1:
            states = self._command(pipeline.commands[0], state)
        else:
            states = self._piped(pipeline.commands, state)
        if pipeline.is_negated:
            for each in states:
                each.status = ~each.status
        return states

    def _piped(self, commands: tuple[Command, ...], state: ShellState) -> list[ShellState]:
        text = state.input
        for command in commands[:-1]:
            inner = state.copy()
            inner.input, inner.is_input_shared, inner.output = text, False, ""
            text = output_of(self._in_subshell(inner, lambda each, one=command: self._command(one, each)))  # type: ignore[misc]
        if self.shell.name in _SHELLS_THAT_PIPE_INTO_THEMSELVES:
            return self._with_input(state, text, lambda each: self._command(commands[-1], each))
        inner = state.copy()
        inner.input, inner.is_input_shared = text, False
        ends = self._in_subshell(inner, lambda each: self._command(commands[-1], each))
        return _after_subshell(state, ends)

    @staticmethod
    def _with_input(
        state: ShellState, text: str | None, run: Callable[[ShellState], list[ShellState]]
    ) -> list[ShellState]:
        outer = state.input, state.is_input_shared
        state.input, state.is_input_shared = text, False
        states = run(state)
        for each in states:
            each.input, each.is_input_shared = outer
        return states

    def _in_subshell(self, state: ShellState, run: Callable[[ShellState], list[ShellState]]) -> list[ShellState]:
        """Return the states in which a shell of its own ends; `state` stays as it is."""
        outer, self.frame = self.frame, _Frame()
        ends = run(state.copy()) + self.frame.exited + self.frame.returned
        self.frame = outer
        return merged(ends, keeps_status=True)

    def _output_of(self, body: tuple[Item, ...], state: ShellState) -> str:
        """Return what a command substitution becomes; raises SeveralOutputsError if the command can be run for each."""
        may_split, self._may_split = self._may_split, False
        inner = state.copy()
        inner.output = ""
        if (path := _only_input(body)) is not None:
            self._redirect(path, inner)
            inner.write(UNKNOWN if inner.input is None else inner.input)
            ends = [inner]
        else:
            ends = self._in_subshell(inner, lambda each: self.items(body, [each]))
        self.substitution_status = status_of(ends)
        self._may_split = may_split
        found = outputs(ends)
        is_open = may_split and id(body) not in self._chosen_outputs and len(self._chosen_outputs) < _MAX_OUTPUTS
        if is_open and 1 < len(found) <= _MAX_OUTPUTS:
            raise SeveralOutputsError(id(body), found)
        only = next(iter(found)) if len(found) == 1 else None
        written = self._chosen_outputs.get(id(body), only)
        text = without_last_lines(written) if written is not None and written in found else UNKNOWN
        # Where nothing is written in the end, the lines before it lose theirs too.
        return text.rstrip("\n" + UNKNOWN) + UNKNOWN if text.endswith(UNKNOWN) else text

    # Compound commands

    def _command(self, command: Command, state: ShellState) -> list[ShellState]:
        match command:
            case Simple():
                return self._simple(command, state)
            case Function(name, body):
                state.functions[name] = (body,)
                state.status = TRUE
                return [state]
            case Conditional(condition):
                state.status = self._condition(condition, state)
                return [state]
        return self._compound(command, state)

    def _compound(self, command: Command, state: ShellState) -> list[ShellState]:
        match command:
            case CommandGroup(items, is_subshell):
                if not is_subshell:
                    return self.items(items, [state])
                return _after_subshell(state, self._in_subshell(state, lambda each: self.items(items, [each])))
            case If():
                return self._if(command, state)
            case While():
                return self._while(command, state)
            case For():
                return self._for(command, state)
            case CaseOf():
                return self._case(command, state)
            case Compound(body, redirections):
                return self._redirected(redirections, state, lambda each: self._command(body, each))
            case Calculation(text):
                self.forget_calculated(text, state)
        return [state]

    def forget_calculated(self, text: str, state: ShellState) -> None:
        """Note that a calculation may have set any of the variables in it."""
        name = ""
        for character in f"{text} ":
            if character.isalnum() or character == "_":
                name += character
                continue
            if name in state.values or (name and not name[0].isdigit() and "=" in text):
                state.values[name] = UNKNOWN
                state.choices.pop(name, None)
            name = ""
        state.status = OPEN

    def _if(self, command: If, state: ShellState) -> list[ShellState]:
        results: list[ShellState] = []
        states = [state]
        for condition, body in command.branches:
            holds, states = _split(self.items(condition, states))
            results += self.items(body, holds)
        for each in states:
            each.status = TRUE
        return results + self.items(command.otherwise, states)

    def _case(self, command: CaseOf, state: ShellState) -> list[ShellState]:
        subject = self.expansion.text(command.subject, state)
        state.status = TRUE
        results: list[ShellState] = []
        waiting, falling = [state], list[ShellState]()
        for item in command.items:
            taken, waiting = self._compared(command.subject, subject, item, waiting)
            behind = self.items(item.body, merged(taken + falling))
            falling = behind if item.end == ";&" else []
            waiting = waiting + behind if item.end == ";;&" else waiting
            results += behind if item.end == ";;" else []
        for each in waiting:
            each.status = TRUE
        return results + waiting + falling

    def _compared(
        self, word: Word, subject: str, item: CaseItem, states: list[ShellState]
    ) -> tuple[list[ShellState], list[ShellState]]:
        for state in states:
            found = FALSE
            for pattern in item.patterns:
                found = either(found, self._matches(word, subject, pattern, state))
            state.status = found
        return _split(states)

    def _matches(self, word: Word, subject: str, pattern: Word, state: ShellState) -> Truth:
        """Return whether a word, which has become `subject`, matches; `$-` of a script has no `i` in it."""
        found = self.expansion.pattern(pattern, state)
        is_of_flags = any(isinstance(part, Parameter) and part.name == "-" for part in word)
        is_interactive_test = is_of_flags and found.text == _INTERACTIVE and not found.is_plain
        return FALSE if is_interactive_test and self._runs_script else found.matches(subject)

    def _while(self, command: While, state: ShellState) -> list[ShellState]:
        def turns(states: list[ShellState]) -> tuple[list[ShellState], list[ShellState]]:
            goes_on, ends = _split(self.items(command.condition, states))
            return (ends, goes_on) if command.is_until else (goes_on, ends)

        return self._loop(state, turns, command.body)

    def _loop(
        self,
        state: ShellState,
        turns: Callable[[list[ShellState]], tuple[list[ShellState], list[ShellState]]],
        body: tuple[Item, ...],
    ) -> list[ShellState]:
        """Return the states behind a loop; `turns` says which states go on to another turn, and which leave."""
        broken, continued = list[ShellState](), list[ShellState]()
        self.frame.loops.append((broken, continued))
        widest, seen = state.copy(), set[tuple[object, ...]]()
        finished: list[ShellState] = []
        states, open_turns, count = [state], 0, 0
        while states:
            goes_on, ends = turns(states)
            finished = merged(finished + ends)
            open_turns += bool(ends) and not all(each.input and is_known(each.input) for each in goes_on)
            count += 1
            if open_turns > _MAX_OPEN_TURNS or count > _MAX_TURNS:
                goes_on = _widened(widest, goes_on)
            goes_on = [each for each in goes_on if (*each.key(), each.is_certain) not in seen]
            seen.update((*each.key(), each.is_certain) for each in goes_on)
            states = merged(self.items(body, goes_on) + continued)
            continued.clear()
        self.frame.loops.pop()
        for each in finished:
            each.status = TRUE
        return merged(finished + broken)

    def _for(self, command: For, state: ShellState) -> list[ShellState]:
        words: Sequence[str] = state.positional
        if command.words is not None:
            words = [field for word in command.words for field in self.expansion.fields(word, state)]
        state.status = TRUE
        if command.is_open:
            return self._many_turns(command, state, UNKNOWN, is_likely=True)
        broken, continued = list[ShellState](), list[ShellState]()
        self.frame.loops.append((broken, continued))
        states = [state]
        for word in words:
            states = self._turn(command, word, states) + continued
            continued.clear()
        self.frame.loops.pop()
        return merged(states + broken)

    def _turn(self, command: For, word: str, states: list[ShellState]) -> list[ShellState]:
        if word in (MANY, HOLE):
            value = UNKNOWN if word == MANY else UNSET
            return [
                each for state in states for each in self._many_turns(command, state, value, is_likely=word == MANY)
            ]
        for state in states:
            state.assign(command.name, word)
        return self.items(command.body, states)

    def _many_turns(self, command: For, state: ShellState, value: str, *, is_likely: bool) -> list[ShellState]:
        """Return the states behind turns of which it is not known how many there are."""

        def turns(states: list[ShellState]) -> tuple[list[ShellState], list[ShellState]]:
            goes_on = [each.copy() for each in states]
            for each in goes_on:
                each.is_certain = each.is_certain and is_likely
                if command.name:
                    each.assign(command.name, value)
                else:
                    each.values.update(dict.fromkeys(each.values, UNKNOWN))
                    each.choices.clear()
            return goes_on, states

        return self._loop(state, turns, command.body)

    def _condition(self, condition: Condition, state: ShellState) -> Truth:
        match condition:
            case Not(inner):
                return ~self._condition(inner, state)
            case Both(left, right, is_or):
                combine = either if is_or else both
                return combine(self._condition(left, state), self._condition(right, state))
        return self._operands(condition.words, state)

    def _operands(self, words: tuple[Word, ...], state: ShellState) -> Truth:
        texts = [self.expansion.text(word, state) for word in words]
        if len(words) == 3 and texts[1] in ("=", "==", "!="):
            found = self._matches(words[0], texts[0], words[2], state)
            return ~found if texts[1] == "!=" else found
        if len(words) == 3:
            return binary(*texts)
        return tested(texts, lambda sign, path: self.path_test(sign, path, state))

    def path_test(self, sign: str, path: str, state: ShellState) -> Truth:
        """Return whether a test of a path holds in a state."""
        found = self.tests.holds(sign, path, state.folder)
        if is_certain(path) and UNKNOWN not in state.folder and self.is_own(posixpath.join(state.folder, path)):
            return truth(bool(found.likely))  # what runs is the image's
        is_stable = not state.has_run_scripts or self.tests.is_of_programs(path)
        return found if is_stable else Truth(None, found.likely)

    def is_own(self, path: str) -> bool:
        """True for the path of the script itself, as it was called."""
        own = posixpath.join("/", self.shell.folder, self.expansion.own_name)
        return posixpath.normpath(posixpath.join("/", path)) == posixpath.normpath(own)

    # Redirections

    def _redirected(
        self, redirections: Sequence[Redirection], state: ShellState, run: Callable[[ShellState], list[ShellState]]
    ) -> list[ShellState]:
        outer, output = (state.input, state.is_input_shared), state.output
        is_away = False
        for each in redirections:
            is_away = self._redirect(each, state) or is_away
        has_input = (state.input, state.is_input_shared) != outer
        if is_away:
            state.output = None
        states = run(state)
        for after in states:
            if has_input:
                after.input, after.is_input_shared = outer
            if is_away:
                after.output = output
        return states

    def _redirect(self, redirection: Redirection, state: ShellState) -> bool:
        """Apply a redirection; return whether the standard output goes elsewhere."""
        sign, target = redirection.operator, redirection.target
        if sign[0] == "<" and sign != "<>":
            if redirection.descriptor in ("", "0"):
                state.input, state.is_input_shared = self._input(sign, target, state), False
            return False
        path = self.expansion.text(target, state)
        if not (sign == ">&" and (path == "-" or path.isdigit())):
            self.note_written(path, state, is_made=True, is_redirected=True)
        return redirection.descriptor in ("", "1") or sign.startswith("&")

    def _input(self, sign: str, target: Word, state: ShellState) -> str:
        first = target[0] if len(target) == 1 else None
        if isinstance(first, Substitution) and first.is_file:
            return self._output_of(first.body, state) + "\n"
        text = self.expansion.text(target, state)
        if sign in ("<<", "<<-", "<<<"):
            return text + "\n" * (sign == "<<<")
        if sign == "<" and is_known(text):
            self.add_opened(posixpath.join("/", state.folder, text), "takes its input from", state)
        known = self.content(text, state) if sign == "<" else None
        return UNKNOWN if known is None else known

    def content(self, path: str, state: ShellState) -> str | None:
        """Return the text of a file of the image; None if it may be another one at run time."""
        whole = posixpath.join("/", state.folder, likely(path))
        if whole == "/dev/null":
            return ""
        if not is_known(path) or self.tests.is_changing(whole) or self.files.find(whole) is None:
            return None
        if state.has_run_scripts:
            return None
        is_kept = is_of_system(whole.strip("/"))  # others may hold what no cache should keep
        return source_text(self.files.analysed(whole, _TEXT, MAX_TEXT) if is_kept else self.files.text(whole))

    def note_written(
        self,
        path: str,
        state: ShellState,
        *,
        is_made: bool = False,
        is_redirected: bool = False,
        is_removed: bool = False,
    ) -> None:
        """Note that a path is written to or removed, and maybe that its whole content comes from the script."""
        known = posixpath.join("/", settled(state.folder), settled(path))
        if UNKNOWN in known:
            known = posixpath.dirname("/" if settled(path).startswith(UNKNOWN) else known.partition(UNKNOWN)[0])
        inside = posixpath.normpath(known).strip("/")
        if inside.startswith(("dev/", "proc/")):
            return
        if is_removed and inside in ("", "."):
            self.is_removing = True
            return
        written = self.redirected if is_redirected else self.written
        written.add(inside if inside and inside != "." else UNKNOWN)
        if is_made and UNKNOWN not in settled(path) + settled(state.folder):
            self.made.add(inside)

    # Simple commands

    def _simple(self, command: Simple, state: ShellState) -> list[ShellState]:
        """Run a command for each of the values that the variables in its words may have."""
        if "HOME" not in state.values and _sources_from_home(command) and not self.tests.is_changing(""):
            return self._from_homes(command, state)
        used = {part.name for word in command.words for part in word if isinstance(part, Parameter)}
        names = [name for name in state.choices if name in used][:_MAX_CHOSEN]
        if state.argument_lists and "@" in used:
            names.append("@")
        if not names:
            return self._with_values(command, state)
        results = []
        for one in state.chosen(names):
            chosen = one.copy()
            for after in self._with_values(command, one):
                after.forget_choice(state, chosen, names)
                results.append(after)
        return merged(results, keeps_status=True)

    def _from_homes(self, command: Simple, state: ShellState) -> list[ShellState]:
        """Source a file of the user's home: that of each user who has one. Root's is certain."""
        homes = sorted({"/", *home_folders(self.files).values()}, key=lambda home: (home != ROOT, home))
        results, other = list[ShellState](), state.copy()
        for home in homes:
            inner = state.copy()
            inner.assign("HOME", home)
            path = likely(self.expansion.text(command.words[1], inner))
            if not is_known(path) or self.files.find(path) is None:
                continue
            inner.is_certain = state.is_certain and home == ROOT
            other.is_certain = other.is_certain and home != ROOT
            for after in self._with_values(command, inner):
                after.values.pop("HOME", None)
                results.append(after)
        if not results:
            return self._with_values(command, state)
        other.status = OPEN
        return merged([*results, other])

    def _with_values(self, command: Simple, state: ShellState) -> list[ShellState]:
        self._commands += 1
        if self._commands > _MAX_COMMANDS:
            raise TooLongError
        if not self._is_nested:
            self.line = command.line
        self.substitution_status = None
        try:
            words = self._expanded(lambda: self.expansion.command(command.words, state))
        except SeveralOutputsError as several:
            return self._with_each(several, command, state)
        if not command.words or not words:
            try:
                return self._without_words(command, state.copy())
            except SeveralOutputsError as several:
                return self._with_each(several, command, state)
        if command.assignments or command.redirections:
            self._note_template(words, command.redirections, state)
            return self._redirected(
                command.redirections, state, lambda each: self._with_assignments(command, words, each)
            )
        return self.call(words, state)

    def _expanded(self, expand: Callable[[], _Made]) -> _Made:
        outer, self._may_split = self._may_split, True
        try:
            return expand()
        finally:
            self._may_split = outer

    def _with_each(self, several: "SeveralOutputsError", command: Simple, state: ShellState) -> list[ShellState]:
        """Run a command once for each of the texts that a substitution in it may write."""
        results = list[ShellState]()
        for text, is_certain_output in several.texts.items():
            each = state.copy()
            each.is_certain = state.is_certain and is_certain_output
            self._chosen_outputs[several.number] = text
            results += self._with_values(command, each)
        del self._chosen_outputs[several.number]
        return merged(results, keeps_status=True)

    def _note_template(self, words: list[str], redirections: Iterable[Redirection], state: ShellState) -> None:
        """Note of which file another is made, where a command fills in a template (`envsubst < A > B`)."""
        if posixpath.basename(likely(words[0])) not in _FILLING:
            return
        paths = {each.operator: settled(self.expansion.text(each.target, state.copy())) for each in redirections}
        operands = [settled(word) for word in words[1:] if word.startswith("/")]
        source, target = paths.get("<") or (operands[-1:] or [""])[0], paths.get(">")
        if source and target and UNKNOWN not in source + target:
            folder = settled(state.folder)
            whole = posixpath.join("/", folder, target)
            self._templates[whole] = posixpath.join("/", folder, source)

    def _without_words(self, command: Simple, state: ShellState) -> list[ShellState]:
        for assignment in command.assignments:
            self._expanded(partial(self.assign, assignment, state))
        for redirection in command.redirections:
            self._redirect(redirection, state.copy())
        state.status = self.substitution_status or TRUE
        return [state]

    def assign(self, assignment: ShellAssignment, state: ShellState) -> None:
        """Set the variable, or the array, of an assignment."""
        name = assignment.name
        if assignment.elements is not None:
            words = [field for word in assignment.elements for field in self.expansion.fields(word, state)]
            before = state.arrays.get(name, ()) if assignment.is_added else ()
            state.assign(name, UNKNOWN)
            state.arrays[name] = (*before, *words)
        elif assignment.subscript:
            state.arrays[name] = (MANY,)
        else:
            value = self.expansion.text(assignment.value, state)
            state.assign(name, (state.value(name) or "") + value if assignment.is_added else value)

    def _with_assignments(self, command: Simple, words: list[str], state: ShellState) -> list[ShellState]:
        """Run a command for which alone some variables are set; those before a special builtin are kept.

        What `exec` starts gets them in its environment, and so does in bash what `eval` and `source` start.
        """
        outer = {one.name: state.values.get(one.name, UNSET) for one in command.assignments}
        exported = state.exported
        for assignment in command.assignments:
            self.assign(assignment, state)
        is_special = likely(words[0]) in _KEEPS_ASSIGNMENTS
        if not is_special or likely(words[0]) == "exec" or self.shell.name == "bash":
            state.exported |= frozenset(outer)
        if is_special:
            return self.call(words, state)
        states = self.call(words, state)
        for each in states:
            each.exported -= frozenset(outer) - exported
            for name, value in outer.items():
                _restore(each, name, value)
        return states

    def call(self, words: list[str], state: ShellState) -> list[ShellState]:
        """Return the states behind a command of known words."""
        if HOLE not in words:
            return self._dispatched(words, state)
        rest = [word for word in words if word != HOLE]
        if words[0] == HOLE:
            if state.is_certain and not self._is_command(rest, state):
                self.add_gap("runs a program that is known only at run time")
            return self._dispatched(rest, state) if rest else [state]
        if self._is_only_given(rest, state):
            return self._dispatched(rest, state)
        other = state.copy()
        other.is_certain = False
        states = self._dispatched(rest, state)
        return states + self._dispatched([MANY if word == HOLE else word for word in words], other)

    def _is_only_given(self, words: list[str], state: ShellState) -> bool:
        """True for a program that is no wrapper, shell or interpreter: words that a user may add are options of it."""
        words = words[1:] if words[0] in ("exec", "command") else words
        name = likely(words[0]) if words else ""
        if name in state.functions or name in state.aliases or name in self.own_commands:
            return False
        program = self.find_program(name, state)
        if program is None:
            return False
        because = Because(self.path.strip("/"), "runs", self.line)
        return is_unknown(starting(self._caller(state), program, self._arguments(words, state), because), self.files)

    def _is_command(self, words: list[str], state: ShellState) -> bool:
        return bool(words) and self.is_callable(likely(words[0]), state)

    def is_callable(self, name: str, state: ShellState) -> bool:
        """True for the name of a function, a builtin or a program of the image."""
        return name in state.functions or name in self.own_commands or self.find_program(name, state) is not None

    def _dispatched(self, words: list[str], state: ShellState) -> list[ShellState]:
        name = likely(words[0])
        if name in state.aliases and self.depth < MAX_DEPTH:
            return self._alias(name, words, state)
        if name in state.functions:
            return self._function(name, words[1:], state)
        if name in self.own_commands:
            return self.own_commands[name](self, words, state)
        return self.external(words, state)

    def _alias(self, name: str, words: list[str], state: ShellState) -> list[ShellState]:
        """Run a command whose first word an alias replaces, once."""
        text = state.aliases.pop(name)
        rest = " ".join(_quoted(word) for word in words[1:])
        states = self.nested(f"{text} {rest}", state)
        for each in states:
            each.aliases[name] = text
        return states

    def _function(self, name: str, arguments: list[str], state: ShellState) -> list[ShellState]:
        if self.depth >= MAX_DEPTH:
            self.add_gap("is nested too deeply to be followed")
            return [state]
        bodies = state.functions[name]
        states = [self._body(body, arguments, state.copy() if len(bodies) > 1 else state) for body in bodies]
        return merged((each for some in states for each in some), keeps_status=True)

    def _body(self, body: Command, arguments: list[str], state: ShellState) -> list[ShellState]:
        """Run a function: its arguments and local variables end with it."""
        positional, outer, line = state.positional, state.outer, self.line
        state.positional, state.outer = tuple(arguments), {}
        returned, self.frame.returned = self.frame.returned, []
        loops, self.frame.loops = self.frame.loops, []
        self.depth += 1
        states = self._command(body, state) + self.frame.returned
        self.depth -= 1
        self.frame.returned, self.frame.loops = returned, loops
        for each in states:
            for name, value in each.outer.items():
                _restore(each, name, value)
            each.positional, each.outer = positional, dict(outer)
        self.line = line if not self._is_nested else self.line
        return states

    # Programs

    def external(self, words: list[str], state: ShellState, *, is_exec: bool = False) -> list[ShellState]:
        """Start a program, which ends the shell with `exec`."""
        self._note_effects(words, state)
        written = self._known_output(self, words, state)
        self._start(words, state)
        is_done = written is not None and UNKNOWN not in written and posixpath.basename(likely(words[0])) in _SUCCEEDING
        state.status = truth(True, is_certain=is_certain(written or "")) if is_done else OPEN
        if is_exec:
            return self.end(state)
        if written is None:
            state.write(UNKNOWN)
            state.is_input_shared = True
            state.has_run_scripts = True
        else:
            state.write(written)
        return [state]

    def _start(self, words: list[str], state: ShellState) -> None:
        if words[0] == MANY:
            self.add_gap("runs a program that is known only at run time")
            words = words[1:]
            if not words or not self._is_command(words, state):
                return
        name = likely(words[0])
        if UNKNOWN in name or is_unset(words[0]):
            if UNKNOWN in name or state.is_certain:
                self.add_gap("runs a program that is known only at run time")
            return
        program = self.find_program(name, state)
        if program is None:
            self._note_missing(name, state)
            return
        if self.tests.is_made(program):
            self.add_gap("runs a program that a script writes")
        self._add_start(program, self._arguments(words, state), state)

    def _arguments(self, words: list[str], state: ShellState) -> tuple[str, ...]:
        """Return the arguments of a program; a shell that reads its script from a pipe gets it as `-c`."""
        arguments = tuple(settled(word) for word in words[1:])
        name = posixpath.basename(words[0])
        if name == "xargs" and state.input is not None:
            behind = behind_wrapper((name, *arguments))
            if behind is not None and behind > len(arguments):  # it writes its input by `echo`
                return arguments
            return (*arguments, *(settled(state.input).split() if UNKNOWN not in state.input else (UNKNOWN,)))
        if state.input is None or not runs_its_input((name, *arguments)):
            return arguments
        option = _CODE_OPTIONS.get(name.rstrip("0123456789."))
        if is_known(state.input):
            text = likely(state.input)
            if option is not None:
                return (option, text, *((name,) if option == "-c" and name in _SHELLS else ()), *arguments[1:])
            if name in STARTING_SQL and not STARTING_SQL[name].search(text):
                return arguments
        self.add_gap("runs a script that comes from its standard input")
        return arguments

    def _add_start(self, program: str, arguments: tuple[str, ...], state: ShellState) -> None:
        because = Because(self.path.strip("/"), "runs", self.line)
        started = starting(self._caller(state), program, arguments, because)
        self.steps[msgspec.structs.replace(started, is_certain=state.is_certain)] = None

    def _caller(self, state: ShellState) -> StartedProgram:
        values = {name: state.values.get(name) for name in state.exported}
        environment = sorted((name, settled(value)) for name, value in values.items() if value is not None)
        templates = tuple(sorted((dict(self.shell.templates) | self._templates).items()))
        return msgspec.structs.replace(
            self.shell, environment=tuple(environment), folder=settled(state.folder), templates=templates
        )

    def find_program(self, name: str, state: ShellState) -> str | None:
        """Return the path of a program that a state starts by name."""
        path = settled(state.values.get("PATH") or "")
        caller = msgspec.structs.replace(self.shell, environment=(("PATH", path),), folder=settled(state.folder))
        return program_at(name, caller, self.files)

    def _note_missing(self, name: str, state: ShellState) -> None:
        """Add a gap for a program that is not there, if it may come into being or the search path is not known."""
        if "/" in name:
            whole = posixpath.join("/", settled(state.folder), name)
            is_open = UNKNOWN in whole or self.tests.may_become_program(whole)
        else:
            is_open = UNKNOWN in settled(state.values.get("PATH") or "") or self.tests.is_installing
        if is_open and name:
            self.add_gap(f"runs {name[:100]!r}, which is not in the image")

    def _note_effects(self, words: list[str], state: ShellState) -> None:
        """Note the files that a program changes, and whether it installs something."""
        start = 0
        while (behind := behind_wrapper([likely(word) for word in words], start)) is not None:
            start = behind
        command = words[start:]
        if command:
            for path, is_made in written_by(command):
                self.note_written(path, state, is_made=is_made, is_removed=is_remover(command))
            self.is_installing = self.is_installing or is_installer(command)

    # Ends and gaps

    def end(self, state: ShellState) -> list[ShellState]:
        """End the shell in a state: nothing goes on."""
        self.failures += state.is_certain and state.status.likely is False
        self.frame.exited.append(state)
        return []

    def add_opened(self, path: str, how: str, state: ShellState) -> None:
        """Note that a file is read."""
        because = Because(self.path.strip("/"), how, self.line)
        self.steps[Opened(path=path, because=because, is_certain=state.is_certain)] = None

    def add_gap(self, reason: str) -> None:
        """Note what could not be determined."""
        self.steps[Gap(kind=EVERYTHING, reason=reason, path=self.path.strip("/"), line=self.line or None)] = None


def _split(states: Iterable[ShellState]) -> tuple[list[ShellState], list[ShellState]]:
    """Return the states in which the last status holds, and those in which it does not; an open one is in both."""
    holds, fails = list[ShellState](), list[ShellState]()
    for state in states:
        found = state.status
        if found.value is None:
            other = state.copy()
            other.is_certain = state.is_certain and found.likely is not True
            other.status = FALSE
            fails.append(other)
            state.is_certain = state.is_certain and found.likely is not False
            state.status = TRUE
            holds.append(state)
        else:
            (holds if found.value else fails).append(state)
    return holds, fails


def _after_subshell(state: ShellState, ends: list[ShellState]) -> list[ShellState]:
    """Return the state of a shell behind a subshell; none if that never ends."""
    if not ends:
        return []
    state.status = status_of(ends)
    if state.output is not None:
        state.output = output_of(ends)
    return [state]


def _widened(widest: ShellState, states: list[ShellState]) -> list[ShellState]:
    """Return one state in which everything is unknown that ever differed; `widest` becomes it."""
    for state in states:
        widest.absorb(state)
        widest.input = None if widest.input is None else UNKNOWN
    return [widest.copy()] if states else []


def _restore(state: ShellState, name: str, value: str | None) -> None:
    state.choices.pop(name, None)
    if value == UNSET:
        state.values.pop(name, None)
    else:
        state.values[name] = value


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def _runs_script(arguments: tuple[str, ...]) -> bool:
    """True for a shell that is given a script or a text, and not made interactive."""
    options = [word for word in arguments if word.startswith(("-", "+"))]
    return len(options) < len(arguments) and not any("i" in word for word in options if not word.startswith("--"))


def _sources_from_home(command: Simple) -> bool:
    """True for `. ~/file` and `. "$HOME/file"`."""
    if len(command.words) < 2 or command.words[0] not in _SOURCING:
        return False
    first = next((part for part in command.words[1] if part != Literal("", is_quoted=True)), None)
    if isinstance(first, Literal):
        return first.text.startswith("~/") and not first.is_quoted
    return isinstance(first, Parameter) and first.name == "HOME" and not first.operator


def _only_input(body: tuple[Item, ...]) -> Redirection | None:
    """Return the redirection of `$(< file)`."""
    if len(body) != 1 or body[0].others or len(body[0].first.commands) != 1:
        return None
    command = body[0].first.commands[0]
    if isinstance(command, Simple) and not command.words and len(command.redirections) == 1:
        return command.redirections[0] if command.redirections[0].operator == "<" else None
    return None

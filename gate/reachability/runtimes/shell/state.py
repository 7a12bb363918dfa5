"""The state of a shell between two commands, as far as it is known, and the states in which a script may be."""

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import takewhile

from gate.reachability.runtimes.shell.syntax import Command
from gate.reachability.runtimes.shell.values import (
    MANY,
    OPEN,
    TRUE,
    UNSET,
    Truth,
    assumed,
    in_common,
    is_certain,
    joined,
)
from gate.reachability.runtimes.walk.graph import UNKNOWN

MAX_STATES = 6
"""States of one script at the same time; of more, what differs becomes unknown."""
_MAX_CHOICES = 3
"""Values that are remembered of a variable which two states have with different ones."""
_MAX_OUTPUT = 1 << 16
"""Characters of known output."""
Value = str | None
"""The value of a variable; None for one that is certainly not set."""


class ShellState:
    """Variables, arguments and the rest of one shell. It changes from command to command."""

    def __init__(self, values: dict[str, Value], positional: tuple[str, ...], folder: str) -> None:
        self.values = values
        """A variable that is missing may be set by the user of the image."""
        self.choices: dict[str, tuple[str, ...]] = {}
        """By variable that is unknown: the values of which it has one, if these are known."""
        self.exported = frozenset(values)
        self.arrays: dict[str, tuple[str, ...]] = {}
        self._positional = positional
        self.argument_lists: tuple[tuple[str, ...], ...] = ()
        """The lists of which one is `positional`, if that is not known, but these are."""
        self.folder = folder
        self.functions: dict[str, tuple[Command, ...]] = {}
        """By name; several bodies if it depends on the run which is defined."""
        self.aliases: dict[str, str] = {}
        self.status: Truth = TRUE
        self.output: str | None = None
        """What was written to the standard output, if something reads it."""
        self.input: str | None = None
        """What can be read from the standard input; None for that of the container."""
        self.is_input_shared = False
        """True if a program may have read of the input."""
        self.is_certain = True
        """False if the script comes to this state only with settings that the image does not have."""
        self.exports_all = False
        self.outer: dict[str, Value] = {}
        """Values that a function's local variables hide; the value of one that was missing is `UNSET`."""
        self.has_run_scripts = False
        """True if a script was started before, which may have changed files."""

    def copy(self) -> "ShellState":
        """Return a state that changes by itself."""
        other = ShellState.__new__(ShellState)
        other.__dict__.update(self.__dict__)
        other.values = dict(self.values)
        other.choices = dict(self.choices)
        other.arrays = dict(self.arrays)
        other.functions = dict(self.functions)
        other.aliases = dict(self.aliases)
        other.outer = dict(self.outer)
        return other

    @property
    def positional(self) -> tuple[str, ...]:
        """The arguments; those of a function while it runs."""
        return self._positional

    @positional.setter
    def positional(self, words: tuple[str, ...]) -> None:
        self._positional, self.argument_lists = words, ()

    def value(self, name: str) -> Value:
        """Return a variable's value."""
        return self.values.get(name, UNSET)

    def assign(self, name: str, value: Value) -> None:
        """Set a variable, or with None unset it."""
        self.values[name] = value
        self.choices.pop(name, None)
        self.arrays.pop(name, None)
        if self.exports_all:
            self.exported |= {name}

    def chosen(self, names: Iterable[str]) -> "list[ShellState]":
        """Return a state for each of the values that variables may have, or with `@` the arguments."""
        states = [self.copy()]
        for name in names:
            options: tuple[object, ...] = self.argument_lists if name == "@" else self.choices[name]
            states = [state.copy() for state in states for _ in options]
            for number, state in enumerate(states):
                state._choose(name, number % len(options))
        return states

    def _choose(self, name: str, number: int) -> None:
        if name == "@":
            self.positional = self.argument_lists[number]
        else:
            self.assign(name, self.choices[name][number])

    def forget_choice(self, before: "ShellState", chosen: "ShellState", names: Iterable[str]) -> None:
        """Undo what was chosen, if it is still so: `before` is the state of which `chosen` was made."""
        for name in names:
            if name == "@" and self.positional == chosen.positional:
                self._positional, self.argument_lists = before.positional, before.argument_lists
            elif name != "@" and self.value(name) == chosen.value(name):
                self.values[name], self.choices[name] = UNKNOWN, before.choices[name]

    def _lists(self) -> tuple[tuple[str, ...], ...]:
        """Return the lists of which one are the arguments; none if nothing is known of these."""
        return self.argument_lists or (() if self.positional[:1] == (MANY,) else (self.positional,))

    def _choices_of(self, name: str) -> tuple[str, ...]:
        """Return the values of which a variable has one; none if they are not known for certain."""
        value = self.value(name)
        if value == UNKNOWN:
            return self.choices.get(name, ())
        return () if value is None or not is_certain(value) else (value,)

    def assign_unknown_name(self) -> None:
        """Note that some variable was set: each may have another value now."""
        self.choices.clear()
        for name, value in self.values.items():
            self.values[name] = assumed(value or "")

    def write(self, text: str) -> None:
        """Add to the output."""
        if self.output is not None:
            whole = self.output + text
            self.output = whole if len(whole) <= _MAX_OUTPUT else UNKNOWN

    def _rest(self) -> tuple[object, ...]:
        """What has to be the same in two states that become one."""
        texts = (self.output, self.input, tuple(self.aliases.items()), frozenset(self.outer.items()))
        return (*texts, self.is_input_shared, self.exports_all, self.has_run_scripts)

    def key(self) -> tuple[object, ...]:
        """Return what identifies the state, without its last status and its certainty."""
        return (
            frozenset(self.values.items()),
            frozenset(self.choices.items()),
            frozenset(self.arrays.items()),
            self.exported,
            self.positional,
            self.argument_lists,
            self.folder,
            frozenset((name, tuple(map(id, bodies))) for name, bodies in self.functions.items()),
            *self._rest(),
        )

    def absorb(self, other: "ShellState") -> None:
        """Make what differs from `other` unknown."""
        for name in self.values.keys() | other.values.keys():
            here, there = self._choices_of(name), other._choices_of(name)
            every = tuple(sorted({*here, *there})) if here and there else ()
            choices = every if len(every) <= _MAX_CHOICES else ()
            if self.value(name) != other.value(name) or (name in self.values) != (name in other.values):
                values = every or (self.value(name), other.value(name))
                self.values[name] = UNKNOWN if choices else reduce(in_common, values)
            if self.value(name) == UNKNOWN:
                self._remember(name, choices)
            else:
                self.choices.pop(name, None)
        for name in self.arrays.keys() | other.arrays.keys():
            if self.arrays.get(name) != other.arrays.get(name):
                self.arrays[name] = (MANY,)
        self.exported |= other.exported
        if self.positional != other.positional or self.argument_lists != other.argument_lists:
            lists, others = self._lists(), other._lists()
            self.positional = (*_begin_of(self.positional, other.positional), MANY)
            self.argument_lists = _few_lists({*lists, *others}) if lists and others else ()
        if self.folder != other.folder:
            self.folder = UNKNOWN
        for name, bodies in other.functions.items():
            known = {id(body): body for body in (*self.functions.get(name, ()), *bodies)}
            self.functions[name] = tuple(known.values())
        self._absorb_rest(other)

    def _remember(self, name: str, choices: tuple[str, ...]) -> None:
        self.choices.pop(name, None)
        if choices:
            self.choices[name] = choices

    def _absorb_rest(self, other: "ShellState") -> None:
        self.status = joined(self.status, other.status)
        self.is_certain = self.is_certain or other.is_certain
        self.is_input_shared = self.is_input_shared or other.is_input_shared
        self.exports_all = self.exports_all or other.exports_all
        self.has_run_scripts = self.has_run_scripts or other.has_run_scripts
        if self.output != other.output:
            self.output = UNKNOWN
        if self.input != other.input:
            self.input = UNKNOWN
        for name in self.outer.keys() | other.outer.keys():
            if self.outer.get(name) != other.outer.get(name):
                self.outer[name] = UNKNOWN
        for name, text in other.aliases.items():
            self.aliases[name] = text if self.aliases.get(name) == text else UNKNOWN


def _few_lists(lists: set[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return lists of arguments; of more than are remembered, those with the same first word become one."""
    if len(lists) > _MAX_CHOICES:
        by_first: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for one in sorted(lists):
            by_first.setdefault(one[:1], []).append(one)
        lists = {(*_begin_of(some[0], some[-1]), MANY) if len(some) > 1 else some[0] for some in by_first.values()}
    return tuple(sorted(lists)) if len(lists) <= _MAX_CHOICES else ()


def _begin_of(here: tuple[str, ...], there: tuple[str, ...]) -> Iterator[str]:
    """Yield the words with which both lists begin."""
    both = takewhile(lambda pair: pair[0] == pair[1] != MANY, zip(here, there, strict=False))
    return (word for word, _ in both)


def merged(states: Iterable[ShellState], *, keeps_status: bool = False) -> list[ShellState]:
    """Return the states that differ, MAX_STATES at most."""
    states = list(states)
    if len(states) < 2:
        return states
    different: dict[tuple[object, ...], ShellState] = {}
    for state in states:
        key = (*state.key(), state.status) if keeps_status else state.key()
        known = different.setdefault(key, state)
        known.is_certain = known.is_certain or state.is_certain
        known.status = joined(known.status, state.status)
    return _few(list(different.values()))


def _few(states: list[ShellState]) -> list[ShellState]:
    if len(states) <= MAX_STATES:
        return states
    first: dict[bool, ShellState] = {}
    for state in states:
        if state.is_certain in first:
            first[state.is_certain].absorb(state)
        else:
            first[state.is_certain] = state
    return list(first.values())


def outputs(states: Iterable[ShellState]) -> dict[str, bool]:
    """Return what several states have written, each text with whether one of them is certain."""
    found: dict[str, bool] = {}
    for state in states:
        found[state.output or ""] = found.get(state.output or "", False) or state.is_certain
    return found


def output_of(states: Iterable[ShellState]) -> str:
    """Return what several states have written, if it is the same."""
    known = outputs(states)
    return next(iter(known)) if len(known) == 1 else UNKNOWN


def status_of(states: Iterable[ShellState]) -> Truth:
    """Return what is known of the status of several states."""
    found: Truth | None = None
    for state in states:
        found = state.status if found is None else joined(found, state.status)
    return OPEN if found is None else found

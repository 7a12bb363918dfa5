"""Defaults of variables that a shell script gives by a test: `[ -z "$MODE" ] && MODE=web` is `MODE=${MODE:-web}`."""

from gate.reachability.runtimes.shell.syntax import (
    Command,
    If,
    Item,
    Literal,
    Parameter,
    Pipeline,
    ShellAssignment,
    Simple,
    Word,
)

_EMPTY, _FULL = "-z", "-n"
_NOTHING = Literal("", is_quoted=True)
"""What a quote begins with."""


def default_of(item: Item) -> Simple | None:
    """Return the assignment of `${NAME:-default}` that is all an item does; None if it does anything else."""
    if item.is_background or len(item.first.commands) != 1 or item.first.is_negated:
        return None
    tested, assigned = _parts(item.first.commands[0], item.others)
    assignment = _only_assignment(assigned)
    if tested is None or assignment is None or tested != assignment.name:
        return None
    value = (Parameter(name=tested, operator=":-", argument=assignment.value, is_quoted=True),)
    return Simple(words=(), assignments=(ShellAssignment(name=tested, value=value),), redirections=(), line=item.line)


def _parts(first: Command, others: tuple[tuple[str, Pipeline], ...]) -> tuple[str | None, Command | None]:
    """Return the variable that has to be empty, and the command that runs if it is."""
    if isinstance(first, If):
        return _of_branch(first) if not others else (None, None)
    if len(others) != 1 or others[0][1].is_negated:
        return None, None
    sign = {"&&": _EMPTY, "||": _FULL}[others[0][0]]
    return _variable(first, sign), _only(others[0][1].commands)


def _of_branch(command: If) -> tuple[str | None, Command | None]:
    if len(command.branches) != 1 or command.otherwise:
        return None, None
    condition, body = (_only_command(items) for items in command.branches[0])
    return (_variable(condition, _EMPTY) if condition is not None else None), body


def _only_command(items: tuple[Item, ...]) -> Command | None:
    if len(items) != 1 or items[0].others or items[0].is_background or items[0].first.is_negated:
        return None
    return _only(items[0].first.commands)


def _only(commands: tuple[Command, ...]) -> Command | None:
    return commands[0] if len(commands) == 1 else None


def _variable(command: Command, sign: str) -> str | None:
    """Return the variable of a test with this sign, as `[ -z "$name" ]`."""
    if not isinstance(command, Simple) or command.assignments or command.redirections:
        return None
    words = [_text(word) for word in command.words]
    if (words[:2] == ["test", sign] and len(words) == 3) or (words[:2] == ["[", sign] and words[3:] == ["]"]):
        return _plain_parameter(command.words[2])
    return None


def _text(word: Word) -> str | None:
    return word[0].text if len(word) == 1 and isinstance(word[0], Literal) else None


def _plain_parameter(word: Word) -> str | None:
    """Return the name of a quoted parameter without more."""
    parts = [part for part in word if part != _NOTHING]
    part = parts[0] if len(parts) == 1 else None
    if isinstance(part, Parameter) and part.is_quoted and not (part.operator or part.subscript or part.argument):
        return part.name
    return None


def _only_assignment(command: Command | None) -> ShellAssignment | None:
    if not isinstance(command, Simple) or command.words or command.redirections or len(command.assignments) != 1:
        return None
    one = command.assignments[0]
    return None if one.is_added or one.subscript or one.elements is not None else one

"""The command line as data, read from the commands' own parsers: for completions and the manual page."""

import argparse
from collections.abc import Iterator

import msgspec

from gate.cli import COMMANDS, QUIET, VERBOSE, module_of, parser_of


class OptionHelp(msgspec.Struct, frozen=True, kw_only=True):
    """An option of a command."""

    flags: tuple[str, ...]
    value: str
    """What the value is called; empty if it takes none."""
    text: str


class CommandHelp(msgspec.Struct, frozen=True, kw_only=True):
    """A command, or an action of one (`db update`)."""

    words: tuple[str, ...]
    """What is typed after `gate`."""
    text: str
    options: tuple[OptionHelp, ...]
    operands: tuple[tuple[str, str], ...]
    """Name and text of each."""
    actions: tuple["CommandHelp", ...] = ()


def commands() -> list[CommandHelp]:
    """Return every command in the order of the help."""
    return [_command(name, text) for name, text in COMMANDS.items()]


def _command(name: str, text: str) -> CommandHelp:
    parser = parser_of(name, module_of(name), shows_all=True)
    return _described((name,), text, parser)


def _described(words: tuple[str, ...], text: str, parser: argparse.ArgumentParser) -> CommandHelp:
    options = [_option(action) for action in parser._actions if action.option_strings and _is_shown(action)]
    known = {flag for option in options for flag in option.flags}
    for flags, meaning in ((QUIET, "print no confirmations"), (VERBOSE, "log each step")):
        if flags[0] not in known:
            options.append(OptionHelp(flags=flags, value="", text=meaning))
    return CommandHelp(
        words=words,
        text=text,
        options=tuple(options),
        operands=tuple(_operands(parser)),
        actions=tuple(_actions(words, parser)),
    )


def _is_shown(action: argparse.Action) -> bool:
    return action.help != argparse.SUPPRESS


def _option(action: argparse.Action) -> OptionHelp:
    value = ""
    if action.nargs != 0:
        choices = "|".join(map(str, action.choices or ()))
        value = str(action.metavar or choices or action.dest.upper())
    return OptionHelp(flags=tuple(action.option_strings), value=value, text=action.help or "")


def _operands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in parser._actions:
        if not (action.option_strings or isinstance(action, argparse._SubParsersAction)):
            yield str(action.metavar or action.dest), action.help or ""


def _actions(words: tuple[str, ...], parser: argparse.ArgumentParser) -> Iterator[CommandHelp]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            texts = {one.dest: one.help or "" for one in action._choices_actions}
            for name, own in action.choices.items():
                yield _described((*words, name), texts.get(name, ""), own)

"""Print completions for bash, zsh or fish, or the manual page; all are made from the commands' own options."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping

from gate import __version__
from gate.cli import EXAMPLES, EXIT_STATUSES
from gate.cli.described import CommandHelp, OptionHelp, commands

_KINDS = ("bash", "zsh", "fish", "man")
_BASH = """\
# bash completion for gate: source <(gate completion bash)
_gate() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} choices=
  case "$COMP_CWORD ${{COMP_WORDS[1]}} ${{COMP_WORDS[2]}}" in
    "1 "*) choices="{names}" ;;
{cases}
  esac
  COMPREPLY=($(compgen -W "$choices" -- "$current"))
}}
complete -o default -F _gate gate
"""
_ZSH = """\
#compdef gate
# zsh completion for gate: gate completion zsh > a folder of $fpath, as _gate
_gate() {{
  local -a choices
  case "$((CURRENT - 1)) $words[2] $words[3]" in
    "1 "*) choices=({names}) ;;
{cases}
  esac
  _describe -o 'gate' choices || _files
}}
compdef _gate gate
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate completion`."""
    parser.add_argument(
        "of", choices=_KINDS, metavar=f"{{{','.join(_KINDS)}}}", help="a shell, or man for the manual page"
    )


def run(options: argparse.Namespace) -> int:
    """Print it and return the exit status."""
    writers = dict(zip(_KINDS, (_bash, _zsh, _fish, _man), strict=True))
    sys.stdout.write(writers[options.of](commands()))
    return 0


def _bash(known: list[CommandHelp]) -> str:
    cases = [f'    {pattern}) choices="{" ".join(_choices(one))}" ;;' for pattern, one in _cases(known)]
    return _BASH.format(names=" ".join(one.words[0] for one in known), cases="\n".join(cases))


def _zsh(known: list[CommandHelp]) -> str:
    names = " ".join(_described(one.words[0], one.text) for one in known)
    cases = [f"    {pattern}) choices=({_listed(_choices(one))}) ;;" for pattern, one in _cases(known)]
    return _ZSH.format(names=names, cases="\n".join(cases))


def _listed(choices: Mapping[str, str]) -> str:
    return " ".join(_described(name, text) for name, text in choices.items())


def _cases(known: Iterable[CommandHelp]) -> Iterator[tuple[str, CommandHelp]]:
    """Yield the pattern for which a command's words are offered, actions before the command that has them."""
    for command in known:
        yield from ((f'*" {action.words[0]} {action.words[1]}"', action) for action in command.actions)
        yield f'*" {command.words[0]} "*', command


def _choices(command: CommandHelp) -> dict[str, str]:
    actions = {action.words[-1]: action.text for action in command.actions}
    return actions | {flag: option.text for option in command.options for flag in option.flags}


def _described(name: str, text: str) -> str:
    """Return a word for zsh's `_describe`, quoted."""
    return "'" + f"{name}:{text}".replace("'", "'\\''") + "'"


def _fish(known: list[CommandHelp]) -> str:
    lines = [
        "# fish completion for gate: gate completion fish | source",
        "complete -c gate -f -n __fish_use_subcommand",
    ]
    for command in known:
        name = command.words[0]
        lines.append(f"complete -c gate -n __fish_use_subcommand -a {name} -d {_quoted(command.text)}")
        seen = f"__fish_seen_subcommand_from {name}"
        for action in command.actions:
            lines.append(f"complete -c gate -n {_quoted(seen)} -a {action.words[-1]} -d {_quoted(action.text)}")
        options = {option.flags: option for one in (command, *command.actions) for option in one.options}
        lines += [f"complete -c gate -n {_quoted(seen)} {_fish_option(option)}" for option in options.values()]
    return "\n".join(lines) + "\n"


def _fish_option(option: OptionHelp) -> str:
    flags = [f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags]
    takes_value = ["-r"] if option.value else []
    return " ".join([*flags, *takes_value, f"-d {_quoted(option.text)}"])


def _quoted(text: str) -> str:
    """Return a word of fish, in which a backslash escapes a quote."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _man(known: list[CommandHelp]) -> str:
    """Return the page as man(7) describes its source."""
    lines = [f'.TH GATE 1 "" "gate {__version__}" "User Commands"', ".SH NAME"]
    lines += [r"gate \- judge a repository and its images with one verdict", ".SH SYNOPSIS"]
    lines += [r".B gate", r"\fICOMMAND\fR [\fIOPTION\fR ...]", ".SH EXAMPLES"]
    for line, text in EXAMPLES.items():
        lines += [".TP", rf"\fB{_roff(line)}\fR", _roff(text)]
    lines.append(".SH COMMANDS")
    for command in known:
        for one in (command, *command.actions):
            lines += _man_command(one)
    lines.append(".SH EXIT STATUS")
    for number, text in EXIT_STATUSES.items():
        lines += [".TP", str(number), _roff(text)]
    return "\n".join(lines) + "\n"


def _man_command(command: CommandHelp) -> Iterator[str]:
    operands = " ".join(rf"\fI{_roff(name)}\fR" for name, _ in command.operands)
    yield f".SS gate {_roff(' '.join(command.words))} {operands}".rstrip()
    yield _roff(command.text)
    for name, text in command.operands:
        yield from (".TP", rf"\fI{_roff(name)}\fR", _roff(text))
    for option in command.options:
        flags = ", ".join(rf"\fB{_roff(flag)}\fR" for flag in option.flags)
        value = rf" \fI{_roff(option.value)}\fR" if option.value else ""
        yield from (".TP", flags + value, _roff(option.text))


def _roff(text: str) -> str:
    r"""Escape what roff would read as its own: backslashes, hyphens, and a dot or quote at the start of a line."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace("…", "...")
    return rf"\&{plain}" if plain.startswith((".", "'")) else plain

"""What a step runs, disguises undone: a second reading for rules that look for what a command comes to.

Here variables stand for their values (of ARG, ENV and the script itself), `$IFS` for a blank, `$'\\x63'` and
`{curl,-O}` for what a shell makes of them; `busybox wget` is wget, and a program that was copied or has an alias goes
by its own name. The code of `eval`, `trap`, `env -S`, `BASH_ENV` and `system("…")` is read. It is coarse, so its places
are whole instructions, and it adds to what the plain reading finds.
"""

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice, pairwise

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.commands import SHELLS, program_of, unwrap
from gate.dockerfile.flow import INTERPRETER
from gate.dockerfile.other_names import Names, by_its_name, names_in, other_names, scripts_of_aliases
from gate.dockerfile.scripts import text_of
from gate.dockerfile.shell import SimpleCommand, parse_script
from gate.dockerfile.step import Command, Step
from gate.dockerfile.text import JoinedText, holds_any
from gate.dockerfile.wrappers import OF_USERS
from gate.dockerfile.written import exported_by

MAX_TEXT = 64 << 10
"""Characters of a script; a longer one is not read a second time."""
MAX_DEPTH = 8
"""Scripts in scripts."""
_ROUNDS = 3
"""Variables whose values name variables."""
_MAX_COMMANDS = 2000
_FOREIGN = frozenset({"cmd", "cmd.exe", "powershell", "powershell.exe", "pwsh", "pwsh.exe"})
_BOXES = frozenset({"busybox", "toybox"})
RUN_BY_SHELLS = frozenset({"BASH_ENV", "ENV", "PROMPT_COMMAND"})
"""Variables whose value shells expand, or run, when they start or wait for a command."""
_SPEAKERS = frozenset({"echo", "printf", "cat", "grep", "sed", "tee", "rm", "git", "test", "["})
"""Programs whose words are no commands, whatever they are called."""
_QUOTING = str.maketrans("", "", "\"'\\$\n")


class Unveiled:
    """What a step runs; parsed on first use, as its text alone shows most rules that it is not theirs."""

    def __init__(self, text: str, step: Step | None) -> None:
        """`text` is a script of the step's shell, or without a step the code of an interpreter."""
        self.text = text
        self._step = step

    @cached_property
    def bare(self) -> str:
        """The text in small letters without what quotes and joins: all that its words hold stands in it."""
        return self.text.translate(_QUOTING).lower()

    @property
    def has_other_names(self) -> bool:
        """True if words may stand for what other steps say, and the text does not hold."""
        return self._step is not None and bool(other_names(self._step))

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The commands of a script."""
        return tuple(_commands_in(self.text, self._step)) if self._step is not None and self.text else ()

    @cached_property
    def code(self) -> tuple[str, ...]:
        """What interpreters such as Python are given."""
        return (self.text,) if self._step is None else tuple(_code_in(self.commands))


NOTHING = Unveiled("", None)


_REFERENCE = re.compile(r"\$[{A-Za-z']")
_BEFORE_COMMAND = ("sudo", "env", "exec", "then", "do", "else", "eval", "time", "-c")
_SIGNS = (
    *("xargs", "trap", "awk", "box", "eval", "find", "script", "watch", "parallel", "which", "su", "vi", "env", "nc"),
    *("netcat", "socat", "telnet", "ssh", "gsutil", "aws", "command", "system", "popen", "exec", "run(", "/dev/tcp"),
    *("alias", "BASH_ENV", "PROMPT_COMMAND", "ENV="),
    *(
        ">(",
        "> (",
        "()",
        "<<",
        "python",
        "perl",
        "ruby",
        "node",
        "php",
        "lua",
        "pwsh",
        "deno",
        "bun",
        "-o ",
        "+o ",
        "-O ",
    ),
    *("+O ", "{"),
)
"""One of them is in each text that `_DISGUISED` finds something in; to look for them costs little."""
_DISGUISED = re.compile(
    r"""
      \{[^\s{},$]+,
    | \b(?:xargs|trap|awk|gawk|mawk|busybox|toybox|eval|find|script|watch|parallel|which|runuser|su|vim?|env)\b
    | \b(?:nc|ncat|netcat|socat|telnet|ssh|gsutil|aws)\b | ssh-agent | command[ \t]+-v | (?:system|popen|exec|run)\s*\(
    | \balias[ \t] | \b(?:BASH_ENV|ENV|PROMPT_COMMAND)=
    | /dev/tcp | >[ \t]*>?\( | \(\)\s*\{ | <<
    | \b(?:python|perl|ruby|node|nodejs|php|lua|pwsh|deno|bun)[\d.]*[ \t] | [ \t][-+][oO][ \t]+\w+[ \t]+-\w*c
    """,
    re.VERBOSE,
)
"""What a step has that could be read another way than it stands; all others are read once."""


@lru_cache(maxsize=256)
def is_disguised(step: Step) -> bool:
    """True if a second reading of a step may show more than the first; to be asked before `unveiled`."""
    if step.name == "SHELL" or (step.shell and posixpath.basename(step.shell[0]) not in SHELLS):
        return True
    if step.name == "ENV":
        return any(name in RUN_BY_SHELLS for name, _, _ in step.assignments())
    text = words_of(step)
    if has_variable_command(text) or (holds_any(text, _SIGNS) and _DISGUISED.search(text) is not None):
        return True
    return holds_any(text, other_names(step))


def words_of(step: Step) -> str:
    """Return what stands behind an instruction's name and flags; heredocs are not among it."""
    instruction = step.instruction
    return instruction.text if instruction.is_exec or not instruction.arguments else instruction.arguments[-1].text


def has_variable_command(text: str) -> bool:
    """True if a variable may stand for a command, or for a part of a word."""
    return "$" in text and any(_may_be_command(text, found.start()) for found in _REFERENCE.finditer(text))


def _may_be_command(text: str, place: int) -> bool:
    """True if the variable at `place` stands where a command does, is a part of a word, or is `$'…'` or `$IFS`."""
    if text.startswith(("$'", "$IFS", "${IFS"), place):
        return True
    if place and (text[place - 1].isalnum() or text[place - 1] in "/}_"):
        return True
    before = text[max(0, place - 16) : place].rstrip(" \t\"'")
    return not before or before[-1] in "|;&(\n{`" or before.endswith(_BEFORE_COMMAND)


@lru_cache(maxsize=256)
def unveiled(step: Step) -> Unveiled:
    """Return what a RUN, CMD, ENTRYPOINT, HEALTHCHECK or SHELL runs, and what an ENV lets shells run."""
    instruction = step.instruction
    if step.name == "ENV":
        found = [value or "" for name, value, _ in step.assignments() if name in RUN_BY_SHELLS]
        return _of_script("\n".join(found), step) if found else NOTHING
    if step.name == "SHELL":
        return _of_script(shlex.join(instruction.values), step)
    if step.name not in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK") or not instruction.arguments:
        return NOTHING
    if instruction.is_exec:
        return _of_script(shlex.join(instruction.values), step)
    shell = posixpath.basename(step.shell[0]) if step.shell else "sh"
    if shell in _FOREIGN or (not step.shell and step.stage.is_windows):
        return NOTHING
    text = text_of(instruction).content if step.name == "RUN" else instruction.arguments[-1].text
    if INTERPRETER.fullmatch(shell):
        return Unveiled(text, None)
    return of_shebang(text, step)


def of_shebang(text: str, step: Step) -> Unveiled:
    """Return what a script runs whose first line may name its interpreter."""
    first = text.partition("\n")[0] if text.startswith("#!") else ""
    if any(INTERPRETER.fullmatch(posixpath.basename(word)) for word in first.removeprefix("#!").split()[:3]):
        return Unveiled(text[:MAX_TEXT], None)
    return _of_script(text, step)


def _of_script(text: str, step: Step) -> Unveiled:
    return NOTHING if len(text) > MAX_TEXT else Unveiled(_undisguised(text, step), step)


def _commands_in(text: str, step: Step) -> Iterator[Command]:
    places = (step.instruction.span(step.instruction.start, step.instruction.end)[0],)
    script = JoinedText(text, (0,), places, is_exact=False)
    seen = list(islice(_seen(parse_script(script), 0), _MAX_COMMANDS))
    names: Names = {**other_names(step), **dict(names_in(seen))}
    return (Command(step, _without_box(by_its_name(one, names)) if names else one) for one in seen)


# What a shell replaces

_ANSI_C = re.compile(r"\$'((?:[^'\\]|\\.)*+)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_BRACES = re.compile(r"(?P<start>(?:^|[;&|(\n])[ \t]*)\{(?P<words>[^\s{},$]+(?:,[^\s{}]+)+)\}")
_NAMED = r"\$\w+|\$\{\w+\}"
_ASSIGNED = lazy_regex(
    rf"""(?:^|[;&|\s(])([A-Za-z_]\w*)=("(?:[^"`$\\]|{_NAMED})*"|'[^']*'|(?:[^\s;&|()"'`<>${{}}]|{_NAMED})+)(?=[\s;&|)]|\Z)""",
    re.ASCII,
)
"""Assignments of what can be known."""
_VARIABLE = re.compile(
    r"\$(?:\{(?P<braced>[A-Za-z_]\w*|[0-9@*])(?::?(?P<kind>[-+=?])(?P<default>[^{}]*))?\}|(?P<bare>[A-Za-z_]\w*|[0-9@*]))",
    re.ASCII,
)


_LOOKED_UP = re.compile(r"(?:\$\(|`)[ \t]*(?:command[ \t]+-v|which|type[ \t]+-p)[ \t]+([\w./+-]+)[ \t]*(?:\)|`)")


def _undisguised(text: str, step: Step) -> str:
    text = _LOOKED_UP.sub(r"\1", text)
    text = _ANSI_C.sub(lambda found: f"'{_decoded(found[1])}'", text) if "$'" in text else text
    if "$" in text:
        own = {name: _bare(value) for name, value in _ASSIGNED.findall(text)}
        for _ in range(_ROUNDS):
            replaced = _VARIABLE.sub(lambda found: _value(found, own, step), text)
            if replaced == text or len(replaced) > MAX_TEXT:
                break
            text = replaced
    return _BRACES.sub(lambda found: found["start"] + found["words"].replace(",", " "), text) if "{" in text else text


def _decoded(text: str) -> str:
    def character(found: "re.Match[str]") -> str:
        if found[3] is not None:
            return {"n": "\n", "t": "\t"}.get(found[3], found[3])
        return chr(int(found[1], 16) if found[1] else int(found[2], 8) % 256)

    return _ESCAPE.sub(character, text)


def _bare(value: str) -> str:
    return value[1:-1] if value[:1] in ("'", '"') else value


def _value(found: "re.Match[str]", own: Mapping[str, str], step: Step) -> str:
    name = found["braced"] or found["bare"]
    if name == "IFS":
        return " "
    if not name[0].isalpha() and name[0] != "_":
        return ""  # an argument of a script, which gets none
    known = own.get(name)
    if known is None:
        value = step.stage.value(name, step.place)
        known = value if isinstance(value, str) else None
    if known is None and found["kind"] in ("-", "="):
        known = _bare(found["default"])
    return found[0] if known is None else known


# What is run by what is run

_IN_CODE = lazy_regex(
    r"(?:system|popen|shell_exec|passthru|execSync|exec|call|run|check_output|check_call|getoutput)\s{0,9}\(\s{0,9}[rbuf]?"
    r"""(?:"((?:[^"\\]|\\.){1,2000})"|'((?:[^'\\]|\\.){1,2000})')"""
)
_WITH_CODE = re.compile(r"g?awk|mawk|nawk|vim?|gdb")
_FUNCTION = re.compile(r"(?:^|[;&|\s])(?:function\s+)?([A-Za-z_][\w-]{0,60})\s{0,9}\(\)\s{0,9}\{([^{}]{1,4000})\}")


def _seen(commands: Iterable[SimpleCommand], depth: int) -> Iterator[SimpleCommand]:
    for command in commands:
        for one in unwrap(command):
            plain = _without_box(one)
            yield plain
            if depth < MAX_DEPTH:
                for script in inline_scripts(plain):
                    text = JoinedText(script, (0,), (command.text.position(0),), is_exact=False)
                    yield from _seen(parse_script(text), depth + 1)


def _without_box(command: SimpleCommand) -> SimpleCommand:
    is_box = program_of(command) in _BOXES and len(command.words) > 1
    return msgspec.structs.replace(command, words=command.words[1:]) if is_box else command


def inline_scripts(command: SimpleCommand) -> Iterator[str]:
    """Yield the scripts that stand in a command's words."""
    yield from (value for name, value, _ in exported_by(command) if name in RUN_BY_SHELLS)
    words = [word.text for word in command.words]
    program = program_of(command)
    if not words or program in _SPEAKERS:
        return
    yield from scripts_of_aliases(command)
    if " " in words[0]:
        yield " ".join(words)
    yield from _script_words(program, words)
    for place, word in enumerate(words[:-2]):
        if posixpath.basename(word) in SHELLS:
            yield from _code_of_shell(words[place + 1 :])
    if INTERPRETER.fullmatch(program) or _WITH_CODE.fullmatch(program):
        for word in words[1:]:
            yield from (double or single for double, single in _IN_CODE.findall(word))


def _script_words(program: str, words: list[str]) -> Iterator[str]:
    """Yield the words that a program, which is no shell itself, hands to one."""
    if program == "eval":
        yield " ".join(words[1:])
    elif program == "trap" and len(words) > 2:
        yield words[1]
    elif program in OF_USERS:
        yield from (value for option, value in pairwise(words) if option in ("-c", "--command"))
    elif program == "env":
        yield from (found for word in words[1:] if (found := _split_string(word)))
    elif program in ("script", "watch", "parallel"):
        yield from (word for word in words[1:] if " " in word)


def _code_of_shell(words: list[str]) -> Iterator[str]:
    """Yield the script behind the first `-c`, whatever options stand before it: `-o pipefail -lc SCRIPT`."""
    for place, word in enumerate(words[:-1]):
        if word[:1] == "-" and word[:2] != "--" and "c" in word:
            yield words[place + 1]
            return


def _split_string(word: str) -> str | None:
    """Return what `env -S'…'` or `env --split-string=…` splits; where it is a word of its own, that is a command."""
    if word.startswith("--split-string="):
        return word.partition("=")[2]
    return word[2:] if word.startswith("-S") and len(word) > 2 else None


def _code_in(commands: Iterable[Command]) -> Iterator[str]:
    """Yield what interpreters are given: on the command line, or as a heredoc."""
    for command in commands:
        if not INTERPRETER.fullmatch(command.program):
            continue
        yield " ".join(command.arguments)
        for redirect in command.syntax.redirects:
            if redirect.operator in ("<<", "<<-"):
                yield _behind(command.syntax.text.content, redirect.target.text)


def _behind(content: str, name: str) -> str:
    """Return the lines in front of the terminator `name`."""
    return content.partition("\n")[2].partition(f"\n{name}\n")[0]


def functions_in(step: Step) -> dict[str, str]:
    """Return the bodies of the functions that a step's script has, by their names."""
    if step.name != "RUN" or step.instruction.is_exec or not step.instruction.arguments:
        return {}
    text = text_of(step.instruction).content[:MAX_TEXT]
    return dict(_FUNCTION.findall(text)) if "()" in text else {}

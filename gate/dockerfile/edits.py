"""The changes that mend: each function returns the changes for one mechanical step, or none where a person has to look.

None is the answer wherever the text is not written as plainly as it is meant: JSON forms, quoted words, scripts whose
escapes are gone, a part that goes over comment lines.
"""

import re
from itertools import pairwise

from gate.dockerfile.hits import Change
from gate.dockerfile.shell import ShellWord, SimpleCommand, parse_script
from gate.dockerfile.step import Command, Step
from gate.dockerfile.syntax import Flag
from gate.dockerfile.text import JoinedText, Word

Changes = tuple[Change, ...]

_BLANKS = " \t"
_ENDS_THE_SCRIPT = frozenset({"exec", "exit", "return"})


def replace_part(step: Step, part: Word | Flag, text: str) -> Changes:
    """Put `text` in place of a part of an instruction."""
    return _replace(step.instruction.source, part.start, part.end, text)


def replace_word(command: Command, word: ShellWord, text: str) -> Changes:
    """Put `text` in place of a word that is written as it is meant, without quotes and escapes."""
    return _replace(command.syntax.text, word.start, word.end, text) if _is_plain(command, word) else ()


def replace_in_word(command: Command, word: ShellWord, old: str, new: str) -> Changes:
    """Put `new` in place of the first `old` in a word, whatever its quotes."""
    if not _can_change(command):
        return ()
    place = _written(command, word).find(old)
    if place < 0:
        return ()
    start = word.start + place
    return _replace(command.syntax.text, start, start + len(old), new)


def remove_word(command: Command, word: ShellWord) -> Changes:
    """Take a word out, with the blanks in front of it; one that has a line of its own goes with the line."""
    if not _is_plain(command, word):
        return ()
    text = command.syntax.text
    before = len(text.content[: word.start].rstrip(_BLANKS))
    line = text.position(word.start)[0]
    if before > 0 and text.position(before - 1)[0] == line:
        return _replace(text, before, word.end, "")
    behind = len(text.content) - len(text.content[word.end :].lstrip(_BLANKS))
    following = text.position(behind)[0]
    return (Change(((line, 1), (following, 1)), ""),) if following == line + 1 else ()


def remove_option(command: Command, option: str, letter: str) -> Changes:
    """Take out the word `option`, such as `--insecure` or `-k`; of a bundle such as `-fkL` its first `letter` alone."""
    word = next((word for word in command.words[1:] if word.text == option), None)
    if word is None:
        return ()
    is_bundle = len(option) > 2 and not option.startswith("--")
    return replace_word(command, word, option.replace(letter, "", 1)) if is_bundle else remove_word(command, word)


def remove_wrapper(command: Command) -> Changes:
    """Take the program's name out, so that what stands behind it is run: `sudo make` becomes `make`."""
    if len(command.words) < 2 or not _is_plain(command, command.words[0]) or command.words[1].text.startswith("-"):
        return ()
    return _replace(command.syntax.text, command.words[0].start, command.words[1].start, "")


def remove_instruction(step: Step) -> Changes:
    """Take out an instruction that has one line, unless a comment above it says something to a linter."""
    instruction = step.instruction
    if step.is_on_build or instruction.line != instruction.end_line or _has_pragma(step):
        return ()
    return (Change(((instruction.line, 1), (instruction.line + 1, 1)), ""),)


def prepend_command(step: Step, script: str) -> Changes:
    """Run `script` before all else that a RUN runs: `set -o pipefail`."""
    if not _is_one_script(step):
        return ()
    start = step.instruction.arguments[0].start
    return _replace(step.instruction.source, start, start, f"{script} && ")


def append_command(step: Step, script: str) -> Changes:
    """Run `script` behind all else that a RUN runs, laid out as the lines before it are."""
    if not _is_one_script(step) or not _ends_plainly(step):
        return ()
    end = step.instruction.arguments[0].end
    return _replace(step.instruction.source, end, end, f"{_joint(step)}{script}")


def remove_first_command(step: Step, first: Command) -> Changes:
    """Take out the first command of a RUN and the `&&` behind it."""
    if not _is_one_script(step) or not first.words or first.words[0].start != step.instruction.arguments[0].start:
        return ()
    source = step.instruction.source
    gap = re.compile(r"[ \t]*&&[ \t]*").match(source.content, first.words[-1].end)
    if gap is None or first.syntax.redirects or first.syntax.spot.inside is not None:
        return ()
    return _replace(source, first.words[0].start, gap.end(), "")


def insert_instruction(step: Step, text: str) -> Changes:
    """Write an instruction on a line of its own before `step`, unless a comment above it is meant for `step`."""
    line, column = step.instruction.source.places[0]
    if step.is_on_build or _has_pragma(step):
        return ()
    return (Change(((line, column), (line, column)), f"{text}\n{' ' * (column - 1)}"),)


def _replace(text: JoinedText, start: int, end: int, new: str) -> Changes:
    """Return the change, or nothing if it would take a comment line with it."""
    if not text.is_exact or _crosses_comments(text, start, end):
        return ()
    return (Change(text.span(start, end), new),)


def _crosses_comments(text: JoinedText, start: int, end: int) -> bool:
    lines = [
        text.position(start)[0],
        *(line for offset, (line, _) in zip(text.offsets, text.places, strict=True) if start < offset < end),
    ]
    return any(later - earlier > 1 for earlier, later in pairwise(lines))


def _written(command: Command, word: ShellWord) -> str:
    return command.syntax.text.content[word.start : word.end]


def _can_change(command: Command) -> bool:
    return command.syntax.text.is_exact and not command.step.instruction.is_exec


def _is_plain(command: Command, word: ShellWord) -> bool:
    return _can_change(command) and _written(command, word) == word.text


def _has_pragma(step: Step) -> bool:
    return any("hadolint" in comment or "shellcheck" in comment for comment in step.instruction.comments)


def _is_one_script(step: Step) -> bool:
    """True for a RUN whose one argument is a script for a shell that we read."""
    instruction = step.instruction
    return (
        step.name == "RUN"
        and step.runs_in_posix_shell
        and not instruction.is_exec
        and not instruction.heredocs
        and len(instruction.arguments) == 1
    )


def _ends_plainly(step: Step) -> bool:
    """True if the script ends with a command of its own that gives the next one its turn."""
    (script,) = step.instruction.arguments
    commands = parse_script(step.instruction.source, script.start, script.end)
    last = max(commands, key=_end_of, default=None)
    if last is None or not last.words or last.spot.inside is not None or last.words[0].text in _ENDS_THE_SCRIPT:
        return False
    return _end_of(last) == script.end


def _end_of(command: SimpleCommand) -> int:
    targets = [redirect.target for redirect in command.redirects]
    return max((word.end for word in (*command.words, *targets)), default=0)


def _joint(step: Step) -> str:
    """Return what joins one more command to a RUN: on the same line if it has one, else as its other lines do."""
    source, escape = step.instruction.source, step.build.dockerfile.escape
    if len(source.offsets) == 1:
        return " && "
    lines = [
        source.content[start:end]
        for start, end in zip(source.offsets, (*source.offsets[1:], len(source.content)), strict=True)
    ]
    leading = next((line for line in reversed(lines) if line.lstrip(_BLANKS).startswith("&&")), None)
    if leading is not None:
        return f" {escape}\n{_indent(leading)}&& "
    if any(line.rstrip(_BLANKS).endswith("&&") for line in lines[:-1]):
        return f" && {escape}\n{_indent(lines[1])}"
    return f" {escape}\n{_indent(lines[1])}&& "


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(_BLANKS))]

"""The file that a download is written to, as an option of curl, wget or aria2c names it (their manuals)."""

import re

from gate.dockerfile.shell import SUBSTITUTED
from gate.dockerfile.step import Command

_LETTERS_WITH_VALUE = {"curl": "AbcCdDeEFHKmoPQrtTuUwxXyYz", "wget": "aAeBDiIoOPQRtTUwX", "aria2c": "dijosx"}
_FILE_LETTER = {"curl": "o", "wget": "O", "aria2c": "o"}
_FILE_OPTION = {"curl": "--output", "wget": "--output-document", "aria2c": "--out"}
DOWNLOADERS = frozenset(_FILE_LETTER)
"""Programs that keep what they fetch in a file, by an option or by themselves."""
_NO_FILE = re.compile(r"-$|/dev/|/proc/|.*[$" + re.escape(SUBSTITUTED) + "]")
"""Standard output under its names, and what is known only when the step runs."""


def writes_file(command: Command) -> bool:
    """True if an option names a file that a command writes what it fetches to: nothing reaches a pipe behind it."""
    written = output_option(command) if command.program in DOWNLOADERS else None
    return bool(written) and not _NO_FILE.match(written or "")


def output_option(command: Command) -> str | None:
    """Return the file that `-o FILE`, `-oFILE`, `-qOFILE` or `--output=FILE` names."""
    letter, option = _FILE_LETTER[command.program], _FILE_OPTION[command.program]
    words = command.arguments
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        name, equals, value = word.partition("=")
        if name == option:
            return value if equals else following
        if word[:1] == "-" and word[:2] != "--":
            behind = _behind_letter(word, letter, _LETTERS_WITH_VALUE[command.program])
            if behind is not None:
                return behind or following
    return None


def _behind_letter(word: str, letter: str, with_value: str) -> str | None:
    """Return what stands behind `letter` in a bundle of short options; None if the letter is not among them."""
    for place, sign in enumerate(word[1:], start=1):
        if sign == letter:
            return word[place + 1 :].removeprefix("=")
        if sign in with_value:
            return None
    return None

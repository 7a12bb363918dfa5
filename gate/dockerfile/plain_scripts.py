"""Scripts of which ShellCheck has nothing to say, so that it need not be asked: `npm ci && npm run build`.

Programs with which it finds no fault, plain words without a sign that a shell obeys, joined by `&&` and `|`, and the
one way in which everybody removes apt's lists. A test asks ShellCheck whether that is so.
"""

import re

from gate.core.word_lists import word_lists

_LISTS = word_lists(__file__)
PROGRAMS = _LISTS["programs"]
RESERVED = ("do", "done", "elif", "else", "esac", "fi", "then")
"""Words of the shell that ShellCheck takes for a slip where they are arguments."""
_ARGUMENT = r"[\w./:@,-][\w./:@+,=-]*+"
_RESERVED = rf"(?:{'|'.join(RESERVED)})(?=[ \t&|]|\Z)"
_COMMAND = rf"(?:{'|'.join(PROGRAMS)})(?=[ \t&|]|\Z)(?:[ \t]++(?!{_RESERVED}){_ARGUMENT})*+[ \t]*+"
_PIPELINE = rf"{_COMMAND}(?:\|[ \t]*+{_COMMAND})*+"
_REMOVAL = r"rm -r?fr? /var/lib/apt/lists/\*[ \t]*+"
_PLAIN = re.compile(rf"[ \t]*+(?:{_PIPELINE}|{_REMOVAL})(?:&&[ \t]*+(?:{_PIPELINE}|{_REMOVAL}))*+", re.ASCII)


def is_plain(script: str) -> bool:
    """True for a script of plain commands. Takes linear time."""
    return _PLAIN.fullmatch(script) is not None

"""Words of settings that stand next to a sign, not between blanks: `editor=vi`, `|gzip`, `exec:nc`, `$(date)`.

The name of a key, a function or an element is none: `date=`, `date: x`, `date(`, `<date>`.
"""

import re
from collections.abc import Iterator

_NAME = rb"(?P<%s>[A-Za-z0-9_][\w.+-]{1,60})"
_ENDS = rb"(?![\w.+@~/-]|[ \t]*[=(](?!=)|:(?:\s|\Z))"
_NEXT_TO_SIGN = re.compile(
    rb"(?:[=;,(\[{|&>$!@:]|[:=]-|(?<=[ \t])\^|\\[nrtfv]|\\)/?" + _NAME % b"behind" + _ENDS
    + rb"|(?<![\w.+@~<-])(?<!</)" + _NAME % b"before" + rb"(?=[;,)\]}|&<>\\:])" + _ENDS
)  # fmt: skip
_SECTION = re.compile(rb"^[ \t]*\[[\w.+-]+\][ \t]*$", re.MULTILINE)
"""The header of a section of settings."""
_STRING = re.compile(rb"([\"'`])((?:\\.|(?!\1)[^\\\n]){1,300})\1")


def strings_alone(code: bytes) -> Iterator[bytes]:
    """Yield what stands between quotes on a line of code."""
    return (found[2] for found in _STRING.finditer(code))


def next_to_signs(content: bytes, *, is_code: bool) -> Iterator[bytes]:
    """Yield the words of a text that stand next to a sign; of code, those in strings."""
    strings = b"\n".join(strings_alone(content)) if is_code else content
    text = _SECTION.sub(b"", strings)
    for found in _NEXT_TO_SIGN.finditer(text):
        yield found["behind"] or found["before"]

"""The difference of two texts as `diff -u` and git write it."""

import difflib
from collections.abc import Iterator

CONTEXT = 3
"""Lines that are shown around a change."""
_NO_LINE_END = "\\ No newline at end of file"


def unified(before: str, after: str, path: str) -> tuple[str, ...]:
    """Return the lines of the diff, without line ends; none if the texts are equal."""
    found = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}", n=CONTEXT, lineterm="")
    return tuple(shown for line in found for shown in _shown(line))


def _lines(text: str) -> list[str]:
    """Cut a text at its line feeds alone, as git does, and keep them."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _shown(line: str) -> Iterator[str]:
    yield line.removesuffix("\n")
    if not line.endswith("\n") and not line.startswith(("---", "+++", "@@")):
        yield _NO_LINE_END

"""Unified diffs of two texts, as `diff -u` and git write them, with secrets masked."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

CONTEXT = 3
"""Lines that are shown around a change."""
_HEADERS = 2
_HUNK = re.compile(r"@@ -(?P<old>\d+)(?:,\d+)? \+(?P<new>\d+)(?:,\d+)? @@")
Show = Callable[[str], Sequence[str]]
"""Returns the lines of a text as they may be shown."""
_NO_LINE_END = "\\ No newline at end of file"


def unified(before: str, after: str, path: str, show: Show = lambda text: text.split("\n")) -> tuple[str, ...]:
    """Return the lines of the diff, without line ends; none if the texts are equal.

    The texts themselves are compared; the lines of the diff are those that `show` returns.
    """
    found = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}", n=CONTEXT, lineterm="")
    return tuple(shown for line in _masked(found, show(before), show(after)) for shown in _shown(line))


def _masked(lines: Iterable[str], before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a diff, each replaced by the line of `before` or `after` with its number."""
    old = new = 0
    for number, line in enumerate(lines):
        if number < _HEADERS:
            yield line
        elif hunk := _HUNK.match(line):
            old, new = int(hunk["old"]), int(hunk["new"])
            yield line
        else:
            mark, end = line[0], "\n" if line.endswith("\n") else ""
            yield f"{mark}{(after[new - 1] if mark == '+' else before[old - 1])}{end}"
            old, new = old + (mark != "+"), new + (mark != "-")


def _lines(text: str) -> list[str]:
    """Split a text at line feeds only, as git does, and keep them."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _shown(line: str) -> Iterator[str]:
    yield line.removesuffix("\n")
    if not line.endswith("\n") and not line.startswith(("---", "+++", "@@")):
        yield _NO_LINE_END

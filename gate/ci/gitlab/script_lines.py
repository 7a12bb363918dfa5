"""The shell text of `script` and its like, with the file and the line of each of its lines."""

from collections.abc import Iterator

from gate.ci.model import JobScript
from gate.core.values import Value

_BLOCK = ("|", ">")
_FOLDED = ">"


def scripts_in(name: str, value: Value | None) -> Iterator[JobScript]:
    """Yield the elements of a script that stand in one file, one behind the other, as one script."""
    path = ""
    lines: list[str] = []
    places: list[int] = []
    for one in _commands(value):
        if one.path != path and lines:
            yield _script(name, path, lines, places)
            lines, places = [], []
        path = one.path
        text = one.text().rstrip("\n")
        lines.append(text)
        places += _places(one, text)
    if lines:
        yield _script(name, path, lines, places)


def _script(name: str, path: str, lines: list[str], places: list[int]) -> JobScript:
    return JobScript(name=name, script="\n".join(lines), path=path, line=places[0], lines=tuple(places))


def _commands(value: Value | None) -> Iterator[Value]:
    """Yield the commands, lists in lists laid flat."""
    for one in value.elements() if value is not None else ():
        if isinstance(one.data, list):
            yield from _commands(one)
        elif not isinstance(one.data, dict) and one.text():
            yield one


def _places(value: Value, text: str) -> list[int]:
    """Return the line in the file of each line of a scalar's text."""
    first, count = value.start[0], text.count("\n") + 1
    if value.style not in _BLOCK:
        return [first] * count
    below = first + 1
    last = max(below, value.end[0] - (value.end[1] == 1))
    if value.style == _FOLDED and last - below + 1 != count:
        return [below] * count
    return [below + number for number in range(count)]

"""TOML as `Value`s. The parser keeps no places, so that a line is the first one below its table that names the key."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from gate.core.errors import ConfigError
from gate.core.lazy_regex import lazy_regex
from gate.core.toml import loads
from gate.core.values import Value

_WORDS = lazy_regex(r"[A-Za-z0-9_.@/-]+")
_NAMES = lazy_regex(r"[ \t]*(?:\[+[^\]\n]*\]+|[^=#\n]*(?==))")
"""A table's head, or what stands before the sign of equality."""


def read_toml_values(text: str, path: str) -> Value:
    """Return the tables of a text. Raises ConfigError for what cannot be parsed."""
    try:
        tables = loads(text)
    except ValueError as error:
        raise ConfigError(f"cannot be parsed: {error}", path=path) from error
    return _placed(tables, path, 1, _lines_of_names(text))


def _lines_of_names(text: str) -> dict[str, list[int]]:
    """Return by each word of a key or of a table's head the lines on which it stands, in their order."""
    lines: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        found = _NAMES.match(line)
        for word in _words(found[0]) if found else ():
            lines.setdefault(word, []).append(number)
    return lines


def _words(head: str) -> Iterator[str]:
    for word in _WORDS.findall(head):
        yield word
        yield from word.split(".") if "." in word else ()


def _placed(data: Any, path: str, line: int, names: dict[str, list[int]]) -> Value:
    if isinstance(data, dict):
        return Value({key: _placed(one, path, _line(key, line, names), names) for key, one in data.items()}, path, line)
    if isinstance(data, list):
        return Value([_placed(one, path, line, names) for one in data], path, line)
    return Value(data if isinstance(data, str | int | float | bool) else str(data), path, line)


def _line(key: str, above: int, names: dict[str, list[int]]) -> int:
    lines = names.get(key, [])
    place = bisect_left(lines, above)
    return lines[place] if place < len(lines) else above

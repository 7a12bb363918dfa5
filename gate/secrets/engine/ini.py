"""INI files as lines of `key = "value"`: detect-secrets' reading of them, in linear time."""

import configparser
from collections.abc import Iterator

from detect_secrets.transformers.config import (
    IniFileParser,
    _construct_values_list,
    _is_allowlist_nextline_secret_comment,
)
from detect_secrets.types import NamedIO

_SEPARATORS = " :="


class _Values(IniFileParser):
    """Yields (key, value, line number); a value of several lines once for each.

    detect-secrets copies what is left of the file for each key, and compiles a pattern for each line; here the
    place is a number, and the pattern is spelled out.
    """

    def __init__(self, file: NamedIO, add_header: bool) -> None:
        super().__init__(file, add_header=add_header)
        self._next = 0

    def _get_value_and_line_offset(self, key: str, values: str) -> list[tuple[str, int]]:
        expected = _construct_values_list(values)
        return list(self._places(key, expected)) if expected else []

    def _places(self, key: str, expected: list[str]) -> Iterator[tuple[str, int]]:
        """Yield where each of the expected values is, from the place where the last key ended."""
        start, seen = self._next, 0
        for index in range(start, len(self.lines)):
            line = self.lines[index]
            if _is_allowlist_nextline_secret_comment(line):
                yield line, index + 1
            elif not line or line[0] in ";#":
                continue
            elif seen == len(expected):
                self._next = max(index, start + 1)
                return
            elif seen > 0 or _assigns(line, key, expected[0]):
                yield expected[seen], index + 1
                seen += 1
        self._next = len(self.lines)


def _assigns(line: str, key: str, value: str) -> bool:
    r"""True if `line` matches `key[ :=]+value`."""
    if not line.startswith(key):
        return False
    rest = line[len(key) :]
    separators = len(rest) - len(rest.lstrip(_SEPARATORS))
    if value and value[0] not in _SEPARATORS:
        return separators > 0 and rest.startswith(value, separators)
    return any(rest.startswith(value, count) for count in range(1, separators + 1))


def ini_lines(file: NamedIO, add_header: bool) -> list[str]:
    """Return a line for each value, on the line that it is on; `add_header` makes a list of assignments an INI file.

    Raises configparser.Error if the text is no INI file.
    """
    lines: list[str] = []
    for key, value, number in _Values(file, add_header):
        lines.extend([""] * (number - 1 - len(lines)))
        lines.append(value if _is_allowlist_nextline_secret_comment(value) else f'{key} = "{_quotable(value)}"')
    return lines


def _quotable(value: str) -> str:
    if value[0] in "'\"" and value[-1] == value[0]:
        value = value[1:-1]
    return value.replace('"', '\\"')


NotIni = configparser.Error
"""What `ini_lines` raises for a text that is no INI file."""

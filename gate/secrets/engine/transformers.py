"""YAML and INI rewritten as lines with quotes: what detect-secrets' transformers do, on text in memory.

Its detectors of random strings want quotes, which these formats do without. A transformer's lines replace the
file's own; where it cannot parse the file, the file's own lines are scanned.
"""

import base64
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from configparser import RawConfigParser
from typing import TYPE_CHECKING, Any, cast

from detect_secrets.types import NamedIO
from detect_secrets.util.filetype import FileType, determine_file_type

from gate.secrets.engine.ini import NotIni, ini_lines

if TYPE_CHECKING:
    from detect_secrets.transformers.yaml import YAMLValue

_UNPARSABLE = (NotIni, ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""Besides their own errors the parsers let out what a hostile value provokes (the date 2001-99-99, deep nesting).
detect-secrets ends there; the file's own lines can still be scanned."""
_LEADING_COMMENTS = re.compile(r"(?>\s*(?:[#;][^\n]*(?:\n|\Z))?)*")


class _NamedText(io.StringIO):
    name = ""


def _as_file(text: str, path: str) -> NamedIO:
    """Put text in the shape of an open file, as transformers want it."""
    file = _NamedText(text)
    file.name = path
    return cast(NamedIO, file)


def is_yaml(path: str) -> bool:
    """True if detect-secrets takes the file for YAML, by its extension."""
    return bool(determine_file_type(path) is FileType.YAML)


def is_of_unknown_type(path: str) -> bool:
    """True if the extension says nothing to detect-secrets: such a file may be a list of `NAME=value`."""
    return bool(determine_file_type(path) is FileType.OTHER)


def starts_like_ini(text: str) -> bool:
    """True if the first line that is not blank or a comment is a section's header, without which no INI file is."""
    start = _LEADING_COMMENTS.match(text).end()  # type: ignore[union-attr]
    return text.startswith("[", start) and bool(RawConfigParser.SECTCRE.match(text[start:].partition("\n")[0].strip()))


def structured_lines(text: str, path: str) -> list[str]:
    """Return the lines of an INI or YAML file with its values quoted; none if it is neither."""
    lines = _attempt(lambda: ini_lines(_as_file(text, path), add_header=False))
    if lines is None and is_yaml(path):
        lines = _attempt(lambda: _yaml_lines(text, path))
    return lines or []


def assignment_lines(text: str, path: str) -> list[str]:
    """Return the lines of a file of unknown type that reads as `NAME=value`, quoted; none if it does not."""
    if not is_of_unknown_type(path):
        return []
    return _attempt(lambda: ini_lines(_as_file(text, path), add_header=True)) or []


def _attempt(parse: Callable[[], list[str]]) -> list[str] | None:
    try:
        lines = parse()
        "\n".join(lines).encode()  # half a surrogate pair, by a YAML escape, cannot be hashed
    except _UNPARSABLE:
        return None
    return lines


def _read_yaml(text: str, path: str) -> Any:
    """Parse a document as detect-secrets does. Raises ValueError if it is no YAML, or one of _UNPARSABLE."""
    from detect_secrets.transformers.yaml import YAMLFileParser
    from yaml import YAMLError

    try:
        return YAMLFileParser(_as_file(text, path)).json()
    except YAMLError as error:
        raise ValueError("cannot be parsed as YAML") from error


_COMMENT = re.compile(r"(?<!\s)\s+#[\S ]*")
"""From the first whitespace before `#`; the look-behind keeps it from being tried at each space of a long run."""


def _yaml_lines(text: str, path: str) -> list[str]:
    """Write every string value of a YAML document as `key: "value" # comment` on the line that it starts on."""
    values = sorted(_yaml_values(text, path), key=lambda value: value.line_number)
    lines: list[str] = []
    for value in dict.fromkeys(values):
        lines.extend([""] * (value.line_number - 1 - len(lines)))
        comment = _COMMENT.search(value.line.strip())
        lines.append(f'{value.key}: "{_quotable(value.value)}"{comment.group() if comment else ""}')
    return lines


def _quotable(value: str | bytes) -> str:
    text = base64.b64encode(value).decode() if isinstance(value, bytes) else value
    return text.replace('"', '\\"')


def _yaml_values(text: str, path: str) -> Iterator["YAMLValue"]:
    """Walk a document breadth first, each node once.

    detect-secrets follows an alias each time, which takes for ever in a circle; the repeats are equal, and it
    drops them afterwards.
    """
    from detect_secrets.transformers.yaml import YAMLValue

    lines = text.splitlines()
    to_visit: deque[Any] = deque([_read_yaml(text, path)])
    visited: set[int] = set()
    while to_visit:
        node = to_visit.popleft()
        if not isinstance(node, dict | list | set | tuple) or id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, dict) and "__line__" in node:
            number = node["__line__"]
            yield YAMLValue(node["__original_key__"], node["__value__"], number, lines[number - 1])
        else:
            to_visit.extend(node.values() if isinstance(node, dict) else node)

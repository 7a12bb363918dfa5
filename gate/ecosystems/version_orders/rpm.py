"""RPM's versions: `[epoch:]version[-release]` (rpm-version(7))."""

import re
from typing import Any

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import number

_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+|~|\^")
_TILDE, _END, _CARET, _LETTERS, _NUMBER = range(5)


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    epoch, colon, rest = version.partition(":")
    if not (colon and epoch.isascii() and epoch.isdigit()):
        epoch, rest = "", version
    upstream, hyphen, release = rest.partition("-")
    return (number(epoch), _part(upstream), (1, _part(release)) if hyphen else (0,))


def _part(text: str) -> tuple[Any, ...]:
    return (*map(_segment, _SEGMENT.findall(text)), (_END,))


def _segment(text: str) -> tuple[Any, ...]:
    match text[0]:
        case "~":
            return (_TILDE,)
        case "^":
            return (_CARET,)
        case first if first.isdigit():
            return (_NUMBER, number(text))
        case _:
            return (_LETTERS, text)


ORDER = VersionOrder(sort_key=sort_key)

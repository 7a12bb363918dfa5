"""Debian's and Ubuntu's versions: `[epoch:]upstream[-revision]` (deb-version(7))."""

import re
from typing import Any

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import number

_PAIR = re.compile(r"([^0-9]*)([0-9]*)")
_END = 0


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    epoch, colon, rest = version.strip().partition(":")
    if not (colon and epoch.isascii() and epoch.isdigit()):
        epoch, rest = "", version.strip()
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
    return (number(epoch), _part(upstream), _part(revision))


def _part(text: str) -> tuple[Any, ...]:
    """Return text and number by turns, closed by an end that lies between `~` and everything else."""
    pairs = _PAIR.findall(text)
    if len(pairs) > 1:
        pairs.pop()
    key: list[Any] = []
    for letters, digits in pairs:
        key += ((*map(_weight, letters), _END), number(digits))
    return (*key, (_END,))


def _weight(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isascii() and character.isalpha() else ord(character) + 256


ORDER = VersionOrder(sort_key=sort_key)

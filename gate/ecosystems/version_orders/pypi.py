"""PyPI's versions: PEP 440 through `packaging`, and what setuptools made of versions before it."""

import re
from collections.abc import Iterator
from typing import Any

from packaging.version import InvalidVersion, Version

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import ZERO, number

_MAX_LENGTH = 512
"""Characters; a longer version is not PEP 440's in any sense that matters."""
_RUN = re.compile(r"[0-9]+|[a-z]+|\.|-|[^0-9a-z.-]+")
_MEANING = {"pre": "c", "preview": "c", "rc": "c", "dev": "@", "-": "final-"}
"""What words stand for; `@` comes before all letters, `final` is the release itself, `final-` what comes after it."""
_FINAL = "final"

_Part = tuple[int, Any]
_ZERO: _Part = (1, ZERO)
_HYPHEN: _Part = (0, "final-")


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version. Versions that PEP 440 refuses come before all that it accepts."""
    if len(version) <= _MAX_LENGTH:
        try:
            return (1, Version(version))
        except InvalidVersion:
            pass
    return (0, _legacy(version.lower()))


def _legacy(version: str) -> tuple[_Part, ...]:
    """Return words and numbers by turns, with no zeros before a word and no hyphen before a pre-release's."""
    parts: list[_Part] = []
    for part in _parts(version):
        if part[0] == 0:
            while part[1] < _FINAL and parts and parts[-1] == _HYPHEN:
                parts.pop()
            while parts and parts[-1] == _ZERO:
                parts.pop()
        parts.append(part)
    return tuple(parts)


def _parts(version: str) -> Iterator[_Part]:
    for run in _RUN.findall(version):
        if run[0] in "0123456789":
            yield (1, number(run))
        elif run != ".":
            yield (0, _MEANING.get(run, run))
    yield (0, _FINAL)


ORDER = VersionOrder(sort_key=sort_key, marks_unknown=True)

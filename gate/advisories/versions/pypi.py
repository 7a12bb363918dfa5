"""PyPI's versions: PEP 440 through `packaging`, and what was there before it."""

import re
from typing import Any

from packaging.version import InvalidVersion, Version

from gate.advisories.versions.numbers import number

_MAX_LENGTH = 512
"""Characters; a longer version is not PEP 440's in any sense that matters."""
_RUN = re.compile(r"[0-9]+|[a-z]+")


def sort_key(version: str) -> tuple[Any, ...]:
    """Return the sort key of a version. Versions that PEP 440 refuses come before all that it accepts."""
    if len(version) <= _MAX_LENGTH:
        try:
            return (1, Version(version))
        except InvalidVersion:
            pass
    return (0, tuple(map(_run, _RUN.findall(version.lower()))), version)


def _run(text: str) -> tuple[Any, ...]:
    return (1, number(text)) if text.isdigit() else (0, text)


def without_local_part(version: str) -> str:
    """Return the public part of a version: `2.0.0` for `2.0.0+cu118`. Advisories speak of public versions."""
    return version.partition("+")[0]

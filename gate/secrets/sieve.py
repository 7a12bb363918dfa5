"""The pre-filter: one pass over a file's bytes says which lines can hold a secret, and for which detectors.

Two engines give the same answer: Hyperscan, a hundred times faster, and Python's `re` where it cannot be had.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from gate.secrets.patterns import PATTERNS, Pattern

Hit = tuple[int, int]
"""Where a match ends (exclusive), and the number of its pattern."""


class Sieve(Protocol):
    """Finds the places where one of its patterns matches."""

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What it looks for; a hit names one by its number."""

    @property
    def name(self) -> str:
        """As the stage's facts name it."""

    def hits(self, utf8: bytes) -> list[Hit]:
        """Return at least one hit of a pattern in every line in which it matches, in the order of their ends."""


class PythonSieve:
    """Patterns by Python's `re`, one after the other."""

    name = "python"

    def __init__(self, patterns: tuple[Pattern, ...] = PATTERNS) -> None:
        self.patterns = patterns
        self._compiled = [
            re.compile(pattern.expression, re.MULTILINE | (re.IGNORECASE if pattern.ignores_case else 0))
            for pattern in patterns
        ]

    def hits(self, utf8: bytes) -> list[Hit]:
        return sorted(self._hits(utf8))

    def _hits(self, utf8: bytes) -> Iterator[Hit]:
        for number, expression in enumerate(self._compiled):
            for match in expression.finditer(utf8):
                yield match.end(), number


@lru_cache(maxsize=4)
def load_sieve(cache_folder: str | None, patterns: tuple[Pattern, ...] = PATTERNS) -> Sieve:
    """Return Hyperscan's sieve, its compiled form kept in `cache_folder`; without Hyperscan, Python's."""
    from gate.secrets import native

    return native.load(cache_folder, patterns) or PythonSieve(patterns)

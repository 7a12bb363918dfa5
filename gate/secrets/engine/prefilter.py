"""The pre-filter: one pass over a file's bytes says which lines can hold a secret, and for which detectors.

Two engines give the same answer: Hyperscan, a hundred times faster, and Python's `re` where it cannot be had.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from gate.secrets.engine.marked_lines import PatternEnd
from gate.secrets.engine.prefilter_patterns import PATTERNS, Pattern

_LOOK_AROUND = re.compile(r"\(\?<?![^()]*\)")
"""What a path must not have: Hyperscan cannot look around, and more paths cost time alone."""


class Sieve(Protocol):
    """Finds the places where one of its patterns matches."""

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What it looks for; a hit names one by its number."""

    @property
    def name(self) -> str:
        """As the stage's facts name it."""

    def hits(self, utf8: bytes, path: str | None = None) -> list[PatternEnd]:
        """Return at least one hit of a pattern in every line in which it matches, in the order of their ends.

        Patterns that have no meaning in a file at `path` may be left out; None: none is.
        """


class PythonSieve:
    """Patterns by Python's `re`, one after the other."""

    name = "python"

    def __init__(self, patterns: tuple[Pattern, ...] = PATTERNS) -> None:
        self.patterns = patterns
        self._compiled = [
            re.compile(pattern.expression, re.MULTILINE | (re.IGNORECASE if pattern.ignores_case else 0))
            for pattern in patterns
        ]

    def hits(self, utf8: bytes, path: str | None = None) -> list[PatternEnd]:
        return sorted(self._hits(utf8))

    def _hits(self, utf8: bytes) -> Iterator[PatternEnd]:
        for number, expression in enumerate(self._compiled):
            for match in expression.finditer(utf8):
                yield match.end(), number


class SieveByPath:
    """A sieve for every file, and one for files with such names as a kind asks for.

    A line of `pap-secrets` is three words, so that its pattern matches half the lines of any other file.
    """

    def __init__(self, anywhere: Sieve, bound: Sieve, paths: Sieve) -> None:
        """`paths` finds the paths in which a pattern of `bound` has a meaning, by what it says of files."""
        self.patterns = anywhere.patterns + bound.patterns
        self.name = anywhere.name
        self._anywhere = anywhere
        self._bound = bound
        self._paths = paths
        self._every = frozenset(pattern.files for pattern in bound.patterns)

    def hits(self, utf8: bytes, path: str | None = None) -> list[PatternEnd]:
        found = self._anywhere.hits(utf8)
        names = self._names_of(path)
        if not names:
            return found
        first, bound = len(self._anywhere.patterns), self._bound
        own = ((end, first + number) for end, number in bound.hits(utf8) if bound.patterns[number].files in names)
        return sorted([*found, *own])

    def _names_of(self, path: str | None) -> frozenset[str]:
        """Return which of the names that patterns ask for a file has."""
        if path is None or not path.isascii():  # a letter outside ASCII can equal one where case is ignored
            return self._every
        hits = self._paths.hits(path.encode()) or ()  # nothing at all from an engine that is broken: `scanner` asks
        return frozenset(self._paths.patterns[number].files for _, number in hits)


@lru_cache(maxsize=4)
def load_sieve(cache_folder: str | None, patterns: tuple[Pattern, ...] = PATTERNS) -> Sieve:
    """Return Hyperscan's sieve, its compiled form kept in `cache_folder`; without Hyperscan, Python's."""
    anywhere = _load(cache_folder, tuple(one for one in patterns if not one.files))
    bound = tuple(one for one in patterns if one.files)
    named = dict.fromkeys(one.files for one in bound)
    paths = tuple(Pattern("", _LOOK_AROUND.sub("", files).encode(), files=files) for files in named)
    return SieveByPath(anywhere, _load(cache_folder, bound), _load(cache_folder, paths)) if bound else anywhere


def _load(cache_folder: str | None, patterns: tuple[Pattern, ...]) -> Sieve:
    from gate.secrets.engine import native

    return native.load(cache_folder, patterns) or PythonSieve(patterns)

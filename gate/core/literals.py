"""Which of several texts occur in a content, and where: by Hyperscan in one pass, or one by one where it cannot be had.

To look for twenty texts one after the other takes as long as to take the strings out of a source.
"""

import re
import threading
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import Any


class Literals:
    """Texts that are looked for, as they are written; compiled when a content is searched first."""

    def __init__(self, literals: Iterable[bytes]) -> None:
        self._literals = tuple(dict.fromkeys(literals))
        self._lock = threading.Lock()  # the scratch space belongs to one scan at a time

    def among(self, content: bytes) -> frozenset[bytes]:
        """Return those that occur in `content`."""
        if self._database is None:
            return frozenset(literal for literal in self._literals if literal in content)
        found: set[bytes] = set()
        if content:
            with self._lock:
                self._database.scan(content, match_event_handler=self._keep, context=found)
        return frozenset(found)

    def ends(self, content: bytes) -> list[int]:
        """Return where any of them end in `content`, each place once, in their order."""
        found: set[int] = set()
        if self._database_of_all is None:
            for literal in self._literals:
                found.update(
                    one.start() + len(literal) for one in re.finditer(rb"(?=%b)" % re.escape(literal), content)
                )
        elif content:
            with self._lock:
                self._database_of_all.scan(content, match_event_handler=_keep_end, context=found)
        return sorted(found)

    @property
    def is_quick(self) -> bool:
        """True if `ends` looks for all of them in one pass."""
        return self._database_of_all is not None

    def _keep(self, number: int, _start: int, _end: int, _flags: int, found: set[bytes]) -> None:
        found.add(self._literals[number])

    @cached_property
    def _database(self) -> Any:
        return self._compiled(is_first_enough=True)

    @cached_property
    def _database_of_all(self) -> Any:
        return self._compiled(is_first_enough=False)

    def _compiled(self, *, is_first_enough: bool) -> Any:
        return _compiled(list(map(_as_written, self._literals)), "HS_FLAG_SINGLEMATCH" if is_first_enough else None)


class Patterns:
    """Patterns that match at most `longest` bytes; compiled when a content is searched first."""

    def __init__(self, patterns: Iterable[bytes], longest: int) -> None:
        self._patterns = tuple(patterns)
        self._longest = longest
        self._lock = threading.Lock()

    def ends(self, content: bytes) -> list[int]:
        """Return where a match of any of them ends in `content`, each place once, in their order."""
        found: set[int] = set()
        if self._database is None:
            for pattern in self._patterns:
                found.update(self._ends_one_by_one(pattern, content))
        elif content:
            with self._lock:
                self._database.scan(content, match_event_handler=_keep_end, context=found)
        return sorted(found)

    def _ends_one_by_one(self, pattern: bytes, content: bytes) -> Iterator[int]:
        whole = re.compile(pattern, re.DOTALL)
        for found in re.finditer(b"(?=%b)" % pattern, content, re.DOTALL):
            behind = min(len(content), found.start() + self._longest) + 1
            yield from (end for end in range(found.start(), behind) if whole.fullmatch(content, found.start(), end))

    @cached_property
    def _database(self) -> Any:
        return _compiled(list(self._patterns), "HS_FLAG_DOTALL")


@cache
def is_quick() -> bool:
    """True if any number of texts is looked for in one pass."""
    return _compiled([b"x"], None) is not None


def _compiled(expressions: list[bytes], flag: str | None) -> Any:
    """Return the compiled patterns; None where Hyperscan has no wheel or does not know the processor."""
    try:
        import hyperscan
    except ImportError:
        return None
    try:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        flags = 0 if flag is None else getattr(hyperscan, flag)
        ids = list(range(len(expressions)))
        database.compile(expressions=expressions, ids=ids, flags=[flags] * len(expressions))
    except hyperscan.error:
        return None
    return database


def _keep_end(_number: int, _start: int, end: int, _flags: int, found: set[int]) -> None:
    found.add(end)


def _as_written(literal: bytes) -> bytes:
    """Return the pattern that matches these bytes and nothing else."""
    return b"".join(rb"\x%02x" % byte for byte in literal)

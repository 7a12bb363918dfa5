"""Lazy regular expressions, compiled when they are first used.

Together the patterns that triage secrets take 15 ms to compile, and most runs need none of them.
"""

import re
from functools import cached_property
from typing import Any, AnyStr, cast


class _LazyPattern:
    """Behaves as the compiled pattern, and compiles it at the first access to one of its attributes."""

    def __init__(self, written: str | bytes, flags: int) -> None:
        self._written = written
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[Any]:
        return re.compile(self._written, self._flags)

    def __getattr__(self, name: str) -> Any:  # called for missing attributes, so once for each
        own = getattr(self._compiled, name)
        setattr(self, name, own)
        return own


def lazy_regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` returns, but compile it at its first use, which raises if the pattern is wrong."""
    return cast(re.Pattern[AnyStr], _LazyPattern(pattern, flags))

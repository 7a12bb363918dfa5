"""Patterns that are compiled when they are first used: most files need none of what judges a hit, 15 ms to compile."""

import re
from functools import cached_property
from typing import Any, AnyStr, cast


class _LazyPattern:
    """Stands for a pattern; what is asked of it is the pattern's own."""

    def __init__(self, written: str | bytes, flags: int) -> None:
        self._written = written
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[Any]:
        return re.compile(self._written, self._flags)

    def __getattr__(self, name: str) -> Any:  # is called for what is not there: once a name
        own = getattr(self._compiled, name)
        setattr(self, name, own)
        return own


def lazy_regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` does, later: where a pattern is wrong, its first use raises."""
    return cast(re.Pattern[AnyStr], _LazyPattern(pattern, flags))

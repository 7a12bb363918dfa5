"""The secrets stage's pre-filter, compiled once for a process and all that it forks.

It takes two seconds, in each test that begins with an empty cache, and comes to the same each time.
"""

from functools import cache
from typing import Any

from gate.secrets.engine import native
from gate.secrets.engine.prefilter_patterns import Pattern


def compile_once() -> None:
    """From now on a set of patterns is compiled by its first use, and loaded by every other, as from the cache."""
    compile_patterns, database_of = native._compile, native._database
    kept: dict[tuple[Pattern, ...], bytes] = {}

    def compiled(hyperscan: Any, patterns: tuple[Pattern, ...]) -> Any:
        if patterns not in kept:
            kept[patterns] = hyperscan.dumpb(compile_patterns(hyperscan, patterns))
        return native._loaded(hyperscan, kept[patterns])

    def database(hyperscan: Any, cache_folder: str | None, patterns: tuple[Pattern, ...]) -> Any:
        found = database_of(hyperscan, cache_folder, patterns)
        if patterns not in kept:  # it was in the cache
            kept[patterns] = hyperscan.dumpb(found)
        return found

    native._compile, native._database, native._key = compiled, database, cache(native._key)

"""The secrets stage's pre-filter, compiled once for a process and all that it forks, or for all processes of a run.

It takes two seconds, in each test that begins with an empty cache, and comes to the same each time.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from gate.secrets.engine import native
from gate.secrets.engine.prefilter_patterns import Pattern

_MANY = 200
"""So many patterns take longer to compile than to share."""


def compile_once(make_once: Callable[[str, Callable[[Path], None]], Path] | None = None) -> None:
    """From now on a set of patterns is compiled by its first use, and loaded by every other, as from the cache.

    With `make_once`, the fixture of this name, the first use is that of all processes.
    """
    compile_patterns, database_of = native._compile, native._database
    kept: dict[tuple[Pattern, ...], bytes] = {}

    def made(hyperscan: Any, patterns: tuple[Pattern, ...]) -> bytes:
        return hyperscan.dumpb(compile_patterns(hyperscan, patterns))

    def shared(hyperscan: Any, patterns: tuple[Pattern, ...]) -> bytes:
        if make_once is None or len(patterns) < _MANY:
            return made(hyperscan, patterns)

        def write(folder: Path) -> None:
            folder.mkdir()
            (folder / "database").write_bytes(made(hyperscan, patterns))

        return (make_once(native._key(hyperscan, patterns), write) / "database").read_bytes()

    def compiled(hyperscan: Any, patterns: tuple[Pattern, ...]) -> Any:
        if patterns not in kept:
            kept[patterns] = shared(hyperscan, patterns)
        return native._loaded(hyperscan, kept[patterns])

    def database(hyperscan: Any, cache_folder: str | None, patterns: tuple[Pattern, ...]) -> Any:
        found = database_of(hyperscan, cache_folder, patterns)
        if patterns not in kept:  # it was in the cache
            kept[patterns] = hyperscan.dumpb(found)
        return found

    native._compile, native._database, native._key = compiled, database, cache(native._key)

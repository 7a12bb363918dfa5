"""Modules of languages that a distribution's packages bring: programs load them as they do what others installed."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from gate.ecosystems import ECOSYSTEMS, find


@lru_cache(maxsize=1)
def _modules() -> dict[str, re.Pattern[str]]:
    """Return by ecosystem the pattern of such files."""
    described = ((name, find(name)) for name in ECOSYSTEMS)
    return {name: re.compile(known.system_modules) for name, known in described if known and known.system_modules}


def kinds_of_system(paths: Iterable[str]) -> frozenset[str]:
    """Return the ecosystems whose programs find modules among a package's files."""
    paths = list(paths)
    return frozenset(kind for kind, found in _modules().items() if any(map(found.match, paths)))


def modules_of_system(paths: Iterable[str]) -> Iterator[str]:
    """Yield the names by which sources import modules among a package's files, in Node.js and Python."""
    named = [found for found in _modules().values() if found.groups]
    for path in paths:
        for found in named:
            if module := found.match(path):
                yield module[1]

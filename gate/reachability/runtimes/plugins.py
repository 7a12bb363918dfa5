"""Shared libraries of packages in use: a program may load any of its own as plug-ins."""

import posixpath
from collections.abc import Iterator

from gate.reachability.runtimes.explore import Explored
from gate.reachability.runtimes.graph import Because, Opened
from gate.reachability.runtimes.owners import Owned
from gate.reachability.runtimes.state import Key


def plugins_of(owned: dict[Key, Owned], explored: Explored) -> Iterator[Opened]:
    """Yield the libraries of each package that has a reached file, as files that may be opened."""
    for one in owned.values():
        first = next((path for path in one.files if path in explored.certain), None)
        if first is not None:
            because = Because(first, "may load its package's")
            for path in one.files:
                if ".so" in posixpath.basename(path):
                    yield Opened(path=path, because=because, is_certain=False)

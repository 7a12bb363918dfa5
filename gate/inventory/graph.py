"""The dependency graph of a lockfile: the scope of each package, and the shortest path to it."""

from collections import deque
from collections.abc import Iterable, Mapping

from gate.model import Scope
from gate.model.package import STRONGEST_FIRST

MAX_WAY = 50
"""Names of a path at most, from the root down; longer ones would cost a chain of packages its length squared."""


def scopes_of(roots: Mapping[Scope, Iterable[str]], needs: Mapping[str, Iterable[str]]) -> dict[str, Scope]:
    """Return the strongest scope from which each package is reached; a package that no root reaches is absent.

    `roots` are the packages that the project names by scope; `needs` are the edges, which may form circles.
    """
    scopes: dict[str, Scope] = {}
    for scope in STRONGEST_FIRST:
        todo = list(roots.get(scope, ()))
        while todo:
            name = todo.pop()
            if name not in scopes:
                scopes[name] = scope
                todo.extend(needs.get(name, ()))
    return scopes


def paths_of(roots: Iterable[str], needs: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each package the shortest path to it: the packages that need it, from a root down, without itself.

    A path longer than `MAX_WAY` is cut there. A root's path is empty; a package that no root reaches is absent. Of
    equally short paths the first in the order of `roots` and `needs` is taken, so that every run returns the same.
    """
    paths: dict[str, tuple[str, ...]] = dict.fromkeys(roots, ())
    todo = deque(paths)
    while todo:
        name = todo.popleft()
        above = paths[name]
        below = (*above, name) if len(above) < MAX_WAY else above
        for needed in needs.get(name, ()):
            if needed not in paths:
                paths[needed] = below
                todo.append(needed)
    return paths

"""Who needs whom: from the edges of a lockfile to the scope of each of its packages."""

from collections.abc import Iterable, Mapping

from gate.model import Scope

_STRONGEST_FIRST = (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT)


def scopes_of(roots: Mapping[Scope, Iterable[str]], needs: Mapping[str, Iterable[str]]) -> dict[str, Scope]:
    """Return the strongest scope from which each package is reached; a package that no root reaches is absent.

    `roots` are the packages that the project names by scope; `needs` are the edges, which may form circles.
    """
    scopes: dict[str, Scope] = {}
    for scope in _STRONGEST_FIRST:
        todo = list(roots.get(scope, ()))
        while todo:
            name = todo.pop()
            if name not in scopes:
                scopes[name] = scope
                todo.extend(needs.get(name, ()))
    return scopes

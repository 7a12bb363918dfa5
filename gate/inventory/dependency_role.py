"""What a package is in its project: from the graph of a lockfile to scope, directness and the way to each package."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from gate.inventory.graph import paths_of, scopes_of
from gate.model import Scope


class Standing(msgspec.Struct, frozen=True):
    """The part of a `Package` that its neighbours decide."""

    scope: Scope = Scope.RUNTIME
    direct: bool | None = None
    via: tuple[str, ...] = ()


class Standings:
    """The standing of each entry of one lockfile. Entries go by keys of the reader's own: names come in at the end.

    `roots` are the keys that the project asks for, by scope; `needs` are the edges between keys; `names` tells how
    a key is called in `Package.via` (a key that it lacks is its own name). Without roots nobody knows what is direct.
    """

    def __init__(
        self,
        roots: Mapping[Scope, Collection[str]],
        needs: Mapping[str, Iterable[str]],
        names: Mapping[str, str],
    ) -> None:
        in_order = dict.fromkeys(key for scope in Scope for key in roots.get(scope, ()))
        self._roots = in_order
        self._scopes = scopes_of(roots, needs)
        self._paths = paths_of(in_order, needs)
        self._names = names

    def of(self, key: str) -> Standing:
        """Return the standing of `key`; what no root reaches counts as runtime, since something put it there."""
        return Standing(
            scope=self._scopes.get(key, Scope.RUNTIME),
            direct=key in self._roots if self._roots else None,
            via=tuple(self._names.get(step, step) for step in self._paths.get(key, ())),
        )

"""The role of a package in its project: its scope, whether it is direct, and the path to it in the dependency graph."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from gate.inventory.graph import paths_of, scopes_of
from gate.model import Scope


class DependencyRole(msgspec.Struct, frozen=True):
    """The fields of a `Package` that follow from the dependency graph."""

    scope: Scope = Scope.RUNTIME
    direct: bool | None = None
    via: tuple[str, ...] = ()


class DependencyRoles:
    """The role of each entry of one lockfile. Entries are identified by keys that each reader chooses.

    `roots` are the keys of the packages that the project requires, by scope; `needs` are the edges of the graph, key to
    keys; `names` are the names for `Package.via`, by key (a key that is not in it is a name itself). Without roots,
    `direct` is None for every entry.
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

    def of(self, key: str) -> DependencyRole:
        """Return the role of `key`. An entry that no root reaches counts as runtime, the strongest scope."""
        return DependencyRole(
            scope=self._scopes.get(key, Scope.RUNTIME),
            direct=key in self._roots if self._roots else None,
            via=tuple(self._names.get(step, step) for step in self._paths.get(key, ())),
        )

"""How an assembly names types, its own and those of others."""

from functools import cached_property

from gate.reachability.assemblies import tables
from gate.reachability.assemblies.metadata import Metadata

_MOST_NESTED = 50


class TypeNames:
    """The names of types as reflection shows them: `Namespace.Outer+Inner`, generic ones ``List`1``."""

    def __init__(self, metadata: Metadata) -> None:
        self._metadata = metadata
        self._known: dict[tuple[int, int], str] = {}
        self._signatures: dict[int, tuple[str, ...]] = {}

    def named(self, table: int, row: int) -> tuple[str, ...]:
        """Return the types that a row of a table of types names, the outermost first; none for a module."""
        if table == tables.TYPE_SPEC:
            return self.in_signature(self._metadata.row(table, row)[0])
        return (self._of(table, row),) if table in (tables.TYPE_REF, tables.TYPE_DEF) else ()

    def in_signature(self, place: int) -> tuple[str, ...]:
        """Return the types that the signature at a place of its heap names."""
        if place not in self._signatures:
            found = self._metadata.types_in(place)
            self._signatures[place] = tuple(self._of(*one) for one in found if one[0] != tables.TYPE_SPEC)
        return self._signatures[place]

    def owner(self, table: int, row: int) -> str:
        """Return the type that a method or field belongs to; empty if it is a module's."""
        if table == tables.MEMBER_REF:
            table, row = self._metadata.coded("MemberParent", self._metadata.row(table, row)[0])
        if table in self._owners:
            if not 0 < row < len(self._owners[table]):
                raise self._metadata.damaged()
            return self._of(tables.TYPE_DEF, self._owners[table][row])
        return next(iter(self.named(table, row)), "")

    @cached_property
    def _owners(self) -> dict[int, list[int]]:
        """The row of the type that declares each field and each method."""
        return {tables.FIELD: self._declaring(4, tables.FIELD), tables.METHOD: self._declaring(5, tables.METHOD)}

    def _declaring(self, column: int, table: int) -> list[int]:
        owners = [0] * (len(self._metadata.rows(table)) + 1)
        for row, (start, end) in enumerate(self._metadata.members(column, table), 1):
            owners[start:end] = [row] * (end - start)
        return owners

    def _of(self, table: int, row: int) -> str:
        if (table, row) not in self._known:
            self._known[table, row] = "+".join(reversed(self._parts(table, row)))
        return self._known[table, row]

    def _parts(self, table: int, row: int) -> list[str]:
        parts: list[str] = []
        while row:
            scope, name, space, *_ = self._metadata.row(table, row)
            parts.append(".".join(filter(None, map(self._metadata.name, (space, name)))))
            if len(parts) > _MOST_NESTED:
                raise self._metadata.damaged()
            row = self._enclosing.get(row, 0) if table == tables.TYPE_DEF else self._outer(scope)
        return parts

    def _outer(self, scope: int) -> int:
        table, row = self._metadata.coded("Scope", scope)
        return row if table == tables.TYPE_REF else 0

    @cached_property
    def _enclosing(self) -> dict[int, int]:
        return {row[0]: row[1] for row in self._metadata.rows(tables.NESTED)}

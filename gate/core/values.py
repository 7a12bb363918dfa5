"""Values of a YAML, TOML or JSON document that know where they stand, which rules are asked of.

A value keeps its place when it is merged into another one (`extends`, `include`, an overlay), so that a finding names
the line on which it was written.
"""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from gate.core.errors import LimitError

MAX_DEPTH = 200
"""Mappings and lists in one another at most; deeper ones are no definition that a person wrote."""

FLOW = "{}"
"""Style of a mapping or list in brackets."""

Scalar: TypeAlias = str | int | float | bool | None
Data: TypeAlias = "Scalar | dict[str, Value] | list[Value]"
Position: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""


class Value(msgspec.Struct, frozen=True):
    """A scalar, a mapping or a list, and where it stands."""

    data: Data
    path: str
    line: int
    """From 1; of a mapping's value, the line of its key."""
    start: Position = (1, 1)
    end: Position = (1, 1)
    """Where the value itself begins and ends (exclusive)."""
    tag: str = ""
    """A tag of its own (`!reference`), as written."""
    style: str = ""
    """How it is written: a scalar by `'`, `"`, `|` or `>`, a mapping or list in brackets by `FLOW`; empty: plain."""

    def get(self, *keys: str) -> "Value | None":
        """Return what the keys lead to in mappings; None if there is nothing."""
        found: Value | None = self
        for key in keys:
            found = found.data.get(key) if found is not None and isinstance(found.data, dict) else None
        return found

    def items(self) -> Iterator[tuple[str, "Value"]]:
        """Yield keys and values of a mapping; nothing of anything else."""
        if isinstance(self.data, dict):
            yield from self.data.items()

    def elements(self) -> Iterator["Value"]:
        """Yield the elements of a list; anything else but null is its own only element."""
        if isinstance(self.data, list):
            yield from self.data
        elif self.data is not None:
            yield self

    def text(self, *keys: str) -> str:
        """Return the scalar that the keys lead to as YAML would write it; empty if there is none, or no scalar."""
        found = self.get(*keys) if keys else self
        if found is None or found.data is None or isinstance(found.data, dict | list):
            return ""
        return str(found.data).lower() if isinstance(found.data, bool) else str(found.data)

    def texts(self, *keys: str) -> list[str]:
        """Return the scalars of a list, or the one scalar, that the keys lead to."""
        found = self.get(*keys)
        return [one.text() for one in found.elements() if not isinstance(one.data, dict | list)] if found else []

    def walk(self) -> Iterator["Value"]:
        """Yield the value and all below it, in the order of the document; what an alias repeats comes once."""
        waiting, seen = [self], set()
        while waiting:
            value = waiting.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            yield value
            if isinstance(value.data, dict):
                waiting += reversed(value.data.values())
            elif isinstance(value.data, list):
                waiting += reversed(value.data)

    def plain(self) -> object:
        """Return the value as dicts, lists and scalars, without places."""
        if isinstance(self.data, dict):
            return {key: value.plain() for key, value in self.data.items()}
        if isinstance(self.data, list):
            return [value.plain() for value in self.data]
        return self.data


def value_of(data: object, path: str, depth: int = 0) -> Value:
    """Return dicts, lists and scalars as a value without places. Raises LimitError if they are nested too deeply."""
    if depth > MAX_DEPTH:
        raise LimitError(f"has more than {MAX_DEPTH} mappings and lists in one another", path=path)
    if isinstance(data, dict):
        return Value({str(key): value_of(one, path, depth + 1) for key, one in data.items()}, path, 1)
    if isinstance(data, list | tuple):
        return Value([value_of(one, path, depth + 1) for one in data], path, 1)
    return Value(data if isinstance(data, str | int | float) else None, path, 1)

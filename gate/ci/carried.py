"""Text of others that is carried by names: a variable or parameter holds it, and a script of another job uses that."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

MAX_HOPS = 10
"""Names that lead to one another."""
Name = TypeVar("Name", bound=Hashable)
Text = TypeVar("Text")


def carriers(
    values: Iterable[tuple[Name, Text]], origin: Callable[[Text], str], used: Callable[[Text], Iterable[Name]]
) -> dict[Name, str]:
    """Return the names whose values hold text of others, each with the expression that brings it.

    `values` are the names with what they are set to, `origin` says which expression of a value is text of others
    (empty: none), `used` which other names stand in it.
    """
    known = list(values)
    found: dict[Name, str] = {}
    for _ in range(MAX_HOPS):
        before = len(found)
        for name, text in known:
            brought = origin(text) or next((found[one] for one in used(text) if one in found), "")
            if brought:
                found.setdefault(name, brought)
        if len(found) == before:
            break
    return found

"""Whether a name that a package states may come to code that starts programs, by what requires what.

A name goes from one package to another if something requires both, directly or through others: one of the two, or a
third. The same holds of compiled files by what they are linked with.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

One = TypeVar("One", bound=Hashable)


class HandedOn(Generic[One]):
    """Packages, or compiled files, with what they require."""

    def __init__(self, requires: Callable[[One], Iterable[One]]) -> None:
        self._requires = requires
        self._required: dict[One, frozenset[One]] = {}
        self._above: dict[One, set[One]] = {}
        """What requires each."""
        self._starting: set[One] = set()
        self._reached: set[One] | None = None

    def add(self, one: One) -> list[One]:
        """Take in a package with all that it requires, and return those that are new."""
        added: list[One] = []
        todo = [one]
        while todo:
            each = todo.pop()
            if each not in self._required:
                added.append(each)
                self._required[each] = frozenset(self._requires(each))
                for below in self._required[each]:
                    self._above.setdefault(below, set()).add(each)
                todo += self._required[each]
                self._reached = None
        return added

    def note(self, one: One) -> None:
        """Note that a package starts programs by code of its own."""
        if one not in self._starting:
            self._starting.add(one)
            self._reached = None

    def __contains__(self, one: One) -> bool:
        """True if a name in it may come to code that starts programs."""
        if self._reached is None:
            above = _closure(self._starting, self._above)
            self._reached = _closure(above, self._required)
        return one in self._reached


def _closure(starts: Iterable[One], following: dict[One, set[One]] | dict[One, frozenset[One]]) -> set[One]:
    known = set(starts)
    todo = list(known)
    while todo:
        new = set(following.get(todo.pop(), ())) - known
        known |= new
        todo += new
    return known

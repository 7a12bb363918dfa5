"""Searches forwards, from the program's own code along calls that can be resolved, for a chain to a function.

A call is resolved by imports (with what packages import from their own modules to offer it), by the definitions of its
module, by `self`, and by local names that hold what a constructor returns. What is not resolved is left out: a chain is
evidence that the function is called, the lack of one says nothing.
"""

from collections.abc import Iterator

import msgspec

from gate.reachability.functions.sources import Sources, absolute
from gate.reachability.functions.units import Unit

MAX_UNITS = 4_000
"""Units of packages that are followed."""
_MAX_DEPTH = 8
"""Modules through which a name is imported, and classes above one."""


class Place(msgspec.Struct, frozen=True):
    """A unit or class of a source."""

    path: str
    name: str


class FirstCall(msgspec.Struct, frozen=True):
    """A call."""

    by: Place
    line: int


class Calls:
    """The calls of a program that can be resolved, starting with its own code."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._known: dict[str, Place | None] = {}
        self.reached: dict[Place, FirstCall] = {}
        """Each unit or class of packages that is called, and by what first."""
        self._follow()

    def chain_to(self, place: Place) -> tuple[str, ...]:
        """Return the calls that lead to a reached place, from the program's own code on."""
        lines = [f"{place.path} has {place.name}"]
        while place in self.reached:
            called = self.reached[place]
            lines.append(f"{called.by.path}:{called.line} calls {place.name}")
            place = called.by
        return (*lines[:0:-1],)

    def _follow(self) -> None:
        waiting: list[Place] = []
        for path in self._sources.running:
            source = self._sources.parsed(path)
            for own in source.units.values() if source else ():
                self._add_calls(path, own, waiting)
        while waiting and len(self.reached) < MAX_UNITS:
            place = waiting.pop(0)
            source = self._sources.parsed(place.path)
            unit = source.units.get(place.name) if source else None
            if unit is not None:
                self._add_calls(place.path, unit, waiting)

    def _add_calls(self, path: str, unit: Unit, waiting: list[Place]) -> None:
        for call, line in unit.calls.items():
            for place in self._resolved(path, unit, call):
                is_new = place.path in self._sources.loaded and place not in self.reached
                if is_new and place != Place(path, unit.name):
                    self.reached[place] = FirstCall(Place(path, unit.name), line)
                    waiting.append(place)

    def _resolved(self, path: str, unit: Unit, call: str) -> Iterator[Place]:
        """Yield the unit that a call runs, and for a class the class too."""
        found = self._find(path, unit, call.split("."), 0)
        if found is None:
            return
        yield found
        if self._is_class(found):
            for special in ("__init__", "__new__", "__post_init__"):
                if (method := self._method(found, special)) is not None:
                    yield method

    def _find(self, path: str, unit: Unit | None, parts: list[str], depth: int) -> Place | None:
        if depth > _MAX_DEPTH or not parts[0]:
            return None
        head, rest = parts[0], parts[1:]
        if unit is not None and head in ("self", "cls", "super()") and unit.owner:
            return self._of_self(Place(path, unit.owner), head, rest)
        if unit is not None and head in unit.types and head != unit.types[head].split(".")[0]:
            return self._find(path, unit, [*f"{unit.types[head]}()".split("."), *rest], depth + 1)
        source = self._sources.parsed(path)
        if source is None:
            return None
        name = head.removesuffix("()")
        if name in source.classes or name in source.units:
            return self._within(Place(path, name), rest)
        return self._imported(path, name, rest, depth)

    def _of_self(self, owner: Place, head: str, rest: list[str]) -> Place | None:
        if len(rest) != 1:
            return None
        return self._method(owner, rest[0], is_above=head == "super()")

    def _imported(self, path: str, name: str, rest: list[str], depth: int) -> Place | None:
        source = self._sources.parsed(path)
        assert source is not None
        module = self._sources.module_name(path)
        is_package = path.endswith("/__init__.py")
        origins = [source.imports[name]] if name in source.imports else []
        origins += [f"{origin}.{name}" for local, origin in source.imports.items() if local.startswith("*")]
        for origin in origins:
            dotted = absolute(origin, module, is_package=is_package)
            found = self._dotted([*dotted.split("."), *rest], depth + 1)
            if found is not None:
                return found
        return None

    def _dotted(self, parts: list[str], depth: int) -> Place | None:
        name = ".".join(parts)
        if name not in self._known:
            self._known[name] = None  # modules that import from one another
            self._known[name] = self._defined(parts, depth)
        return self._known[name]

    def _defined(self, parts: list[str], depth: int) -> Place | None:
        """Look in the module with the longest of the names; a package may offer a function by a module's own name."""
        for length in range(len(parts) - 1, 0, -1):
            path = self._sources.modules.get(".".join(parts[:length]).replace("()", ""))
            if path is not None:
                return self._find(path, None, parts[length:], depth)
        return None

    def _within(self, place: Place, rest: list[str]) -> Place | None:
        if not rest:
            return place
        return self._method(place, rest[0]) if self._is_class(place) and len(rest) == 1 else None

    def _is_class(self, place: Place) -> bool:
        source = self._sources.parsed(place.path)
        return source is not None and place.name in source.classes

    def _method(self, owner: Place, name: str, *, is_above: bool = False, depth: int = 0) -> Place | None:
        """Return the method of a class, or of one above."""
        source = self._sources.parsed(owner.path)
        if source is None or depth > _MAX_DEPTH or owner.name not in source.classes:
            return None
        if not is_above and f"{owner.name}.{name}" in source.units:
            return Place(owner.path, f"{owner.name}.{name}")
        for base in source.classes[owner.name].bases:
            above = self._find(owner.path, None, base.split("."), depth + 1)
            found = self._method(above, name, depth=depth + 1) if above else None
            if found is not None:
                return found
        return None

"""Searches forwards from a module's own code along calls that can be resolved, for a chain to a function of Go.

Resolved are calls of functions of the same package, of imported packages, and of methods by the receiver's own name. A
name that also stands for something else in a function is not.
"""

import re
from collections.abc import Iterator

from gate.reachability.functions.golang.packages import GoModule
from gate.reachability.functions.golang.reached import FunctionKey, GoUnit
from gate.reachability.functions.golang.source import GoSource, is_never_built, likely_name
from gate.reachability.functions.golang.symbols import GoFunctionName

MAX_FOLLOWED = 20_000
"""Functions that are followed."""


class GoCalls:
    """The calls that lead from a module's own code."""

    def __init__(self, module: GoModule) -> None:
        """Follow the calls. Raises GateError if a source cannot be read or there is too much."""
        self._module = module
        self._sources: dict[str, dict[str, GoSource]] = {}
        self._by: dict[FunctionKey, tuple[GoUnit, int]] = {}
        self._follow()

    def chain_to(self, name: GoFunctionName) -> tuple[str, ...]:
        """Return the calls that lead to a function, from the own code on; nothing if none was found."""
        steps: list[str] = []
        key = name.key
        while name.function and key in self._by:
            unit, line = self._by[key]
            steps.append(f"{unit.path}:{line} calls {GoFunctionName(*key)}")
            if unit.package in self._module.own:
                break
            key = unit.key
        return tuple(reversed(steps))

    def _follow(self) -> None:
        waiting = [
            GoUnit(package, path, function)
            for package in self._module.own
            for path, source in self._module.parsed(package)
            if not is_never_built(self._module.content(path))
            for function in source.functions
        ]
        followed = 0
        while waiting and followed < MAX_FOLLOWED:
            unit = waiting.pop(0)
            followed += 1
            for key, line in self._called(unit):
                if key not in self._by and key != unit.key:
                    self._by[key] = unit, line
                    waiting += self._units(key)

    def _units(self, key: FunctionKey) -> Iterator[GoUnit]:
        """Yield the functions of this name in a package whose sources are there, the own code's left out."""
        package, owner, name = key
        if package in self._module.own or package not in self._module.loaded:
            return
        for path, source in self._of(package).items():
            for function in source.functions:
                if (function.owner, function.name) == (owner.encode(), name.encode()):
                    yield GoUnit(package, path, function)

    def _called(self, unit: GoUnit) -> Iterator[tuple[FunctionKey, int]]:
        function = unit.function
        packages = self._named_packages(self._of(unit.package)[unit.path])
        for qualifier, name, line in function.calls():
            called = name.decode("utf-8", "replace")
            if not qualifier:
                if name != function.name and _always(name, rb"\s*\(", function.code):
                    yield (unit.package, "", called), line
            elif qualifier == function.itself and function.owner:
                yield (unit.package, function.owner.decode("utf-8", "replace"), called), line
            elif qualifier in packages and _always(qualifier, rb"\s*\.", function.code):
                yield (packages[qualifier], "", called), line

    def _named_packages(self, source: GoSource) -> dict[bytes, str]:
        """Return the imported packages by their names in a source."""
        found: dict[bytes, str] = {}
        for name, path in source.imports:
            own = next((each.package for each in self._of(path).values()), b"") if path in self._module.loaded else b""
            found[name or own or likely_name(path)] = path
        return found

    def _of(self, package: str) -> dict[str, GoSource]:
        if package not in self._sources:
            self._sources[package] = dict(self._module.parsed(package))
        return self._sources[package]


def _always(name: bytes, before: bytes, code: bytes) -> bool:
    """True if a name stands nowhere in a function but before this pattern, or behind a dot."""
    word = re.escape(name)
    return re.search(rb"(?<![\w.\x80-\xff])%s(?![\w\x80-\xff])(?!%s)" % (word, before), code) is None

"""Searches forwards, from the own code along calls that can be resolved, for a chain to a method of Ruby.

Resolved are calls of constants (`Rack::Utils.escape`), of local variables that hold a new object, and of the
method's own class. What is not resolved is left out: a chain is evidence, the lack of one says nothing.
"""

import re
from collections import deque
from collections.abc import Collection, Iterator

from gate.reachability.functions.ruby.source import RubyCall, RubyUnit
from gate.reachability.functions.ruby.sources import RubySources

MAX_RUBY_FOLLOWED = 4_000
"""Methods of gems that are followed."""
_PATH = re.compile(rb"(?P<class>(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*)(?:\.new\b.*)?", re.DOTALL)
_NEW = b"new"


class RubyCalls:
    """The calls that lead from the own code."""

    def __init__(self, sources: RubySources, running: Collection[str] | None = None) -> None:
        """Follow the calls of the own sources, or of `running` ones alone. Raises GateError for too much."""
        self._sources = sources
        self._by: dict[str, tuple[str, str, int]] = {}
        """What calls a method first: its source, the method that calls it and the line."""
        self._classes: dict[str, bool] = {}
        self._own = [path for path in sources.files.own if running is None or path in running]
        self._follow()

    def chain_to(self, name: str) -> tuple[str, ...]:
        """Return the calls that lead to a method (`Rack.Utils.escape`); nothing if none was found."""
        steps: list[str] = []
        while name in self._by and len(steps) < MAX_RUBY_FOLLOWED:
            path, by, line = self._by[name]
            steps.append(f"{path}:{line} calls {name.replace('.', '::', name.count('.') - 1)}")
            name = by if path not in self._sources.own else ""
        return tuple(reversed(steps))

    def _follow(self) -> None:
        units = [(path, unit) for path in self._own for unit in self._sources.parsed(path).units]
        waiting = deque(units)
        followed = 0
        while waiting and followed < MAX_RUBY_FOLLOWED:
            path, unit = waiting.popleft()
            followed += path not in self._sources.own
            for call in unit.calls:
                for name in self._called(unit, call):
                    if name not in self._by and name != unit.shown:
                        self._by[name] = path, unit.shown, call.line
                        waiting.extend(self._defined(name))

    def _called(self, unit: RubyUnit, call: RubyCall) -> Iterator[str]:
        method = call.name.decode("utf-8", "replace")
        if call.receiver in (b"", b"self"):
            if unit.owner:
                yield f"{unit.owner}.{method}"
            return
        found = _PATH.fullmatch(unit.types.get(call.receiver, call.receiver))
        if found is None:
            return
        name = self._meant(unit.owner, found["class"].decode("utf-8", "replace").replace("::", "."))
        yield f"{name}.{method}"
        if call.name == _NEW:
            yield f"{name}.initialize"

    def _meant(self, owner: str, name: str) -> str:
        """Return the class that a constant stands for: one of those around it, if there is such a one."""
        around = owner if not name.startswith(".") else ""
        while around:
            inner = f"{around}.{name}"
            if self._is_class(inner):
                return inner
            around = around.rpartition(".")[0]
        return name.lstrip(".")

    def _is_class(self, name: str) -> bool:
        """True if a source defines this class or module."""
        if name not in self._classes:
            last = name.rpartition(".")[2].encode()
            defines = re.compile(rb"(?:class|module)[ \t]+(?:\w+::)*%s\b" % re.escape(last))
            having = (path for path in self._sources.words().get(last, ()) if path in self._sources.all)
            found = (path for path in having if defines.search(self._sources.files.content(path)))
            self._classes[name] = any(
                f"{unit.owner}.".startswith(f"{name}.") for path in found for unit in self._sources.parsed(path).units
            )
        return self._classes[name]

    def _defined(self, name: str) -> Iterator[tuple[str, RubyUnit]]:
        """Yield the units of gems with this name."""
        *outer, method = name.split(".")
        words = self._sources.words()
        paths = words.get(method.rstrip("?!=").encode(), ())
        having = set(words.get(outer[-1].encode(), ())) if outer else set()
        for path in paths:
            if path in having and path in self._sources.all and path not in self._sources.own:
                yield from ((path, unit) for unit in self._sources.parsed(path).units if unit.shown == name)

"""The functions that a module's own code may reach: by names, so that the type of a value need not be known.

A function of a package is reached if its name stands in a reached function of its own package, or behind a dot in one
of a file that imports it; a method if its name stands behind a dot anywhere, or Go's standard library may call it, and
something names its type.
"""

import re
from collections import defaultdict, deque

import msgspec

from gate.reachability.functions.answer import listed_steps
from gate.reachability.functions.golang.packages import GoModule
from gate.reachability.functions.golang.source import GoFunction, GoSource
from gate.reachability.functions.golang.standard import METHODS

_BY_NAME = re.compile(rb"\bMethodByName\s*\(|\.Method\s*\(\s*[a-z]\w*\s*\)")
"""Calls of reflection that find any method."""
_RPC = "net/rpc"
"""Calls methods by the names that clients send."""
_TEMPLATES = frozenset({"text/template", "html/template"})
FunctionKey = tuple[str, str, str]
"""Package, type or nothing, and name."""
_STANDARD = "Go's standard library may call it"


class GoUnit(msgspec.Struct, frozen=True):
    """A function where it stands."""

    package: str
    path: str
    function: GoFunction

    @property
    def key(self) -> FunctionKey:
        owner, name = self.function.owner, self.function.name
        return self.package, owner.decode("utf-8", "replace"), name.decode("utf-8", "replace")

    @property
    def place(self) -> str:
        return f"{self.path}:{self.function.line}"


class GoReached:
    """The functions that are reached, and by what."""

    def __init__(self, module: GoModule) -> None:
        """Search from the own code on. Raises GateError if a source cannot be read or there is too much."""
        self._module = module
        self.known: set[FunctionKey] = set()
        """Every function of the loaded packages."""
        self.finds_methods = ""
        """The place that calls methods by names which are made at run time; empty if there is none."""
        self.has_templates = not _TEMPLATES.isdisjoint(module.imported)
        self._by: dict[FunctionKey, GoUnit | str] = {}
        self._seen: set[tuple[str, bytes]] = set()
        self._functions: defaultdict[tuple[str, bytes], list[GoUnit]] = defaultdict(list)
        self._methods: defaultdict[bytes, list[GoUnit]] = defaultdict(list)
        self._of_type: defaultdict[tuple[str, bytes], list[GoUnit]] = defaultdict(list)
        self._types: defaultdict[tuple[str, bytes], list[tuple[str, frozenset[bytes]]]] = defaultdict(list)
        self._live: set[tuple[str, bytes]] = set()
        self._selected: dict[bytes, GoUnit | str] = dict.fromkeys(METHODS, _STANDARD)
        self._imports: dict[str, tuple[set[str], set[str]]] = {}
        self._named: defaultdict[str, set[bytes]] = defaultdict(set)
        self._taken: defaultdict[str, set[bytes]] = defaultdict(set)
        self._waiting: deque[GoUnit] = deque()
        self._search()

    def way_to(self, key: FunctionKey) -> tuple[str, ...] | None:
        """Return what leads to a function, from the own code on; None if it is not reached."""
        if key not in self._by:
            return None
        steps: list[str] = []
        seen: set[FunctionKey] = set()
        while key in self._by and key not in seen:
            seen.add(key)
            by, name = self._by[key], ".".join(filter(None, key[1:]))
            if isinstance(by, str):
                steps.append(by.format(name=name))
                break
            steps.append(f"{by.place} names {name}")
            key = by.key
        return listed_steps(steps[::-1])

    def _search(self) -> None:
        sources = [
            (package, path, source) for package in self._module.loaded for path, source in self._module.parsed(package)
        ]
        for package, path, source in sources:
            self._add(package, path, source)
        for package, path, source in sources:
            self._begin(package, path, source)
        for package in self._module.loaded:
            for name in self._module.names_in_assembly(package):
                self._from_elsewhere(package, name, "assembler code names {name}")
        for path, name in self._module.names_in_templates() if self.has_templates else ():
            self._select(name, f"{path} has {{name}}")
        while self._waiting:
            self._visit(self._waiting.popleft())

    def _add(self, package: str, path: str, source: GoSource) -> None:
        by_name = {imported for name, imported in source.imports if name not in (b".", b"_")}
        self._imports[path] = by_name, {imported for name, imported in source.imports if name == b"."}
        for name, words in source.types:
            self._types[package, name].append((path, words))
        if not self.finds_methods and _RPC in by_name:
            self.finds_methods = path
        for function in source.functions:
            unit = GoUnit(package, path, function)
            self.known.add(unit.key)
            if function.owner:
                self._methods[function.name].append(unit)
                self._of_type[package, function.owner].append(unit)
            else:
                self._functions[package, function.name].append(unit)
            if not self.finds_methods and _BY_NAME.search(function.code):
                self.finds_methods = unit.place

    def _begin(self, package: str, path: str, source: GoSource) -> None:
        """Begin with the own code, what runs when a package is loaded, and what others than Go's code call."""
        for function in source.functions:
            if function.runs_when_loaded or package in self._module.own:
                self._reach(GoUnit(package, path, function), f"{path}:{function.line} is {{name}}")
        if package in self._module.own:
            for type_name, _ in source.types:
                self._make_live(package, type_name)
        if self.has_templates:
            for word in source.texts:
                self._select(word, f"{path} has {{name}} in a text")
        for name in source.from_elsewhere:
            self._from_elsewhere(package, name, f"{path} hands {{name}} to others than Go's code")

    def _from_elsewhere(self, package: str, name: bytes, by: str) -> None:
        """Reach what the linker, C or assembler code uses: a name, perhaps with its package and type in front."""
        last = name.rpartition(b"/")[2].split(b".")[-1].strip(b"()*")
        before = name.rpartition(b".")[0].decode("utf-8", "replace").replace("\N{DIVISION SLASH}", "/")
        for home in (package, before):
            for unit in self._functions.get((home, last), ()):
                self._reach(unit, by)
        for unit in self._methods.get(last, ()):
            self._make_live(unit.package, unit.function.owner)
        self._select(last, by)

    def _visit(self, unit: GoUnit) -> None:
        function = unit.function
        words = function.words()
        self._use_new(unit.package, words, self._named, unit)
        selected = function.selected()
        for word in selected:
            self._select(word, unit)
        imported, all_of = self._imports[unit.path]
        for package in imported & self._module.loaded.keys():
            self._use_new(package, selected, self._taken, unit)
        for package in all_of:
            self._use_new(package, words, self._taken, unit)

    def _use_new(self, package: str, words: frozenset[bytes], used: "defaultdict[str, set[bytes]]", by: GoUnit) -> None:
        for word in words - used[package]:
            for unit in self._functions.get((package, word), ()):
                self._reach(unit, by)
            self._make_live(package, word)
        used[package] |= words

    def _make_live(self, package: str, name: bytes) -> None:
        """Note that a name is used, if it is a type's, with the types of its parts; reach what calls by name reach."""
        waiting = [(package, name)]
        while waiting:
            one = waiting.pop()
            if one in self._live or one not in self._types:
                continue
            self._live.add(one)
            for unit in self._of_type.get(one, ()):
                if (by := self._caller_of(unit.function.name)) is not None:
                    self._reach(unit, by)
            for path, words in self._types[one]:
                imported, all_of = self._imports[path]
                waiting += [(home, word) for home in (one[0], *imported, *all_of) for word in words]

    def _caller_of(self, method: bytes) -> GoUnit | str | None:
        """Return what may call a method of a type that is used; None if nothing does."""
        if method in self._selected:
            return self._selected[method]
        is_exported = method[:1].isupper()
        return (
            f"{self.finds_methods} calls methods by names of run time" if self.finds_methods and is_exported else None
        )

    def _select(self, name: bytes, by: GoUnit | str) -> None:
        if name in self._selected:
            return
        self._selected[name] = by
        for unit in self._methods.get(name, ()):
            if (unit.package, unit.function.owner) in self._live:
                self._reach(unit, by)

    def _reach(self, unit: GoUnit, by: GoUnit | str) -> None:
        here = unit.place, unit.function.name
        if here not in self._seen:
            self._seen.add(here)
            self._by.setdefault(unit.key, by)
            self._waiting.append(unit)

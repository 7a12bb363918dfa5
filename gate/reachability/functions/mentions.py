"""Searches backwards, by names, from a function to what may call it, up to what runs for certain.

A call can only reach a function whose name stands somewhere: as a name that its module or an import binds, as an
attribute, or in a string. So every unit that mentions the name of a function may call it, whatever the types are; a
special method is called by what mentions its class, and so is a method that a class of others, unknown here, may call.
If no way leads up to code that runs, nothing calls the function.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import msgspec

from gate.core.word_lists import word_lists
from gate.reachability.functions.sources import Sources, absolute
from gate.reachability.functions.units import MODULE, Source, Unit

_KNOWN_BASES = frozenset(
    (
        "object",
        "Exception",
        "ValueError",
        "TypeError",
        "KeyError",
        "RuntimeError",
        "LookupError",
        "AttributeError",
        "OSError",
        "IOError",
        "ABC",
        "Generic",
        "Protocol",
        "NotImplementedError",
        "Warning",
        "UserWarning",
        "DeprecationWarning",
    )
)
"""Classes that call no methods but special ones."""
_CALLED_BY_OTHERS = frozenset(word_lists(__file__)["called_by_others"])
"""Methods that the standard library and compiled modules call on whatever they are handed."""
MAX_NODES = 600
"""Names that are looked for on the way to one function; with more, something is taken to call it."""
_CLASS = re.compile(r"^[ \t]*class[ \t]+(\w+)[ \t]*(?:\[[^\]]*\])?(?:\(([^)]{0,4000}))?", re.MULTILINE)
_ALIAS = re.compile(r"[ \t]as[ \t]+(\w+)")
_BEFORE = re.compile(r"(\w+)[ \t]*\Z")
_LONGEST_NAME = 100
_WORD = re.compile(r"\w+")
_WORDS_ALONE = bytes(
    ord(" ") if byte < 0x80 and not (chr(byte).isalnum() or byte == ord("_")) else byte for byte in range(256)
)
"""To part a source into words: what is in none becomes a blank."""


class Node(msgspec.Struct, frozen=True):
    """A name, with the file that binds it; empty: whichever."""

    name: str
    path: str
    owner: str = ""
    """The class whose part it names, if it is one."""


class NameMention(msgspec.Struct, frozen=True):
    """A place that mentions a name."""

    path: str
    line: int
    unit: str
    name: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where} names {self.name}"


class NameSearch:
    """Looks for what may call the functions of a program."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._own = frozenset(sources.own)
        self._subclasses: dict[str, frozenset[str]] = {}
        self._others: dict[tuple[str, str], bool] = {}
        self._homes: dict[str, tuple[tuple[str, str], ...]] = {}
        self._words: dict[str, dict[str, list[Unit]]] = {}
        self._registered: dict[tuple[str, str], bool] = {}

    def way_to(self, nodes: Iterable[Node]) -> tuple[list[NameMention] | None, set[Node]]:
        """Return a way from what runs to one of `nodes`, and all that was looked for.

        None: there is no way. Raises LimitError if too much has to be read.
        """
        came_from: dict[Node, tuple[Node, NameMention] | None] = dict.fromkeys(nodes)
        waiting = list(came_from)
        while waiting:
            node = waiting.pop(0)
            for mention, unit in self._mentioning(node):
                if unit is None:
                    return [mention, *_way(node, came_from)], set(came_from)
                if unit.owner and self.is_registered(mention.path, unit.owner):
                    return [mention, *_way(node, came_from)], set(came_from)
                for above in self.callers_of(mention.path, unit):
                    if above not in came_from:
                        came_from[above] = (node, mention)
                        waiting.append(above)
            if len(came_from) > MAX_NODES:
                return [NameMention("more than is followed", 0, "", node.name)], set()
        return None, set(came_from)

    def callers_of(self, path: str, unit: Unit) -> Iterator[Node]:
        """Yield the names by which a unit is called."""
        is_special = unit.bare.startswith("__") and unit.bare.endswith("__")
        if not is_special:
            yield Node(unit.bare, path, unit.owner.rpartition(".")[2])
        if unit.owner and (is_special or unit.bare in _CALLED_BY_OTHERS or self._has_others(path, unit.owner)):
            yield from self.class_nodes(path, unit.owner)

    def class_nodes(self, path: str, name: str) -> Iterator[Node]:
        """Yield the names of a class and of those derived from it."""
        last = name.rpartition(".")[2]
        yield Node(last, path)
        for derived in self.derived_from(last):
            yield Node(derived, "")

    def derived_from(self, name: str) -> frozenset[str]:
        """Return the names of the classes whose bases, or their bases, are written with this name."""
        if name not in self._subclasses:
            found: set[str] = set()
            waiting = [name]
            while waiting:
                new = self._defined.derived.get(waiting.pop(), set()) - found
                found |= new
                waiting += new
            self._subclasses[name] = frozenset(found - {name})
        return self._subclasses[name]

    def is_registered(self, path: str, name: str) -> bool:
        """True if a decorator, a metaclass or a base may keep a class when it is defined."""
        key = (path, name)
        if key not in self._registered:
            self._registered[key] = self._in_bases(path, name, _registers, default=False)
        return self._registered[key]

    def _has_others(self, path: str, name: str) -> bool:
        """True if a class has a base that is not among the sources, and so may call its methods."""
        key = (path, name)
        if key not in self._others:
            self._others[key] = self._in_bases(path, name, lambda _source, _each: False, default=True)
        return self._others[key]

    def _in_bases(self, path: str, name: str, holds: Callable[[Source, str], bool], *, default: bool) -> bool:
        """True if `holds` is true for a class or one above; `default` is the answer for a base that is nowhere."""
        waiting, seen = [(path, name)], {(path, name)}
        while waiting:
            home = waiting.pop()
            source = self._sources.parsed(home[0])
            if source is None or home[1] not in source.classes:
                if default:
                    return True
                continue
            if holds(source, home[1]):
                return True
            for word in _bases_of(source, home[1]):
                above = self._homes_of(word)
                if not above and default:
                    return True
                waiting += [each for each in above if each not in seen]
                seen.update(above)
        return False

    def _homes_of(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return path and whole name of each class that is called `name`."""
        if name not in self._homes:
            self._homes[name] = tuple(
                (path, each)
                for path in sorted(self._defined.places.get(name, ()))
                for each in self._classes_of(path)
                if each.rpartition(".")[2] == name
            )
        return self._homes[name]

    def _mentioning(self, node: Node) -> Iterator[tuple[NameMention, Unit | None]]:
        """Yield each unit that mentions a name; None as the unit if that runs whatever is called."""
        word = node.name.encode()
        having = [path for path, words in self._words_of.items() if word in words]
        for path in filter(self._own.__contains__, having):
            yield from self._mentioning_in(path, node)
        for path in (*self._sources.texts, *self._sources.compiled):  # before packages, as these need not be parsed
            if word in self._sources.content(path):
                yield NameMention(path, 0, "", node.name), None
        for path in having:
            if path not in self._own:
                yield from self._mentioning_in(path, node)

    def _mentioning_in(self, path: str, node: Node) -> Iterator[tuple[NameMention, Unit | None]]:
        name = node.name
        source = self._sources.parsed(path)
        if source is None:
            yield NameMention(path, 0, "", name), None
            return
        binds = node.path in ("", path) or _binds(source, name)
        for unit in self._units_with(path, source, name):
            line = unit.names.get(name) if binds else None
            line = line or self._looked_up(path, source, unit, node)
            if line is None or (unit.bare == name and path == node.path and unit.owner == node.owner):
                continue
            runs = unit.name == MODULE or unit.is_registered or path in self._own or _is_hook(unit)
            yield NameMention(path, line, unit.name, name), None if runs else unit

    def _looked_up(self, path: str, source: Source, unit: Unit, node: Node) -> int | None:
        """Return the line where a unit looks a name up in what may have it; None if there is none."""
        for of, line in unit.attributes.get(node.name, {}).items():
            if not of or (of in ("self", "cls") and self._may_be_self(unit, node)):
                return line
            if of not in ("self", "cls") and self._may_hold(path, source, of, node):
                return line
        return None

    def _may_be_self(self, unit: Unit, node: Node) -> bool:
        """True if an object of a unit's class may have what is named: one class is derived from both."""
        own, others = unit.owner.rpartition(".")[2], node.owner
        if not own or not others:
            return not own
        return not self._and_derived(own).isdisjoint(self._and_derived(others))

    def _and_derived(self, name: str) -> frozenset[str]:
        return self.derived_from(name) | {name}

    def _may_hold(self, path: str, source: Source, of: str, node: Node) -> bool:
        """True if what a module imports by the name `of` may have what is named, or may be an object that has it."""
        head, _, rest = of.partition(".")
        origin = absolute(
            source.imports[head], self._sources.module_name(path), is_package=path.endswith("/__init__.py")
        )
        dotted = f"{origin}.{rest}" if rest else origin
        if not self._sources.module_name(path) and not self._sources.is_installed(dotted):
            return True  # a module of the program's own
        if not self._sources.is_installed(dotted):
            return False  # the standard library's
        home = self._sources.modules.get(dotted)
        if home is None:
            return True
        module = self._sources.parsed(home)
        is_at_home = home == node.path or not node.path
        return not node.owner and (is_at_home or module is None or _binds(module, node.name))

    def _units_with(self, path: str, source: Source, word: str) -> Iterable[Unit]:
        """Return the units of a source that have a word, as a name or looked up."""
        if path not in self._words:
            by_word: dict[str, list[Unit]] = {}
            for unit in source.units.values():
                for each in {*unit.names, *unit.attributes}:
                    by_word.setdefault(each, []).append(unit)
            self._words[path] = by_word
        return self._words[path].get(word, ())

    @cached_property
    def _words_of(self) -> dict[str, frozenset[bytes]]:
        """The words of each source; only one that has a name has to be parsed for it."""
        content = self._sources.content
        return {path: frozenset(content(path).translate(_WORDS_ALONE).split()) for path in self._sources.all}

    @cached_property
    def _defined(self) -> "_Definitions":
        return _Definitions(self._sources)

    def _classes_of(self, path: str) -> Iterable[str]:
        source = self._sources.parsed(path)
        return source.classes if source else ()


class _Definitions:
    """Where classes are defined, and from what: searched in the texts, as parsing all sources would take long."""

    def __init__(self, sources: Sources) -> None:
        self.places: dict[str, set[str]] = {}
        self.derived: dict[str, set[str]] = {}
        """The last part of a base's name to the classes that are written with it."""
        for path in sources.all:
            self._add(path, sources.content(path).decode("utf-8", "replace"))

    def _add(self, path: str, text: str) -> None:
        definitions = list(_CLASS.finditer(text))
        aliases = dict(_aliases(text)) if definitions else {}
        for found in definitions:
            self.places.setdefault(found[1], set()).add(path)
            for word in _WORD.findall(found[2] or ""):
                for base in (word, aliases.get(word, word)):
                    self.derived.setdefault(base, set()).add(found[1])


def _aliases(text: str) -> Iterator[tuple[str, str]]:
    """Yield what imports of a source are called, and what it is: `x`, `y` for `import y as x`."""
    for found in _ALIAS.finditer(text):
        before = _BEFORE.search(text, max(0, found.start() - _LONGEST_NAME), found.start())
        if before is not None:
            yield found[1], before[1]


def _bases_of(source: Source, name: str) -> Iterator[str]:
    """Yield the names of a class's bases, those that call no methods left out."""
    for base in source.classes[name].bases:
        word = base.rpartition(".")[2]
        word = source.imports.get(word, word).rpartition(".")[2]
        if word not in _KNOWN_BASES:
            yield word


def _binds(source: Source, name: str) -> bool:
    """True if a plain name in a source may stand for something of another module."""
    imports = source.imports
    return name in imports or any(
        local.startswith("*") or origin.rpartition(".")[2] == name for local, origin in imports.items()
    )


def _is_hook(unit: Unit) -> bool:
    """True for `__getattr__` of a module and the like, which Python itself calls."""
    return not unit.owner and unit.bare.startswith("__") and unit.bare.endswith("__")


def _registers(source: Source, name: str) -> bool:
    return source.classes[name].is_registered or f"{name}.__init_subclass__" in source.units


def _way(node: Node, came_from: dict[Node, tuple[Node, NameMention] | None]) -> Iterator[NameMention]:
    step = came_from[node]
    while step is not None:
        node, mention = step
        yield mention
        step = came_from[node]

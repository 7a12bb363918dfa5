"""The methods of a .NET program that may run, by the names in those that run.

It begins with all methods of the application's own assemblies, with types that a framework finds by an attribute or by
the end of their names, and with what texts name. A type that something names may be loaded. A method of it runs if a
method that runs refers to it, or to one of its name where it may stand for another (`virtual`); if a string or text is
its name; if .NET itself calls it; or if its kind runs unnamed: constructors, accessors, what has an attribute.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from gate.core.errors import LimitError
from gate.reachability.assemblies.assembly import Assembly, DotnetMethod, DotnetNames, DotnetType
from gate.reachability.assemblies.metadata import LONGEST_NAME
from gate.reachability.functions.dotnet import reflection
from gate.reachability.functions.dotnet.assemblies import MODULE_TYPE, Assemblies
from gate.reachability.functions.dotnet.outside import outside_calls

_DOTTED = re.compile(r"(?<![\w`<>$-])[\w`<>$-]++(?:[.+][\w`<>$-]++)+")
_WORD = re.compile(r"[^\W\d]\w*")
_IDENTIFIER = re.compile(r"[\w.<>]{1,200}")
_BY_KIND = re.compile(
    r"\.c?ctor|(?:get|set|init|add|remove|op)_\w+|ToString|Equals|GetHashCode|Finalize|Main|Dispose(?:Async)?"
    r"|Invoke(?:Async)?|Configure(?:\w*Services)?|ShouldSerialize\w+|Reset\w*|Add|TryParse|BindAsync"
)
"""Methods that run without being named: serializers, converters, hosts and the runtime itself call them."""
_BY_CONVENTION = re.compile(r"\w*(?:Controller|ViewComponent|HostingStartup|PageModel|Hub)(?:`\d)?")
"""Types that ASP.NET finds by the end of their names."""
_PLAIN = re.compile(r"System\.(?!Web\.).*")
"""Types and attributes of .NET by which no framework calls methods that they do not declare."""
_BY_SYNTAX = (
    *("GetEnumerator", "GetAsyncEnumerator", "MoveNext", "MoveNextAsync", "GetAwaiter", "GetResult", "OnCompleted"),
    *("Deconstruct", "Slice", "GetPinnableReference", "AppendLiteral", "AppendFormatted", "Select", "SelectMany"),
    *("Where", "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "GroupBy", "Join", "GroupJoin", "Cast"),
)
"""Methods that sources call without naming them: by loops, `await`, patterns, interpolation and queries."""
_MOST_ABOVE = 1000
_MOST_STEPS = 40

_Place = tuple[Assembly, DotnetType, DotnetMethod]


class DotnetReached:
    """The types of a program that may be loaded, and the methods that may run."""

    def __init__(self, assemblies: Assemblies) -> None:
        """Follow the names. Raises UnreadableError for a method that is not understood, LimitError for too much."""
        self._assemblies = assemblies
        self._spaces: defaultdict[str, list[str]] = defaultdict(list)
        for name in assemblies.types:
            self._spaces[name.rpartition(".")[0]].append(name)
        self._own = frozenset(assembly.path for assembly in assemblies.own)
        self._touched: set[str] = set()
        self._waiting: deque[str] = deque()
        self._above: dict[str, frozenset[str]] = {}
        self._dormant: defaultdict[str, list[_Place]] = defaultdict(list)
        """Methods of loaded types to which nothing leads yet, by their names."""
        self._started: deque[_Place] = deque()
        self._run: set[tuple[str, int]] = set()
        self._seen: set[tuple[str, str]] = set()
        self._called: dict[tuple[str, str], str] = {}
        """A type that refers to a member, by the member's name and the type of it, or one above that."""
        self._named: dict[str, str] = {}
        """A type that refers to a member of this name, whatever type it is of."""
        self._said: dict[str, str] = {}
        """What has a member's name as a string or word."""
        self.by: dict[str, str] = {}
        """What names a type first, by the type's name."""
        self.own_calls: dict[tuple[str, str], str] = {}
        """A method of the application that calls another, by type and name of that."""
        self.by_reflection = reflection.Reflection()
        self._begin()
        while self._waiting or self._started:
            if self._started:
                self._read(*self._started.popleft())
            else:
                self._visit(self._waiting.popleft())

    def caller_of(self, name: str, method: DotnetMethod) -> str | None:
        """Return why a method of a loaded type may run; None if nothing leads to it."""
        names = (method.name, *method.also)
        for each in names:
            if each in self._said:
                return f"{self._said[each]} names {each}"
            if by := self._calls(name, each, is_virtual=method.is_virtual):
                return f"{by} names {each}"
        if method.is_annotated or any(map(_runs_unnamed, names)):
            return f"{method.name} is called by what looks methods up"
        if framework := self._framework_of(name):
            return f"{framework} may lead to it"
        return next(self._outside_callers(name, method), None)

    def ancestors(self, name: str) -> frozenset[str]:
        """Return the types above a type, those of .NET too."""
        if name not in self._above:
            waiting, seen = [name], {name}
            while waiting:
                for _, known in self._assemblies.types.get(waiting.pop(), ()):
                    waiting += [parent for parent in known.parents if parent not in seen]
                    seen.update(known.parents)
                if len(seen) > _MOST_ABOVE:
                    raise LimitError(f"{name} has more than {_MOST_ABOVE:,} types above it")
            self._above[name] = frozenset(seen - {name})
        return self._above[name]

    def way_to(self, name: str) -> tuple[str, ...]:
        """Return what leads to a loaded type, from the application on."""
        steps: list[str] = []
        while name in self.by and len(steps) < _MOST_STEPS:
            by = self.by[name]
            steps.append(f"{by} names {name}" if by else f"{name} is the application's own")
            name = by
        return tuple(reversed(steps))

    def _calls(self, name: str, method: str, *, is_virtual: bool) -> str | None:
        """Return a type that refers to a method: to that of this type or one below it, or to any that it stands for."""
        return self._named.get(method) if is_virtual else self._called.get((name, method))

    def _framework_of(self, name: str) -> str | None:
        """Return by what a framework finds a type, whose methods it then may call; None if there is nothing."""
        if _BY_CONVENTION.fullmatch(name.rpartition(".")[2]):
            return "its type's name"
        above = sorted(parent for parent in self.ancestors(name) if parent not in self._assemblies.types)
        attributes = [each for _, known in self._assemblies.types[name] for each in known.attributes]
        return next((each for each in (*attributes, *above) if not _PLAIN.fullmatch(each)), None)

    def _outside_callers(self, name: str, method: DotnetMethod) -> Iterator[str]:
        if method.is_virtual:
            for parent in sorted(self.ancestors(name)):
                if parent not in self._assemblies.types and outside_calls(parent, (method.name, *method.also)):
                    yield f"{parent} may call it"

    def _begin(self) -> None:
        for assembly in self._assemblies.own:
            for name in assembly.types:
                self._load(name, "")
            self._touch(assembly)
        for assembly in self._assemblies.libraries:
            for name, known in assembly.types.items():
                if known.attributes:
                    self._load(name, known.attributes[0])
                elif _BY_CONVENTION.fullmatch(name.rpartition(".")[2]):
                    self._load(name, "its own name")
        for path, content in (*self._assemblies.texts.items(), *self._assemblies.sources.items()):
            self._follow_words(content.decode("utf-8", "replace"), path)
        for path, content in self._assemblies.sources.items():
            for name in _BY_SYNTAX:
                self._say(name, path)
            self._see(content.decode("utf-8", "replace"), path)

    def _visit(self, name: str) -> None:
        for assembly, known in self._assemblies.types[name]:
            self._touch(assembly)
            self._load_all((*known.parents, *known.named), name)
            for method in known.methods:
                if assembly.path in self._own or self.caller_of(name, method):
                    self._start(assembly, known, method)
                else:
                    for each in (method.name, *method.also):
                        self._dormant[each].append((assembly, known, method))

    def _start(self, assembly: Assembly, known: DotnetType, method: DotnetMethod) -> None:
        if (assembly.path, method.row) not in self._run:
            self._run.add((assembly.path, method.row))
            self._started.append((assembly, known, method))

    def _read(self, assembly: Assembly, known: DotnetType, method: DotnetMethod) -> None:
        names = assembly.names_in(method)
        self._load_all(names.types, known.name)
        for text in names.strings:
            self._follow(text, known.name)
            if _IDENTIFIER.fullmatch(text):
                self._say(text, known.name)
        for owner, name in names.members:
            self._call(owner, name, known.name)
            if assembly.path in self._own:
                self.own_calls.setdefault((owner, name), f"{assembly.path}!{known.name}.{method.name}")
        self._note(names, assembly, known.name)

    def _note(self, names: DotnetNames, assembly: Assembly, by: str) -> None:
        lists_types = self.by_reflection.lists_types
        self.by_reflection.note(names, assembly, by)
        if self.by_reflection.lists_types and not lists_types:
            self._load_all(list(self._assemblies.types), f"{by}, which lists types,")

    def _touch(self, assembly: Assembly) -> None:
        """Follow what an assembly does when it is loaded, its attributes and files."""
        if assembly.path in self._touched:
            return
        self._touched.add(assembly.path)
        by = assembly.path
        if first := assembly.types.get(MODULE_TYPE):
            for method in first.methods:
                if method.name == ".cctor":
                    self._start(assembly, first, method)
        types, values = assembly.attributes
        self._load_all(types, by)
        for value in values:
            self._follow_words(value.decode("utf-8", "replace"), by)
            self.by_reflection.note_attribute(value, assembly)
        resources = assembly.resources.decode("utf-8", "replace")
        if by in self._own:
            self._follow_words(resources, by)
        else:
            self._follow(resources, by)

    def _follow_words(self, text: str, by: str) -> None:
        """Follow a text of which each word may name a type or member."""
        self._follow(text, by)
        for word in set(_WORD.findall(text)):
            self._say(word, by)
            self._load(word, by)

    def _see(self, source: str, by: str) -> None:
        """Load the types of each namespace that a source names, as it may use them by their names alone."""
        for found in set(_DOTTED.findall(source)) | set(_WORD.findall(source)):
            for space in _upwards(found):
                self._load_all(self._spaces.get(space, ()), by)

    def _follow(self, text: str, by: str) -> None:
        """Load the types that a text names with their namespaces, and those of a namespace that it is."""
        for found in _DOTTED.findall(text):
            self._load_all(_upwards(found), by)
        self._load_all(self._spaces.get(text.strip("."), ()), by)

    def _say(self, member: str, by: str) -> None:
        """Start the methods of a name."""
        if member not in self._said:
            self._said[member] = by
            for each in self._dormant.pop(member, ()):
                self._start(*each)

    def _call(self, owner: str, member: str, by: str) -> None:
        """Start the methods that a reference may mean: that of the type, one that it inherits, or what overrides it."""
        if (owner, member) in self._seen:
            return
        self._seen.add((owner, member))
        self._named.setdefault(member, by)
        for each in (owner, *self.ancestors(owner)):
            self._called.setdefault((each, member), by)
        for one in self._dormant.pop(member, ()):
            if self._calls(one[1].name, member, is_virtual=one[2].is_virtual):
                self._start(*one)
            else:
                self._dormant[member].append(one)

    def _load_all(self, names: Iterable[str], by: str) -> None:
        for name in names:
            self._load(name, by)

    def _load(self, name: str, by: str) -> None:
        if name not in self.by and name in self._assemblies.types:
            self.by[name] = by
            self._waiting.append(name)


def _upwards(name: str) -> Iterator[str]:
    """Yield a name, and what is left of it without its last part, and so on."""
    while name and len(name) <= LONGEST_NAME:
        yield name
        name = name.rpartition("+" if "+" in name else ".")[0]


def _runs_unnamed(method: str) -> bool:
    simple = method if method.startswith(".") else method.rpartition(".")[2]
    return _BY_KIND.fullmatch(simple) is not None

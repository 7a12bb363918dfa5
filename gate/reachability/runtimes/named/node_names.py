"""The names of modules or commands that are looked for in sources and texts, and which modules each stands for."""

from collections.abc import Iterable, Iterator, Set

from gate.reachability.runtimes.named.node_strings import JOINT, Strings
from gate.reachability.runtimes.packages.node_folders import ModuleFolder
from gate.reachability.runtimes.strings.lines_with_names import lines_with
from gate.reachability.runtimes.strings.words import FileWords, Names, names_in

_SHORTEST_STEM = 3
"""Characters of a tool's name that those of its plug-ins begin with."""


class WantedNames:
    """Modules by their names, found whole or by the beginnings and ends of which code puts names together."""

    def __init__(self) -> None:
        self._modules: dict[str, list[ModuleFolder]] = {}
        self._beginning: dict[str, set[str]] = {}
        self._ending: dict[str, set[str]] = {}
        self._kinds: dict[str, set[str]] = {}
        """By what code puts a sign and a name behind, or a scope in front of: `shop-plugin`."""
        self._parts: dict[str, frozenset[str]] = {}
        """The words of each name of several."""
        self._last: dict[bytes, set[str]] = {}
        """By the last part of a name, as texts hold it, and as a folder in a path."""
        self._in_texts: Names | None = None

    def __bool__(self) -> bool:
        """True while a name is wanted."""
        return bool(self._modules)

    def add(self, module: ModuleFolder, names: Iterable[str]) -> None:
        """Want a module by several names."""
        for name in names:
            self._modules.setdefault(name, []).append(module)
            for found in JOINT.finditer(name):
                self._beginning.setdefault(name[: found.end()], set()).add(name)
                self._ending.setdefault(name[found.start() :], set()).add(name)
            parts = frozenset(filter(None, JOINT.split(name)))
            if len(parts) > 1 and "/" not in name:
                self._parts[name] = parts
            for part in _kinds_in(name):
                self._kinds.setdefault(part, set()).add(name)
            last = name.rpartition("/")[2].encode()
            for word in (last, last + b"/"):
                self._last.setdefault(word, set()).add(name)
        self._in_texts = None

    def remove(self, module: ModuleFolder, names: Iterable[str]) -> None:
        """Want a module by several names no longer."""
        for name in names:
            left = [one for one in self._modules.get(name, ()) if one != module]
            if left:
                self._modules[name] = left
            else:
                self._modules.pop(name, None)

    def of(self, name: str) -> list[ModuleFolder]:
        """Return the modules that are wanted by a name."""
        return list(self._modules.get(name, ()))

    def meant_by(self, strings: Strings) -> list[str]:
        """Return the names that a source's strings are, or may be a part of; sorted."""
        return sorted(self.composed_of(strings) | (self._modules.keys() & strings.names))

    def composed_of(self, strings: Strings) -> set[str]:
        """Return the names that may be put together from a source's strings."""
        found: set[str] = set()
        for beginning in self._beginning.keys() & strings.beginnings:
            found |= self._beginning[beginning]
        for ending in self._ending.keys() & strings.ends:
            found |= self._ending[ending]
        for kind in self._kinds.keys() & strings.names:
            found |= self._kinds[kind]
        return found & self._modules.keys()

    def joined_of(self, strings: Strings) -> set[str]:
        """Return the names of which a source has all parts in strings, as in `["shop", "x"].join("-")`."""
        words = {word.lower() for name in strings.names for word in name.split(":")}
        return {name for name in self._modules.keys() & self._parts.keys() if self._parts[name] <= words}

    def among(self, words: FileWords | Set[bytes]) -> list[str]:
        """Return the names that are among the words of a text, of which each folder of a path is one; sorted."""
        lasts = self._last.keys() & words if isinstance(words, Set) else words.among(self._names)
        found = {name for last in lasts for name in self._last[last]} & self._modules.keys()
        return sorted(name for name in found if _is_in_scope(name, words))

    def between_signs(self, content: bytes) -> list[str]:
        """Return the names in an own text, of which any sign may stand around; sorted."""
        return self.among(names_in(lines_with(self._names.literals, content, is_data=False)))

    @property
    def _names(self) -> Names:
        if self._in_texts is None:
            self._in_texts = Names(self._last)
        return self._in_texts


def is_plugin_of(tool: str, name: str) -> bool:
    """True for a package that is called like a tool, or lies in its scope: `eslint-config-a`, `@a/eslint-plugin`."""
    scope, slash, last = tool.rpartition("/")
    stems = {stem for stem in ({scope[1:]} if slash else {last, last.partition("-")[0]}) if len(stem) >= _SHORTEST_STEM}
    of_name, _, last_of_name = name.rpartition("/")
    begins = tuple(f"{stem}-" for stem in stems)
    return name != tool and (of_name[1:] in stems or last_of_name.startswith(begins))


def _kinds_in(name: str) -> Iterator[str]:
    """Yield the parts of a name that say what kind it is of: `shop-plugin` of `shop-plugin-x` and of `@x/shop-plugin`.

    A part of one word (`shop`) may stand for anything.
    """
    scope, _, inside = name.rpartition("/")
    parts = [inside[: found.start()] for found in JOINT.finditer(inside)]
    yield from (part for part in (*parts, inside if scope else "") if JOINT.search(part[1:]))


def _is_in_scope(name: str, words: FileWords | Set[bytes]) -> bool:
    scope, slash, _ = name.rpartition("/")
    return not slash or scope.encode() + b"/" in words

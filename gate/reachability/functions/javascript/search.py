"""The answer for vulnerable functions of an npm package: used, not used, or unknown.

Everything that loads the package counts, whether it runs or not: the repository's own sources and all installed
packages. An export that none of them takes cannot be called from outside of its package; what the package calls itself
is the table's to say, which lists each export that leads to the vulnerable code.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

import msgspec

from gate.core.errors import LimitError
from gate.core.literals import Literals, is_quick
from gate.model import InUse, Package
from gate.reachability.functions.answer import ReachAnswer, incomplete, listed_symbols
from gate.reachability.functions.javascript.files import NodeFiles, PackageManifest, package_folder
from gate.reachability.functions.javascript.grammar import HINT, is_available, tree_of
from gate.reachability.functions.javascript.taken import ANYTHING, ITSELF, Taken, taken_of

MAX_PARSED = 24 << 20
"""Bytes of the sources that load packages asked about, together."""
_DEFAULT = "default"
"""An export that stands for what the package itself is."""
_RELATIVE = rb"(?:[\"'`]\.|__dirname\b|path\.(?:join|resolve)\(\s*__dirname\b)"
_LOADS_BY_NAME = re.compile(
    rb"(?<![\w$.])(?:require|import)\s*\(\s*(?!%s)(?![\"'][^\"'\n]*[\"']\s*\)|`[^`$\n]*`\s*\)|\))" % _RELATIVE
)
"""`require(name)`, where the name is neither a text nor a path in the own folder."""
_RUNS_TEXT = re.compile(rb"(?<![\w$.])(?:eval|new\s+Function)\s*\(")
_LOADS_OWN = re.compile(rb"(?:require\s*\(|\bfrom|\bimport)\s*[\"'](\.[^\"'\n]*)[\"']")
_ENDINGS = ("", ".js", ".cjs", ".mjs", ".json", "/index.js", "/index.cjs", "/index.mjs")


class _Wanted(msgspec.Struct, frozen=True):
    """The functions that are asked about."""

    package: str
    folders: tuple[str, ...]
    """Where the version is installed."""
    names: frozenset[str]
    """Exports and inner functions; empty: anything of the package."""
    called: tuple[str, ...]
    """Names by which sources load it."""

    def takes(self, taken: Taken) -> bool:
        return not self.names or taken.name in self.names or taken.name == ANYTHING


class NodeCode:
    """The own code of a repository, with the packages that are installed in its folders."""

    def __init__(self, files: NodeFiles) -> None:
        self._files = files
        self._parsed = 0
        self._own = frozenset(files.own)
        self._loaded: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        """The sources that name a package, by its name and those by which it is loaded."""
        self._known: dict[tuple[str, str], tuple[Taken, ...]] = {}
        """What a source takes of a package, by its path and a name by which that is loaded."""

    def answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` (`package:export`) is used by the own code or by another package."""
        if not is_available():
            return ReachAnswer(InUse.UNKNOWN, (HINT,))
        try:
            return self._answer(package, symbols)
        except LimitError as error:
            return incomplete(error)

    def _answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        wanted = self._wanted(package, symbols)
        loading = self._loading(wanted)
        possible: tuple[str, Taken] | None = None
        for path in loading:
            if possible is not None and path not in self._own:
                break  # only a call in own code says more
            hits = [taken for taken in self._taken(path, wanted) if self._hits(taken, wanted)]
            called = next((taken for taken in hits if self._is_own_call(path, taken, wanted)), None)
            if called is not None:
                return ReachAnswer(InUse.YES, (f"{path}:{called.line} calls {_shown(called, wanted)}",))
            if hits:
                possible = possible or (path, hits[0])
        if possible is not None:
            path, taken = possible
            return ReachAnswer(InUse.UNKNOWN, (f"{path}:{taken.line} {_possible(taken, wanted)}",))
        doubt = next(self._doubts(wanted), None)
        if doubt is not None:
            return ReachAnswer(InUse.UNKNOWN, (doubt,))
        return ReachAnswer(InUse.NO, (self._none(wanted, len(loading)),))

    def _wanted(self, package: Package, symbols: Sequence[str]) -> _Wanted:
        parts = [symbol.partition(":") for symbol in symbols]
        names = frozenset(name for module, _, name in parts if module == package.name)
        if _DEFAULT in names:
            names |= {ITSELF}
        known = self._files.manifests.items()
        folders = [folder for folder, one in known if (one.name, one.version) == (package.name, package.version)]
        called = {package.name, *(_folder_name(folder) for folder, one in known if one.name == package.name)}
        return _Wanted(
            package.name, tuple(sorted(folders)), frozenset() if "" in names else names, tuple(sorted(called))
        )

    def _loading(self, wanted: _Wanted) -> list[str]:
        """Return the sources that name the package, own ones first; those of the package itself are left out."""
        key = (wanted.package, wanted.called)
        if key not in self._loaded:
            self._loaded[key] = list(self._naming_one_of(wanted))
        return self._loaded[key]

    def _naming_one_of(self, wanted: _Wanted) -> Iterator[str]:
        names = b"|".join(re.escape(name.encode()) for name in wanted.called)
        named = re.compile(rb"[\"'`](?:%s)[\"'`/]" % names, re.ASCII)
        for path in self._that_may_name(wanted.called):
            folder = package_folder(path)
            is_of_another = self._files.manifests.get(folder, PackageManifest()).name != wanted.package
            if (path in self._own or is_of_another) and named.search(self._files.content(path)):
                yield path

    def _that_may_name(self, names: Sequence[str]) -> list[str]:
        if not is_quick() or not self._naming.keys() >= set(names):
            return self._sources
        places = set(chain.from_iterable(self._naming[name] for name in names))
        return [self._sources[place] for place in sorted(places)]

    @cached_property
    def _sources(self) -> list[str]:
        return list(self._files.sources())

    @cached_property
    def _naming(self) -> dict[str, list[int]]:
        """The sources, by their numbers, with the name of an installed package behind a quote: one pass over all."""
        manifests = self._files.manifests.items()
        names = {name for folder, one in manifests for name in (one.name, _folder_name(folder)) if name}
        named = {b"%c%b" % (quote, name.encode()): name for name in names for quote in b"\"'`"}
        quoted = Literals(named)
        found: dict[str, list[int]] = {name: [] for name in names}
        for place, path in enumerate(self._sources):
            for name in {named[literal] for literal in quoted.among(self._files.content(path))}:
                found[name].append(place)
        return found

    def _taken(self, path: str, wanted: _Wanted) -> Iterator[Taken]:
        for name in wanted.called:
            if (path, name) not in self._known:
                self._parse(path, wanted.called)
            yield from self._known[path, name]

    def _parse(self, path: str, names: Sequence[str]) -> None:
        content = self._files.content(path)
        self._parsed += len(content)
        if self._parsed > MAX_PARSED:
            raise LimitError(f"more than {MAX_PARSED:,} bytes to parse")
        root = tree_of(path, content)
        for name in names:
            taken = (Taken(ANYTHING, "", 1),) if root is None else tuple(taken_of(root, content, name))
            self._known[path, name] = taken

    def _hits(self, taken: Taken, wanted: _Wanted) -> bool:
        """True if what is taken may be one of the functions, or lead to one."""
        if not taken.part or not wanted.names:
            return wanted.takes(taken)
        if taken.part == "package.json":
            return False
        return _last_word(taken.part) in wanted.names or self._part_has(taken.part, wanted)

    def _part_has(self, part: str, wanted: _Wanted) -> bool:
        """True if a file of the package, or one that it loads, has one of the names as a word."""
        words = re.compile(rb"(?<![\w$])(?:%s)(?![\w$])" % b"|".join(re.escape(name.encode()) for name in wanted.names))
        return any(self._closure_has(f"{folder}/{part}", folder, words) for folder in wanted.folders)

    def _closure_has(self, start: str, folder: str, words: "re.Pattern[bytes]") -> bool:
        paths = frozenset(self._files.installed[folder])
        waiting, seen = [start], set[str]()
        while waiting:
            stem = waiting.pop()
            path = next((stem + ending for ending in _ENDINGS if stem + ending in paths), None)
            if path is None:
                return not stem.endswith(".json")
            if path in seen:
                continue
            seen.add(path)
            content = self._files.content(path)
            if words.search(content) or _LOADS_BY_NAME.search(content):
                return True
            waiting += [_joined(path, found[1].decode("utf-8", "replace")) for found in _LOADS_OWN.finditer(content)]
        return False

    def _is_own_call(self, path: str, taken: Taken, wanted: _Wanted) -> bool:
        if not taken.is_called or taken.name == ANYTHING or path not in self._own:
            return False
        return not wanted.names or taken.name in wanted.names or _last_word(taken.part) in wanted.names

    def _doubts(self, wanted: _Wanted) -> Iterator[str]:
        """Yield why something unseen may use the functions."""
        if not wanted.folders:
            yield f"no source that was found uses it, and the sources of {wanted.package} are not here in that version"
        programs = {name for folder in wanted.folders for name in _programs(self._files.manifests[folder].bin, wanted)}
        words = {*wanted.called, *programs}
        named = re.compile(rb"(?<![\w$@/-])(?:%s)(?![\w$-])" % b"|".join(re.escape(word.encode()) for word in words))
        if self._own_doubt:
            yield self._own_doubt
        for path, why in self._files.unread.items():
            yield f"{path} cannot be read: {why}"
        for path in self._files.texts:
            if found := named.search(self._files.text(path)):
                yield f"{path} names {found[0].decode('utf-8', 'replace')}"

    @cached_property
    def _own_doubt(self) -> str:
        """What own code does that may load any package; empty if there is nothing."""
        for path in self._files.own:
            content = self._files.content(path)
            if found := _LOADS_BY_NAME.search(content):
                return f"{path}:{_line(content, found)} loads a name that is made at run time"
            if found := _RUNS_TEXT.search(content):
                return f"{path}:{_line(content, found)} runs texts"
        return ""

    def _none(self, wanted: _Wanted, loading: int) -> str:
        if not loading:
            return f"none of {len(self._sources):,} sources loads {wanted.package}"
        if not wanted.names:
            return f"none of {loading:,} sources that load {wanted.package} uses it"
        names = sorted(wanted.names)
        named = listed_symbols(names)
        return f"none of {loading:,} sources that load {wanted.package} takes {named} of it"


def _programs(stated: object, wanted: _Wanted) -> Iterator[str]:
    """Yield the names of a package's programs: `bin` of its manifest."""
    if isinstance(stated, dict):
        yield from map(str, stated)
    elif stated:
        yield wanted.package.rpartition("/")[2]


def _folder_name(folder: str) -> str:
    return folder.rpartition("node_modules/")[2]


def _last_word(part: str) -> str:
    return part.rpartition("/")[2].partition(".")[0]


def _joined(path: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))


def _line(content: bytes, found: "re.Match[bytes]") -> int:
    return content.count(b"\n", 0, found.start()) + 1


def _shown(taken: Taken, wanted: _Wanted) -> str:
    loaded = f"{wanted.package}/{taken.part}" if taken.part else wanted.package
    return loaded if taken.name == ITSELF else f"{taken.name} of {loaded}"


def _possible(taken: Taken, wanted: _Wanted) -> str:
    if taken.name == ANYTHING:
        return f"may use anything of {wanted.package}"
    return f"takes {_shown(taken, wanted)}"

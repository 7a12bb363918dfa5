"""Which unreached Python distributions may still be loaded: those that an import, a string or a setting names.

A module's name that is made at run time has to come from somewhere: a string in code, a part of one (`"shop_" + name`),
a group of entry points, a setting. So do the names of commands that are started. Comments and documentation name much
that is never loaded, and do not count.
"""

import posixpath
import re
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain

from gate.ecosystems.pypi import normalised
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes.named.python_skim import may_name, words_of_names
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.python.distributions import plugins_of
from gate.reachability.runtimes.python.read import ReadModule, read_module, takes_distributions
from gate.reachability.runtimes.strings.words import FileWords, Names
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.system_files import is_of_system
from gate.trees.memo import Analysis

KIND = "PyPI"
_SETTINGS = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".config", ".env", ".properties", ".txt")
_SCRIPTS = ("", ".sh", ".bash")
_WORD = re.compile(r"(?<![\w.-])[A-Za-z_][\w-]*")
"""The first part of a dotted name."""
_DOT = re.compile(rb"\.[A-Za-z_]")
_BEFORE_DOT = re.compile(rb"(?<![\w.-])[A-Za-z_]\w{1,60}\Z")
_LONGEST = 61
"""A dotted name is found by its dot, which is searched fifteen times as fast as a name is."""
_COMPILED = ".so"
_SHORTEST = 3
"""Characters of a name that counts if it is a word of any file: shorter ones are anything."""
_PROGRAM_FOLDERS = frozenset({"bin", "Scripts"})
STANDARD_LIBRARY = re.compile(r"(?:^|/)lib/python\d\.\d+/(?!(?:site|dist)-packages/)")
_TESTS_OF_STANDARD_LIBRARY = re.compile(r"(?:^|/)lib/python\d\.\d+/test/")
"""Tests of Python itself, and what they share: what they install, and with what, nothing else does."""
_OF_STANDARD_LIBRARY = frozenset({"tzdata", "pip", "setuptools", "_distutils_hack"})
"""Modules of distributions that the standard library itself loads (`zoneinfo`, `ensurepip`); else it names none."""
_ZONES, _DATA_OF_ZONES = "zoneinfo", "tzdata"
"""A module of the standard library, and the distribution that it loads where the system has no such zone."""
_FOR_DEVELOPERS = re.compile(r"/(?:site|dist)-packages/.*/(?:tests|testsuite|_tests)/[^/]|/test_\w+\.py$")
_IN_SITE = re.compile(r".*/(?:site|dist)-packages/(\w+)/")
_PIP = re.compile(r"/(?:site|dist)-packages/pip/")
_OF_PIP = frozenset({"keyring", "setuptools", "wheel"})
"""Modules that pip loads from elsewhere; it names those that it holds itself as the distributions are called."""
OF_WORDS = re.compile(
    r"/pygments/(?:lexers|styles)/|/jinja2/constants\.py$|/django/utils/lorem_ipsum\.py$|/babel/locale-data/"
    r"|/docutils/parsers/rst/languages/|/faker/providers/|/packaging/licenses/_spdx\.py$"
)
"""Lists of words of other languages in packages: what they are compared with, or shown for, is started by none."""
_FINDS_INSTALLED = frozenset({"iter_modules", "walk_packages", "distributions", "working_set", "getsitepackages"})
"""Words of which a module has one that goes through all that is installed."""
_LISTS_FOR_OTHERS = re.compile(
    r"/(?:pkg_resources|importlib_metadata)/__init__\.py$|/(?:site|dist)-packages/(?:_pytest|IPython|mypy|pip|debugpy)/"
)
"""Modules that go through all that is installed, and import only what they are asked for, or have names of."""
_JOINTS = re.compile(r"[._:-]")
_DISTRIBUTION = re.compile(r"[A-Za-z][\w.-]*")
"""The name of a distribution, as in `egg:Shop-X#main` and `Shop-X==1`."""
_WORD_IN_PATTERN = re.compile(r"[A-Za-z]\w\w+")
_DATA = re.compile(r"(?:^|/)(?:etc|share)/([\w-]+)/")
_DATA_OF_ANY = frozenset(
    ("man", "doc", "info", "locale", "applications", "icons", "pixmaps", "metainfo", "mime", "licenses", "fish", "zsh")
)
"""Folders below `share` in which each distribution may have data; the others are those of the program that reads it."""
_OWN = ""
"""Stands for the program's own code where parts of names are kept by the module around a file."""
_MAX_SETTING = 1 << 20
"""Bytes of a setting of which each part of a word is searched."""


def _dotted_in(content: bytes) -> bytes:
    """Return the CRC-32 numbers of the outermost modules of dotted names, which Cython keeps whole."""
    before = {content[max(0, dot.start() - _LONGEST - 1) : dot.start()] for dot in _DOT.finditer(content)}
    names = {name[0] for each in before if (name := _BEFORE_DOT.search(each))}
    return array("I", map(zlib.crc32, names)).tobytes()


_DOTTED_OF_COMPILED = Analysis("dotted names of a compiled module", bytes, _dotted_in)


class PythonMentions:
    """Finds which of the `unreached` distributions files name."""

    def __init__(
        self, unreached: Iterable[Key], owned: dict[Key, Owned], files: Files, given: Iterable[str] = ()
    ) -> None:
        self._files = files
        self._wanted: dict[str, list[Key]] = {}
        self._within: dict[str, list[Key]] = {}
        """Distributions that others hold, by the outermost module around them."""
        for key in unreached:
            if key[1] == KIND:
                for name in _names(key, owned[key], files):
                    self._wanted.setdefault(name, []).append(key)
                for name in _surrounding(key[0]):
                    self._within.setdefault(name, []).append(key)
        self._groups = {name: frozenset(_JOINTS.split(name)) for name in _all_groups(unreached, owned, files)}
        """Groups of entry points, each with its parts."""
        self._joined = {name: frozenset(name.split("_")) for name in self._wanted if "_" in name.strip("_")}
        """Modules of which own code may put the name together, each with its parts."""
        self._of_data = frozenset(chain.from_iterable(_data_of(key, owned[key]) for key in unreached if key[1] == KIND))
        """Programs in whose folders some have data."""
        self._pieces = frozenset(chain.from_iterable((*self._groups.values(), *self._joined.values())))
        self._parts: dict[str, set[str]] = {_OWN: set()}
        """By the outermost module around a file: its strings that are parts of such names."""
        self._called = {key[2]: key for key in unreached if key[1] == KIND}
        """Distributions by their own names, by which some code takes them, whatever their modules are called."""
        self._stated = {_OWN: set(map(normalised, given))}
        """By the outermost module around a file: the names of distributions in its strings."""
        self._taking: set[str] = set()
        """The outermost modules around those that take distributions by their own names."""
        self._asking: set[str] = set()
        """The outermost modules around those that ask for plug-ins."""
        self._skimmed_for: tuple[frozenset[str], Names] = frozenset(), Names(())
        self._words = Names(name.encode() for name in self._wanted)
        self._of_system: tuple[frozenset[str], Names] | None = None

    def __bool__(self) -> bool:
        """True while something is wanted."""
        return bool(self._wanted)

    @property
    def wanted(self) -> Set[str]:
        """The names of the distributions that nothing names so far."""
        return self._wanted.keys()

    def look(self, path: str, words: FileWords, *, is_own: bool) -> Iterator[tuple[Key, str]]:
        """Yield the distributions that a file names, each once, with the name; `words` are all words of the file."""
        if not self._wanted:
            return
        if path.endswith(".py"):
            yield from self.look_at_module(path)
            return
        if is_of_system(path):  # what a distribution brings names nothing that was installed by others
            return
        found = {name for name in words.among(self._words) if len(name) >= _SHORTEST}
        names = {name.decode() for name in found.union(self.first_parts(path, self._words, is_own=is_own))}
        yield from self.take(names & self._wanted.keys())
        if is_own and not self._files.starts_with(path, MAGIC) and self._is_small(path):
            content = self._files.read_again(path)
            yield from self._take_called(_OWN, [content.decode("utf-8", "replace")], (), takes_distributions(content))

    def first_parts(self, path: str, names: Names, *, is_own: bool) -> list[bytes]:
        """Return those of `names` that begin a dotted name in an own text, a setting, a script or a compiled module."""
        if path.endswith(_COMPILED) and self._files.starts_with(path, MAGIC):
            return names.with_numbers(frozenset(array("I", self._files.analysed(path, _DOTTED_OF_COMPILED))))
        is_text = is_own and not self._files.starts_with(path, MAGIC)
        if (is_text or posixpath.splitext(path)[1] in (*_SETTINGS, *_SCRIPTS)) and self._is_small(path):
            words = _WORD.findall(self._files.read_again(path).decode("utf-8", "replace"))
            return sorted(names.all.intersection(map(str.encode, (*words, *map(_as_module, words)))))
        return []

    def look_at_module(self, path: str) -> Iterator[tuple[Key, str]]:
        """Yield the distributions that a Python module names, each once, with the name."""
        for name in _surrounding(path):
            yield from ((key, name) for key in self._within.pop(name, ()))
        wanted: Set[str] = self._wanted.keys()
        if _TESTS_OF_STANDARD_LIBRARY.search(path):
            return
        if STANDARD_LIBRARY.search(path):
            wanted &= _OF_STANDARD_LIBRARY
        elif _PIP.search(path):
            wanted &= _OF_PIP
        if _DATA_OF_ZONES in wanted:  # the module may be one that is only named, so that zoneinfo is not reached
            wanted = wanted | {_ZONES}
        is_own = not _surrounding(path) and not STANDARD_LIBRARY.search(path)
        if wanted and (is_own or may_name(path, self._words_of(wanted), self._files)):
            read = read_module(path, self._files, is_own=False)
            named = read.imported_among(wanted) if OF_WORDS.search(path) else read.named_among(wanted)
            is_other = STANDARD_LIBRARY.search(path) or OF_WORDS.search(path)
            named |= set() if is_other else self._put_together(path, read)
            yield from self.take(named | {_DATA_OF_ZONES} if _ZONES in named else named)
            if not is_other and not _LISTS_FOR_OTHERS.search(path):
                top = next(iter(_surrounding(path)), _OWN)
                yield from self._take_called(top, read.source.parts, read.source.beginnings, read.takes_distributions)

    def _take_called(
        self, top: str, texts: Iterable[str], beginnings: Iterable[str], is_taking: bool
    ) -> Iterator[tuple[Key, str]]:
        """Yield the distributions that may be taken by their own names, of which texts around `top` state some."""
        known = self._stated.setdefault(top, set())
        if is_taking or top == _OWN:
            known |= self._called.keys() & set(map(normalised, _DISTRIBUTION.findall("\n".join(texts))))
            begins = tuple(normalised(one) for one in beginnings if len(one) >= _SHORTEST)
            known.update(name for name in self._called if name.startswith(begins))
        else:
            known |= self._called.keys() & {text.lower().replace("_", "-") for text in texts}
        self._taking.update([top] if is_taking else ())
        for taking in sorted(self._taking):
            for name in sorted(self._stated[taking] | self._stated[_OWN]):
                if (key := self._called.pop(name, None)) is not None:
                    yield key, name

    def _put_together(self, path: str, read: ReadModule) -> set[str]:
        """Return what a module may find among all that is installed, or by names that it puts together.

        A group of entry points may be asked for by what asks for any and has all its parts in strings, or the name with
        which it begins. Own code has parts of names of modules, too, which any library may import.
        """
        if read.goes_through_installed and not _LISTS_FOR_OTHERS.search(path):
            return set(self._wanted)
        top = next(iter(_surrounding(path)), _OWN)
        if read.asks_for_plugins:
            self._asking.add(top)
        known = self._parts.setdefault(top, set())
        new = self._pieces.intersection(read.source.parts) - known
        known |= new
        found = set[str]()
        if read.goes_through_plugins:
            words = set(chain.from_iterable(map(_WORD_IN_PATTERN.findall, read.source.parts)))
            found.update(name for name, parts in self._groups.items() if not parts.isdisjoint(words))
        if read.asks_for_plugins or new:
            found.update(self._groups_for(self._asking if top == _OWN else self._asking & {top}))
        if top == _OWN:
            found.update(map(_as_module, read.source.parts))
            found.update(name for name, parts in self._joined.items() if new and parts <= known)
        found.update({top} & self._of_data)
        return found & self._wanted.keys()

    def _groups_for(self, asking: Iterable[str]) -> Iterator[str]:
        own = self._parts[_OWN]
        for top in asking:
            parts = self._parts[top] | own
            yield from (name for name, stated in self._groups.items() if stated <= parts or name.startswith(f"{top}."))

    def modules_of_system(self, path: str, names: Mapping[bytes, object]) -> Set[str]:
        """Return those of `names`, of modules that a distribution's packages bring, that a Python module names."""
        if self._of_system is None:
            wanted = frozenset(name.decode() for name in names)
            self._of_system = wanted, words_of_names(wanted)
        wanted, words = self._of_system
        if not wanted or not may_name(path, words, self._files):
            return frozenset()
        return read_module(path, self._files, is_own=False).named_among(wanted)

    def commands_among(self, names: Set[str]) -> Set[str]:
        """Return those of `names` that stand for a distribution."""
        return names & self._wanted.keys()

    def _words_of(self, wanted: Set[str]) -> Names:
        """Return the words of names, which are no more than those of the last call, or all that are left."""
        key = frozenset(wanted)
        if self._skimmed_for[0] != key:
            self._skimmed_for = key, words_of_names(key | _FINDS_INSTALLED)
        return self._skimmed_for[1]

    def _is_small(self, path: str) -> bool:
        entry = self._files.find(path)
        return entry is not None and entry.size < _MAX_SETTING

    def take(self, names: Iterable[str]) -> Iterator[tuple[Key, str]]:
        """Yield the distributions that names stand for, each once."""
        for name in sorted(names):
            for key in self._wanted.pop(name, ()):
                yield key, name


def is_for_developers(path: str) -> bool:
    """True for a module of a distribution's tests: nothing loads it by a name that is made at run time."""
    return _FOR_DEVELOPERS.search(path) is not None


def _names(key: Key, owned: Owned, files: Files) -> set[str]:
    """Return the names by which a distribution is used: of modules, commands, groups of entry points, what holds it."""
    groups = (one.group for one in plugins_of(posixpath.dirname(key[0]), files))
    others = (*groups, *_surrounding(key[0]), *_data_of(key, owned))
    return {*_modules(key, owned.files), *_commands(key, owned.files), *others}


def _as_module(word: str) -> str:
    """Return the name of the module that a distribution's name usually has: `shop-x` and `Shop_X` are `shop_x`."""
    return word.lower().replace("-", "_")


def _data_of(key: Key, owned: Owned) -> set[str]:
    """Return the folders of others in which a distribution has data, as in `etc/jupyter` and `share/jupyter`."""
    outside = (path for path in owned.files if not path.startswith(_site(key)))
    return {found[1] for path in outside if (found := _DATA.search(path))} - _DATA_OF_ANY


def _all_groups(keys: Iterable[Key], owned: dict[Key, Owned], files: Files) -> Iterator[str]:
    for key in keys:
        if key[1] == KIND:
            yield from (one.group for one in plugins_of(posixpath.dirname(key[0]), files))


def _commands(key: Key, paths: Iterable[str]) -> Iterator[str]:
    site = _site(key)
    inside = tuple(site + folder for folder in _PROGRAM_FOLDERS)
    for path in paths:
        folder, _, name = path.rpartition("/")
        if posixpath.basename(folder) in _PROGRAM_FOLDERS and (not path.startswith(site) or folder in inside):
            yield name


def _modules(key: Key, paths: Iterable[str]) -> Iterator[str]:
    """Yield the outermost modules; of a namespace (`google/…`) its own name too."""
    site = _site(key)
    for path in paths:
        inside = path.removeprefix(site) if path.startswith(site) else ""
        first, slash, _ = inside.partition("/")
        if not slash:
            yield from filter(None, (first.partition(".")[0],))
        elif first not in _PROGRAM_FOLDERS and not first.endswith((".dist-info", ".egg-info", ".data", "__pycache__")):
            yield first


def _surrounding(path: str) -> tuple[str, ...]:
    """Return the outermost module around a file in a folder of packages: what it holds, it loads by its own name."""
    inside = _IN_SITE.search(path)
    return (inside[1],) if inside else ()


def _site(key: Key) -> str:
    return posixpath.dirname(posixpath.dirname(key[0])) + "/"

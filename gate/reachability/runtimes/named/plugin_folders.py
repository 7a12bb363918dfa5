"""Plug-ins of other packages: libraries in a folder of their own, which a program scans or of which it makes names.

GStreamer, R, GIO, PostgreSQL, sox and many more load what lies in such a folder, and no file says which: any of the
libraries may be loaded if a file of the folder, or of its name, is reached, or if a file that loads libraries names it.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from gate.core.errors import GateError
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes.compiled.elf import loads_libraries, named_in_paths
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.strings.words import Names, words_of
from gate.reachability.runtimes.walk.files import Files

_HOME = re.compile(
    r"(?P<home>(?:opt|(?:usr/|usr/local/)?(?:lib(?:32|64|x32)?|libexec|share)(?:/\w+-linux-\w+)?)/(?P<name>[^/]+))"
    r"/.*\.so(?:\.[\d.]+)?$"
)
"""A library below a folder that itself lies where libraries do."""
_FOLLOWED = re.compile(
    r"(?:python[\d.]*|perl[\d.]*|perl-base|nodejs|ruby|php|jvm|apache2|nginx|dovecot|security|gcc[\w-]*|modules)"
)
"""Folders of languages and servers whose modules are followed by what loads them, and of the compiler."""
_OF_PYTHON = re.compile(r"/lib(?:64)?/python\d[\d.]*/")
"""In a virtual environment elsewhere, as `/opt/venv`: what its modules load is followed as that of any other."""
_SHORTEST = 3


class PluginFolders:
    """Finds the reason why a package that nothing reaches may still be loaded as a plug-in."""

    def __init__(self, unreached: Mapping[Key, Owned], files: Files) -> None:
        self._files = files
        self._homes: dict[str, str] = {}
        """The name of each folder with a library of such a package."""
        self._libraries: dict[str, list[str]] = {}
        self._of: dict[Key, set[str]] = {}
        for key, one in unreached.items():
            for home, name, library in _homes(one.files if one.folder is None else ()):
                self._homes[home] = name
                self._libraries.setdefault(home, []).append(library)
                self._of.setdefault(key, set()).add(home)
        self._of_name: dict[str, list[str]] = {}
        for home, name in self._homes.items():
            self._of_name.setdefault(name, []).append(home)
        self._names = Names(name.encode() for name in self._of_name if len(name) >= _SHORTEST)
        self._reasons: dict[str, str] = {}

    def of(self, key: Key) -> str | None:
        """Return the reason, or None if nothing that was added is known to load the package's libraries."""
        return next((self._reasons[home] for home in sorted(self._of.get(key, ())) if home in self._reasons), None)

    def add(self, paths: Sequence[str]) -> list[str]:
        """Take in files that are reached or named, and return the libraries that may be loaded because of them."""
        before = self._reasons.keys() | frozenset[str]()
        for home, path in chain.from_iterable(map(self._near, paths)):
            self._reasons.setdefault(home, f"{path} is reached, and what lies beside it may be loaded")
        for path in paths if self._names.all else ():
            for word in _named(path, self._names, self._files):
                for home in self._of_name[word.decode()]:
                    self._reasons.setdefault(home, f"{path} loads libraries and names the folder {word.decode()}")
        return [path for home in self._reasons.keys() - before for path in self._libraries[home]]

    def _near(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the folders that a file lies in, or is called like, with the file."""
        yield from ((home, path) for home in self._of_name.get(posixpath.basename(path), ()))
        parts = path.split("/")
        for place in range(2, min(len(parts), 6)):
            home = "/".join(parts[:place])
            if home in self._homes:
                yield home, path


def _homes(paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the folders of plug-ins among the places of libraries, with the folder's name and the library."""
    for path in paths:
        found = _HOME.match(path) if ".so" in path else None
        is_followed = found is None or _FOLLOWED.fullmatch(found["name"]) or _OF_PYTHON.search(path)
        if found is not None and not is_followed and "-linux-" not in found["name"]:
            yield found["home"], found["name"], path


def _named(path: str, names: Names, files: Files) -> Iterator[bytes]:
    """Yield those of `names` that a file has as a string or in a path, if it loads libraries."""
    try:
        if files.starts_with(path, MAGIC) and loads_libraries(path, files):
            words = words_of(path, files, lambda _: True)
            yield from words.among(names) if words is not None else ()
            yield from names.with_numbers(named_in_paths(path, files))
    except GateError:  # said by the exploration already
        return

"""Plug-ins of other packages: libraries in a folder of their own, which a program scans or of which it makes names.

GStreamer, R, GIO, PostgreSQL, sox and many more load what lies in such a folder, and no file says which: any of the
libraries may be loaded if a file of the folder, or of its name, is reached, or if a file that loads libraries names it.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from gate.core.errors import GateError
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes.elf import loads_libraries, named_in_paths
from gate.reachability.runtimes.explore import Explored
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.owners import Owned
from gate.reachability.runtimes.state import Key
from gate.reachability.runtimes.words import Names, words_of

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

    def __init__(self, unreached: Mapping[Key, Owned], explored: Explored, files: Files) -> None:
        self._homes: dict[str, str] = {}
        """The name of each folder with a library of such a package."""
        self._of: dict[Key, set[str]] = {}
        for key, one in unreached.items():
            for home, name in _homes(one.files if one.folder is None else ()):
                self._homes[home] = name
                self._of.setdefault(key, set()).add(home)
        self._reasons: dict[str, str] = {}
        for home, path in self._reached_homes(explored):
            self._reasons.setdefault(home, f"{path} is reached, and what lies beside it may be loaded")
        self._look(explored, files)

    def of(self, key: Key) -> str | None:
        """Return the reason, or None if nothing that is reached is known to load the package's libraries."""
        return next((self._reasons[home] for home in sorted(self._of.get(key, ())) if home in self._reasons), None)

    def _reached_homes(self, explored: Explored) -> Iterator[tuple[str, str]]:
        of_name: dict[str, list[str]] = {}
        for home, name in self._homes.items():
            of_name.setdefault(name, []).append(home)
        for path in (*explored.certain, *explored.possible):
            yield from ((home, path) for home in of_name.get(posixpath.basename(path), ()))
            parts = path.split("/")
            for place in range(2, min(len(parts), 6)):
                home = "/".join(parts[:place])
                if home in self._homes:
                    yield home, path

    def _look(self, explored: Explored, files: Files) -> None:
        """Search the files that load libraries for the names of the folders."""
        by_name: dict[bytes, list[str]] = {}
        for home, name in self._homes.items():
            if len(name) >= _SHORTEST:
                by_name.setdefault(name.encode(), []).append(home)
        names = Names(by_name)
        for path in (*explored.certain, *explored.possible) if by_name else ():
            for word in _named(path, names, files):
                for home in by_name[word]:
                    self._reasons.setdefault(home, f"{path} loads libraries and names the folder {word.decode()}")


def _homes(paths: list[str] | tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for path in paths:
        found = _HOME.match(path) if ".so" in path else None
        is_followed = found is None or _FOLLOWED.fullmatch(found["name"]) or _OF_PYTHON.search(path)
        if found is not None and not is_followed and "-linux-" not in found["name"]:
            yield found["home"], found["name"]


def _named(path: str, names: Names, files: Files) -> Iterator[bytes]:
    """Yield those of `names` that a file has as a string or in a path, if it loads libraries."""
    try:
        if files.starts_with(path, MAGIC) and loads_libraries(path, files):
            words = words_of(path, files, lambda _: True)
            yield from words.among(names) if words is not None else ()
            yield from names.with_numbers(named_in_paths(path, files))
    except GateError:  # said by the exploration already
        return

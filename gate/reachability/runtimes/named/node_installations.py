"""Installations of Node.js's modules below which nothing runs, as that of npm: a name alone does not lead there.

Node.js looks for a name in the folders `node_modules` from the source that has it upwards, and in those of NODE_PATH
(its documentation, "Loading from node_modules folders"). So what lies in an installation is found by what runs in it,
by a path that has its folder, by a link, or by code that looks for the folder of what is installed for all.
"""

import re
from collections.abc import Iterable, Iterator

from gate.reachability.runtimes.packages.node_folders import ModuleFolder
from gate.reachability.runtimes.walk.files import Files
from gate.trees import EntryKind

_FOLDER = "node_modules/"
_COMMANDS = "/.bin/"
_OF_OTHERS = re.compile(r"\.(?:pyc?|so)\b")
"""Files that are no code of Node.js."""


class Installations:
    """Keeps what is named of installations below which nothing runs, until something there may be loaded."""

    def __init__(self, modules: Iterable[ModuleFolder], reached: Iterable[str], files: Files) -> None:
        self._apart = set(filter(None, (_place_of(one) for one in modules)))
        """The folders in which such installations lie, with a `/` behind."""
        self._waiting: list[tuple[ModuleFolder, str]] = []
        for path in reached:
            if not _OF_OTHERS.search(path):
                self._open(path)
        for path in _linked(files) if self._apart else ():
            self._open(path)

    def search(self, folders: Iterable[str]) -> None:
        """Count what lies in folders as found by its name: in those of a NODE_PATH, or of an application."""
        for folder in folders:
            self._open(f"{folder.strip('/')}/")

    def keep(self, module: ModuleFolder, how: str) -> bool:
        """Keep a module that is named, with the reason; False if its name leads to it."""
        if _place_of(module) not in self._apart:
            return False
        self._waiting.append((module, how))
        return True

    def enter(self, module: ModuleFolder) -> list[tuple[ModuleFolder, str]]:
        """Note that a module may be loaded, and return those that were named before and are found from there."""
        return self._released() if self._open(module.path + "/") else []

    def enter_all(self) -> list[tuple[ModuleFolder, str]]:
        """Note that code looks for the folder of what is installed for all, and return what was named."""
        self._apart.clear()
        return self._released()

    def _open(self, path: str) -> bool:
        found = {place for place in self._apart if path.startswith(place)}
        self._apart -= found
        return bool(found)

    def _released(self) -> list[tuple[ModuleFolder, str]]:
        found = [one for one in self._waiting if _place_of(one[0]) not in self._apart]
        self._waiting = [one for one in self._waiting if _place_of(one[0]) in self._apart]
        return found


def _place_of(module: ModuleFolder) -> str:
    """Return the folder in which the outermost `node_modules` around a module lies; empty for the root, or none."""
    folder, found, _ = module.path.partition(_FOLDER)
    return folder if found else ""


def _linked(files: Files) -> Iterator[str]:
    """Yield the folders to which links lead that are modules, or folders of such, elsewhere."""
    for entry in files.walk():
        if entry.kind is EntryKind.LINK and f"/{_FOLDER}" in f"/{entry.path}/" and _COMMANDS not in entry.path:
            real = files.folder(entry.path)
            if real is not None and not real.startswith(entry.path.partition("node_modules")[0]):
                yield f"{real}/"

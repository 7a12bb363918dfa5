"""The folders of Node.js's modules: a package of npm has one, one of a distribution may bring any number of them."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.node_modules import KIND, is_installed, module_path
from gate.reachability.runtimes.owners import Owned
from gate.reachability.runtimes.state import Key
from gate.trees import EntryKind

_DOCUMENTATION = re.compile(r"usr/share/(?:doc|doc-base|man|info|lintian|bug)(?:/|$)")


class ModuleFolder(msgspec.Struct, frozen=True):
    """A module's folder, or its only file."""

    path: str
    """Without links."""
    key: Key
    """The package that it belongs to."""
    names: frozenset[str]
    """The names by which it is found."""
    is_file: bool = False


def module_folders(owned: Mapping[Key, Owned], files: Files) -> Iterator[ModuleFolder]:
    """Yield the modules of all packages."""
    for key, one in owned.items():
        if key[1] == KIND:
            if one.folder:
                yield ModuleFolder(one.folder, key, frozenset((key[2], one.folder.rpartition("node_modules/")[2])))
        else:
            modules = dict.fromkeys(filter(None, map(module_path, filter(is_installed, one.files))))
            yield from filter(None, (_module(name, path, key, files) for path, name in modules))


def holds_modules_alone(paths: Iterable[str], files: Files) -> bool:
    """True if a distribution's package holds modules of Node.js, documentation, and nothing that is read otherwise."""
    others = [path for path in paths if not _DOCUMENTATION.match(path) and files.folder(path) is None]
    return bool(others) and all(is_installed(path) or _leads_to_module(path, files) for path in others)


def _leads_to_module(path: str, files: Files) -> bool:
    entry = files.look_up(path)
    found = files.find(path) if entry is not None and entry.kind is EntryKind.LINK else None
    return found is not None and is_installed(found.path)


def _module(name: str, path: str, key: Key, files: Files) -> ModuleFolder | None:
    folder = files.folder(path)
    if folder is not None:
        return ModuleFolder(folder, key, frozenset((name,)))
    entry = files.find(path)
    if entry is None or name.startswith("."):
        return None
    return ModuleFolder(entry.path, key, frozenset((posixpath.splitext(name)[0],)), True)

"""The folders of Node.js's modules: a package of npm has one, one of a distribution may bring any number of them."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from gate.reachability.runtimes.node.modules import KIND, is_installed, module_path
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.walk.files import Files
from gate.trees import EntryKind

_DOCUMENTATION = re.compile(r"usr/share/(?:doc|doc-base|man|info|lintian|bug)(?:/|$)")

_OF_PYTHON = re.compile(r"usr/lib/python3/dist-packages/")
_FOR_BUILDS = re.compile(
    r"^usr/(?:include|src|lib/linux/uapi|share/(?:aclocal|cmake|gir-1\.0|pkgconfig|sgml/X11|build-essential))/"
    r"|^usr/lib/(?:[\w-]+/)?(?:cmake|pkgconfig)/|\.(?:a|la|h|hpp|gir|pc)$"
)
"""Headers, libraries to link with, and descriptions of these."""


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
    """True if a distribution's package holds modules of Node.js or Python, and else nothing but documentation."""
    others = [path for path in paths if not _DOCUMENTATION.match(path) and files.folder(path) is None]
    return bool(others) and all(_is_module(path) or _leads_to_module(path, files) for path in others)


def is_for_builds(paths: Iterable[str], files: Files) -> bool:
    """True if a package holds documentation, headers and what compilers and their callers read, and nothing else."""
    listed = (path for path in paths if files.folder(path) is None)  # each list of dpkg begins with the root folder
    return all(_DOCUMENTATION.match(path) or _FOR_BUILDS.search(path) for path in listed)


def _is_module(path: str) -> bool:
    return is_installed(path) or _OF_PYTHON.match(path) is not None


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

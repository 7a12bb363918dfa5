"""Finds modules as Python's import system does (Python documentation, "The import system")."""

from collections.abc import Iterator, Sequence

import msgspec

from gate.reachability.runtimes.walk.files import Files

_SOURCE, _COMPILED, _NATIVE = ".py", ".pyc", ".so"


class Module(msgspec.Struct, frozen=True):
    """A module or package in a folder."""

    file: str | None
    """Its source, or compiled file; None for a namespace package."""
    folder: str | None
    """Where its submodules are, if it is a package."""


_NONE = Module(None, None)


def modules_in(folder: str, files: Files) -> dict[str, Module]:
    """Return the modules in a folder by their names: a package goes before a native module, that before source."""
    return files.cached((_NONE, folder), lambda: _listed(folder, files))


def _listed(folder: str, files: Files) -> dict[str, Module]:
    found: dict[str, Module] = {}
    for name in files.names(folder):
        path = f"{folder}/{name}" if folder else name
        stem, dot, _ = name.partition(".")
        if not dot:
            _add_package(found, name, path, files)
        elif name.endswith(_NATIVE):
            if found.get(stem, _NONE).folder is None or found[stem].file is None:
                found[stem] = Module(path, None)
        elif name in (stem + _SOURCE, stem + _COMPILED) and (stem not in found or found[stem].file is None):
            found[stem] = Module(path, None)
    return found


def _add_package(found: dict[str, Module], name: str, path: str, files: Files) -> None:
    if files.folder(path) is None or not name.isidentifier():
        return
    for ending in (_SOURCE, _COMPILED):
        if files.find(f"{path}/__init__{ending}"):
            found[name] = Module(f"{path}/__init__{ending}", path)
            return
    found.setdefault(name, Module(None, path))


def locate(name: str, folders: Sequence[str], files: Files) -> Iterator[Module]:
    """Yield the modules that importing the dotted `name` loads, the outermost package first, as far as there are."""
    for part in name.split("."):
        if not part:
            return
        modules = _found(part, folders, files)
        yield from modules[:1]
        folders = [module.folder for module in modules if module.folder]


def _found(name: str, folders: Sequence[str], files: Files) -> list[Module]:
    """Return the first module of that name, or all parts of a namespace package if there is nothing better."""
    namespaces = []
    for folder in folders:
        module = modules_in(folder, files).get(name)
        if module is not None and module.file is not None:
            return [module]
        if module is not None:
            namespaces.append(module)
    return namespaces

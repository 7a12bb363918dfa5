"""What the gate changes of how modules are imported, in processes of its own alone: a command's, and those of workers.

A program that calls `gate.run` is not changed: there everything is imported as its authors meant it. The workers of
such a run are changed, as they end with it. Each use says what it saves.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

_is_own = False


def claim() -> None:
    """Say that this process belongs to the gate; so do those that are forked of it."""
    global _is_own
    _is_own = True


@contextmanager
def imported_as(name: str, stand_in: ModuleType | None) -> Iterator[None]:
    """Let what is imported meanwhile get `stand_in` for the module `name`; None: an ImportError.

    In a process of others, or where the module is loaded already, they get the real one.
    """
    if not _is_own or name in sys.modules:
        yield
        return
    sys.modules[name] = stand_in  # type: ignore[assignment]  # None: Python takes it for a module that is not to be had
    try:
        yield
    finally:
        del sys.modules[name]


class _Package(ModuleType):
    """A package whose modules can be imported; its own code runs once something is asked for that is no module."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        module = f"{self.__name__}.{name}"
        if PathFinder.find_spec(module, self.__path__) is not None:
            return import_module(module)
        self.__class__ = ModuleType  # type: ignore[assignment]  # from here on it is like any other
        assert self.__spec__
        assert self.__spec__.loader
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def open_lightly(packages: Iterable[str]) -> None:
    """Let the modules of some packages, each named after the one that it is in, be imported without the packages' code.

    In a process of others nothing is done.
    """
    for name in packages if _is_own else ():
        if name not in sys.modules:
            sys.modules[name] = package = _package(name)
            parent, _, leaf = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], leaf, package)


def _package(name: str) -> _Package:
    parent = name.rpartition(".")[0]
    spec = PathFinder.find_spec(name, sys.modules[parent].__path__ if parent else None)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    package = _Package(name)
    package.__spec__, package.__loader__, package.__file__ = spec, spec.loader, spec.origin
    package.__package__, package.__path__ = name, spec.submodule_search_locations or []
    return package

"""detect-secrets behind one door: what the gate uses of it, imported without what it does not use.

The gate never verifies a secret over the network, and `requests` takes longer to import than many a tree to scan; the
packages of detect-secrets import its own scanner, with its logging, its worker processes and its word lists.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType, SimpleNamespace
from typing import Any


class _NoRequests(ModuleType):
    """What detect-secrets' modules name of `requests` while they are imported."""

    Response = object
    exceptions = SimpleNamespace(RequestException=OSError)


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


_PACKAGES = ("detect_secrets", "detect_secrets.core", "detect_secrets.core.plugins", "detect_secrets.filters")


def _open_lightly() -> None:
    """Let the modules of detect-secrets' packages be imported without the packages' own code."""
    for name in _PACKAGES:
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


@contextmanager
def _without_requests() -> Iterator[None]:
    """Let modules import a stand-in for `requests`, unless the real one is there already."""
    if "requests" in sys.modules:
        yield
        return
    sys.modules["requests"] = _NoRequests("requests")
    try:
        yield
    finally:
        del sys.modules["requests"]


_open_lightly()
with _without_requests():
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class, get_plugins_from_module
    from detect_secrets.core.potential_secret import PotentialSecret
    from detect_secrets.filters import allowlist, heuristic
    from detect_secrets.plugins.base import BasePlugin
    from detect_secrets.util.code_snippet import get_code_snippet
    from detect_secrets.util.inject import call_function_with_arguments, get_injectable_variables

    PLUGIN_CLASSES: tuple[type[BasePlugin], ...] = tuple(get_mapping_from_secret_type_to_class().values())

__all__ = [
    "PLUGIN_CLASSES",
    "BasePlugin",
    "PotentialSecret",
    "allowlist",
    "call_function_with_arguments",
    "get_code_snippet",
    "get_injectable_variables",
    "get_plugins_from_module",
    "heuristic",
]

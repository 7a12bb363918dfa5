"""detect-secrets behind one door: what the gate uses of it, imported without the library that it asks services with.

The gate never verifies a secret over the network, and `requests` takes longer to import than many a tree to scan.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace


class _NoRequests(ModuleType):
    """What detect-secrets' modules name of `requests` while they are imported."""

    Response = object
    exceptions = SimpleNamespace(RequestException=OSError)


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

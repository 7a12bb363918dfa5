"""detect-secrets behind one door: what the gate uses of it, imported without what it does not use.

The gate never verifies a secret over the network, and `requests` takes longer to import than many a tree to scan; the
packages of detect-secrets import its own scanner, with its logging, its worker processes and its word lists.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from importlib.machinery import PathFinder
from types import MethodType, ModuleType, SimpleNamespace
from typing import Any, cast


class _NoRequests(ModuleType):
    """What detect-secrets' modules name of `requests` while they are imported."""

    Response = object
    exceptions = SimpleNamespace(RequestException=OSError)


class _LittleOfInspect(ModuleType):
    """What one module of detect-secrets asks of `inspect`."""

    @staticmethod
    def ismethod(thing: object) -> bool:
        return isinstance(thing, MethodType)


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
def _with_stand_in(name: str, module: ModuleType) -> Iterator[None]:
    """Let modules import `module` for the one of this name, unless the real one is there already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module
    try:
        yield
    finally:
        del sys.modules[name]


def _without_requests() -> AbstractContextManager[None]:
    return _with_stand_in("requests", _NoRequests("requests"))


_open_lightly()
with _with_stand_in("inspect", _LittleOfInspect("inspect")):  # which takes as long as all that follows
    from detect_secrets.util.inject import call_function_with_arguments, get_injectable_variables
with _without_requests():
    from detect_secrets.__version__ import VERSION
    from detect_secrets.core.potential_secret import PotentialSecret
    from detect_secrets.filters import allowlist, heuristic
    from detect_secrets.plugins.base import BasePlugin
    from detect_secrets.util.code_snippet import get_code_snippet

_PLUGINS_OF_1_5 = {
    "ArtifactoryDetector": "artifactory",
    "AWSKeyDetector": "aws",
    "AzureStorageKeyDetector": "azure_storage_key",
    "BasicAuthDetector": "basic_auth",
    "CloudantDetector": "cloudant",
    "DiscordBotTokenDetector": "discord",
    "GitHubTokenDetector": "github_token",
    "GitLabTokenDetector": "gitlab_token",
    "Base64HighEntropyString": "high_entropy_strings",
    "HexHighEntropyString": "high_entropy_strings",
    "IbmCloudIamDetector": "ibm_cloud_iam",
    "IbmCosHmacDetector": "ibm_cos_hmac",
    "IPPublicDetector": "ip_public",
    "JwtTokenDetector": "jwt",
    "KeywordDetector": "keyword",
    "MailchimpDetector": "mailchimp",
    "NpmDetector": "npm",
    "OpenAIDetector": "openai",
    "PrivateKeyDetector": "private_key",
    "PypiTokenDetector": "pypi_token",
    "SendGridDetector": "sendgrid",
    "SlackDetector": "slack",
    "SoftlayerDetector": "softlayer",
    "SquareOAuthDetector": "square_oauth",
    "StripeDetector": "stripe",
    "TelegramBotTokenDetector": "telegram_token",
    "TwilioKeyDetector": "twilio",
}


def _plugin_modules() -> dict[str, str]:
    """Return the module of each plugin by the name of its class, in detect-secrets' order.

    To look for them takes the import of all; in the version that we know each is imported when it is first needed.
    """
    if VERSION == "1.5.0":
        return _PLUGINS_OF_1_5
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    with _without_requests():
        found: Iterable[type[Any]] = get_mapping_from_secret_type_to_class().values()
    return {plugin.__name__: plugin.__module__.rpartition(".")[2] for plugin in found}


PLUGIN_MODULES = _plugin_modules()


def plugin_class(name: str) -> type[BasePlugin]:
    """Return one of detect-secrets' plugins by the name of its class."""
    with _without_requests():
        module = import_module(f"detect_secrets.plugins.{PLUGIN_MODULES[name]}")
    return cast(type[BasePlugin], getattr(module, name))


def plugins_in(module: ModuleType) -> Iterator[type[BasePlugin]]:
    """Yield what detect-secrets takes for a plugin among a module's names."""
    from detect_secrets.core.plugins.util import get_plugins_from_module

    yield from get_plugins_from_module(module)


__all__ = [
    "PLUGIN_MODULES",
    "BasePlugin",
    "PotentialSecret",
    "allowlist",
    "call_function_with_arguments",
    "get_code_snippet",
    "get_injectable_variables",
    "heuristic",
    "plugin_class",
    "plugins_in",
]

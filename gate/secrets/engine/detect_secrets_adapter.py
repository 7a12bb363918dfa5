"""detect-secrets behind one door: what the gate uses of it.

Its base class of plugins imports `requests`, by which it would verify secrets, and its packages import its own scanner,
with logging, worker processes and word lists. The gate uses neither. Where a process is its own
(`gate.core.own_process`) they are left out, which saves 60 of 65 ms there; elsewhere all is imported as it is.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from types import MethodType, ModuleType, SimpleNamespace
from typing import Any, cast

from gate.core.own_process import imported_as, open_lightly


class _NoRequests(ModuleType):
    """The names of `requests` that plugins of detect-secrets look up when they are imported, or when they verify."""

    Response = object
    exceptions = SimpleNamespace(RequestException=OSError)


class _LittleOfInspect(ModuleType):
    """What one module of detect-secrets asks of `inspect`."""

    @staticmethod
    def ismethod(thing: object) -> bool:
        return isinstance(thing, MethodType)


def _without_requests() -> AbstractContextManager[None]:
    return imported_as("requests", _NoRequests("requests"))


open_lightly(("detect_secrets", "detect_secrets.core", "detect_secrets.core.plugins", "detect_secrets.filters"))
with _without_requests(), imported_as("inspect", _LittleOfInspect("inspect")):
    from detect_secrets.__version__ import VERSION
    from detect_secrets.core.potential_secret import PotentialSecret
    from detect_secrets.filters import allowlist, heuristic
    from detect_secrets.plugins.base import BasePlugin
    from detect_secrets.util.code_snippet import get_code_snippet
    from detect_secrets.util.inject import call_function_with_arguments, get_injectable_variables

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

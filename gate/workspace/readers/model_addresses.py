"""Settings by which an agent talks to another address than its vendor's: prompts, code and the key go there."""

from urllib.parse import urlsplit

from gate.core.hosts import is_loopback_name
from gate.core.lazy_regex import lazy_regex

_BASE_URL = lazy_regex(
    r"(?:ANTHROPIC|OPENAI|GEMINI|GOOGLE_GEMINI|GOOGLE_VERTEX|AZURE_OPENAI|MISTRAL|DEEPSEEK|GROQ|OLLAMA|LITELLM)"
    r"(?:_[A-Z]+)*_(?:BASE_URL|API_BASE|ENDPOINT|API_URL|HOST)|openai-api-base|CODE_ASSIST_ENDPOINT|ANTHROPIC_[A-Z]+_BASE_URL"
)
_VENDORS = (
    *("anthropic.com", "openai.com", "googleapis.com", "mistral.ai", "deepseek.com", "groq.com", "azure.com"),
    *("amazonaws.com", "openrouter.ai", "x.ai", "github.com", "githubcopilot.com", "cloudflare.com", "vercel.com"),
)
"""Hosts of companies that sell models under their own name."""


def is_base_url(name: str) -> bool:
    """True for a variable or setting that says where a model's service is."""
    return _BASE_URL.fullmatch(name) is not None


def host_of(address: str) -> str:
    """Return the host of an address in small letters; empty if there is none, or a variable stands for it."""
    try:
        return (urlsplit(address.strip()).hostname or "").lower()
    except ValueError:
        return ""


def is_of_vendor(address: str) -> bool:
    """True for an address of a company that sells models."""
    host = host_of(address)
    return any(host == vendor or host.endswith(f".{vendor}") for vendor in _VENDORS)


def is_local(address: str) -> bool:
    """True for this machine, and for names that only a network of one's own knows."""
    host = host_of(address)
    private = host.endswith((".local", ".internal", ".lan", ".localhost")) or "." not in host
    return private or is_loopback_name(host) or host.startswith(("10.", "192.168.", "172.1", "172.2", "172.3", "127."))

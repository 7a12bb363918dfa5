"""How an address is fetched: over a protected way, from a place that is known or stays what it is.

A build that runs what an address gives trusts whose server it is. That is no more than it does by installing the
same publisher's program without a digest: such a finding is true, and not worth a stop where the way is protected by
TLS. It is worth one where anyone on the way can change what comes, or anyone at all decides what the server has.
"""

import re
from collections.abc import Iterable

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists
from gate.dockerfile.addresses import host_of
from gate.dockerfile.step import Command
from gate.model import Severity

_ADDRESS = re.compile(r"https://[^\s\"'<>|;)]+", re.IGNORECASE)
_ANY_ADDRESS = lazy_regex(r"\b[a-z][a-z0-9+.-]{1,30}://|\bgit@", re.IGNORECASE)
_FETCH = re.compile(r"^[^#\n]*\b(?:curl|wget)[ \t][^\n]*(?:://|\$)[^\n]*", re.MULTILINE)
"""A line of a script that fetches an address; without an address or a variable it names a package."""
_UNVERIFIED = frozenset({"--insecure", "--no-check-certificate", "--proxy-insecure"})
_UNVERIFIED_LETTER = re.compile(r"-[a-zA-Z]*k[a-zA-Z]*")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[.*\]")
_VERSION = r"(?:[\w-]*[_-])?v?\d+[._]\d+[._]\d+[\w.+-]*|v\d+\.\d+|v?\$\{?\w*VER\w*\}?[\w.+-]*"
"""Of two numbers only with a `v`: `release-1.2` is the name of a branch."""
_CODE_HOSTS = frozenset(
    {"bitbucket.org", "codeberg.org", "codeload.github.com", "github.com", "gitlab.com", "raw.githubusercontent.com"}
)
"""Hosts on which a release, a tag or a commit in the path is one."""
_MOVING = r"(?:latest|nightly|edge|continuous|master|main|snapshot|dev)/"
_PINNED = lazy_regex(
    rf"/[0-9a-f]{{40}}(?:/|$)|/releases/download/(?!{_MOVING})[^/]+/|/(?:archive/)?(?:refs/tags/)?(?:{_VERSION})(?=/|\.|$)",
    re.IGNORECASE,
)
"""A commit, a release, or a tag: `/v0.39.7/install.sh`."""
_LISTS = word_lists(__file__)
_INSTALLERS = _LISTS["installers"]
"""Where vendors serve their own installers and releases, as their documentation says: hosts, some with a path."""
_OF_ANYONE = (
    *("bit.ly", "cutt.ly", "goo.gl", "is.gd", "rb.gy", "t.ly", "tinyurl.com"),
    *("0x0.st", "dpaste.org", "file.io", "files.catbox.moe", "gist.github.com", "gist.githubusercontent.com"),
    *("hastebin.com", "ix.io", "paste.rs", "pastebin.com", "rentry.co", "temp.sh", "termbin.com", "transfer.sh"),
    *("loca.lt", "ngrok-free.app", "ngrok.app", "ngrok.io", "serveo.net", "trycloudflare.com"),
)
"""Short links, pastes and tunnels: anyone can put anything there, and the name says nothing of who did."""
PROTECTED = "fetched over TLS: only its publisher can change it"
"""Why what is fetched and run is worth no stop."""


def severity_of_fetch(command: Command) -> Severity | None:
    """Return how bad it is that what a command fetches is run, if it is milder than the rule says."""
    expanded = [command.step.expand(word) or word for word in command.arguments]
    return Severity.MEDIUM if _verifies_server(command.arguments) and are_trusted(expanded) else None


def protection_of_fetch(command: Command) -> str:
    """Return `PROTECTED` if what a command fetches can only be changed by its publisher, else nothing.

    An address in a variable of the shell is one of those that the step names.
    """
    expanded = [command.step.expand(word) or word for word in command.arguments]
    if not any(map(_ANY_ADDRESS.search, expanded)):
        expanded = [command.step.instruction.normalised]
    return PROTECTED if _verifies_server(command.arguments) and _are_protected(expanded) else ""


def protection_of_script(text: str) -> str:
    """Return `PROTECTED` if that holds of all that a script fetches."""
    fetches = _fetches_in(text)
    is_protected_way = bool(fetches) and all(_verifies_server(one.split()) and _are_protected([one]) for one in fetches)
    return PROTECTED if is_protected_way else ""


def _fetches_in(text: str) -> list[str]:
    """Return the lines of a script that fetch."""
    return [found[0] for found in _FETCH.finditer(text.replace("\\\n", " "))]


def severity_of_script(text: str) -> Severity | None:
    """Return how bad it is that a script runs what it fetches, if all that it fetches comes from where it may."""
    fetches = _fetches_in(text)
    is_milder = bool(fetches) and all(_verifies_server(one.split()) and are_trusted([one]) for one in fetches)
    return Severity.MEDIUM if is_milder else None


def _verifies_server(words: Iterable[str]) -> bool:
    return not any(word in _UNVERIFIED or _UNVERIFIED_LETTER.fullmatch(word) for word in words)


def are_trusted(words: Iterable[str]) -> bool:
    """True if there is an address in the words and every one is https to a known installer or to a fixed version."""
    addresses = _all_protected(words)
    return bool(addresses) and all(map(_is_trusted, addresses))


def _are_protected(words: Iterable[str]) -> bool:
    """True if there is an address in the words and every one is https to a host that is a publisher's own."""
    addresses = _all_protected(words)
    return bool(addresses) and all(map(is_protected, addresses))


def _all_protected(words: Iterable[str]) -> list[str]:
    """Return the addresses in the words; none if one of them is no https."""
    texts = [word for word in words if _ANY_ADDRESS.search(word)]
    addresses = [found for text in texts for found in _ADDRESS.findall(text)]
    return addresses if len(addresses) == sum(len(_ANY_ADDRESS.findall(text)) for text in texts) else []


def _is_trusted(address: str) -> bool:
    host = host_of(address) or ""
    if not host or "$" in host or _IP.fullmatch(host):
        return False
    place = address.partition("://")[2].replace("#", "/")  # a git repository's tag or commit stands behind `#`
    is_known = any(place.startswith(known) and _ends_name(place, known) for known in _INSTALLERS)
    return is_known or (host.lower() in _CODE_HOSTS and bool(_PINNED.search(place)))


def _ends_name(place: str, known: str) -> bool:
    """True unless `known` is the beginning of a longer host: `sh.rustup.rs.example`."""
    return known.endswith("/") or "/" in known or place[len(known) : len(known) + 1] in ("", "/", ":", "?")


def is_protected(address: str) -> bool:
    """True for an address whose server proves who it is: https or ssh, to the name of a publisher, not a number."""
    scheme = address.partition("://")[0].lower()
    host = host_of(address) or ""
    if scheme not in ("https", "ssh", "git+ssh") and not address.startswith("git@"):
        return False
    return not _IP.fullmatch(host) and "$" not in host and not _is_of_anyone(host.lower())


def _is_of_anyone(host: str) -> bool:
    name = host.partition(":")[0]
    return any(name == known or name.endswith(f".{known}") for known in _OF_ANYONE)

"""Where a policy above the project's comes from: a file, an address with its digest, a git repository at a commit,
an artifact of a registry by its digest.

What is fetched is named by its content (SHA-256, or a commit), so it is what its reader agreed to. A copy that is
younger than the policy's `valid_for` is used without fetching; one that is older has to be fetched again, and if that
fails, the policy is unknown: an error, not "no policy".
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from gate.core.cache import Cache
from gate.core.durations import timedelta_of
from gate.core.errors import ConfigError, UnavailableError, UnreadableError
from gate.core.hosts import Reach
from gate.core.signing import verify
from gate.core.text import without_credentials
from gate.policy.fetching import fetch_file, fetch_from_git, fetch_from_registry
from gate.policy.layers import PolicySource, check_begins_as_policy, checked, is_file
from gate.settings.policy import Organisation
from gate.settings.sources import convert, own_text, read_text

MAX_DEPTH = 8
"""Policies that extend one another."""
_AHEAD = timedelta(minutes=5)
"""How far a copy's time may lie in the future: by a clock that was set back it would stay young."""
_OFFLINE = "the cache has no recent enough copy, and it cannot be fetched with --offline"
_DIGEST = re.compile(r"sha256=(?P<digest>[0-9a-f]{64})")
_GIT = re.compile(r"git\+(?P<address>.+)@(?P<commit>[0-9a-f]{40}|[0-9a-f]{64})#(?P<path>[^#]+)")
_OCI = re.compile(r"oci://(?P<name>[^@#\s]+)@(?P<digest>sha256:[0-9a-f]{64})")
_SIGNED = re.compile(r"(?P<url>https://[^#]+)#key=(?P<key>[^#]+)")
_FORMS = (
    "a file, https://…#sha256=DIGEST, https://…#key=FILE, git+ADDRESS@COMMIT#path, or oci://HOST/NAME@sha256:DIGEST"
)


class Fetching(msgspec.Struct, frozen=True, kw_only=True):
    """What decides how policies are fetched."""

    cache_folder: Path | None
    """Where copies are kept; None: nowhere."""
    now: datetime
    is_offline: bool = False
    is_of_repository: bool = False
    """True if it is a repository's settings alone that name the policy."""
    trusted_hosts: tuple[str, ...] = ()
    may_use_cel: bool = True
    read: Callable[[Path], str] = read_text
    """Gives the text of a policy that is a file: of one that a change could have altered, as it stood before."""
    key_file: Callable[[Path], str] = str
    """Gives the place of a key in the same way."""

    @property
    def reach(self) -> Reach:
        """Who named the policy."""
        return Reach(is_of_repository=self.is_of_repository, trusted_hosts=self.trusted_hosts)


def read_sources(address: str, folder: str, fetching: Fetching) -> tuple[PolicySource, ...]:
    """Return the policy at `address` and those that it extends, the highest first.

    `folder` is what a relative path is relative to. Raises ConfigError for a wrong address or policy, a circle or a
    digest that differs, and GateError if it cannot be fetched.
    """
    return tuple(_chain(address, folder, fetching, ()))


def _chain(address: str, folder: str, fetching: Fetching, below: tuple[str, ...]) -> Iterator[PolicySource]:
    if address in below:
        circle = " → ".join(map(_shown, (*below, address)))
        raise ConfigError(f"policies extend one another in a circle: {circle}", path=_shown(below[0]))
    if len(below) >= MAX_DEPTH:
        raise ConfigError(f"more than {MAX_DEPTH} policies extend one another", path=_shown(below[0]))
    source = _read(address, folder, fetching)
    if source.policy.extends:
        own = str(_file(address, folder).resolve().parent) if is_file(address) else ""
        yield from _chain(source.policy.extends, own, fetching, (*below, address))
    yield source


def _file(address: str, folder: str) -> Path:
    return Path(folder) / Path(address).expanduser()


def _read(address: str, folder: str, fetching: Fetching) -> PolicySource:
    if is_file(address):
        if not folder:
            raise ConfigError("a policy that was fetched cannot extend a file", path=address, hint=f"Write {_FORMS}")
        return PolicySource(
            address, _policy(fetching.read(_file(address, folder)), address, fetching), fetching.is_of_repository
        )
    shown = _shown(address)
    if signed := _SIGNED.fullmatch(address):
        policy = _signed(signed["url"], fetching.key_file(_file(signed["key"], folder)), shown, fetching)
        return PolicySource(shown, policy, fetching.is_of_repository)
    kept = _kept(address, shown, fetching)
    if kept is None:
        kept = _policy(own_text(_keep(address, _fetch(address, shown, fetching), fetching), shown), shown, fetching)
    return PolicySource(shown, kept, fetching.is_of_repository)


def _signed(url: str, key: str, shown: str, fetching: Fetching) -> Organisation:
    """Return the policy that the server has now, signed with `key`; if it cannot be asked, a copy that is young enough.

    The signature is a file next to the policy, `….sig`: the 64 bytes of ed25519 in base64.
    """
    try:
        content, signature = (_from_server(each, shown, fetching) for each in (url, _signature_of(url)))
    except UnavailableError:
        policy = _kept(url, shown, fetching, key)
        if policy is None:
            raise
        return policy
    verify(content, _decoded(signature), key, shown)
    _keep(_signature_of(url), signature, fetching)
    return _policy(own_text(_keep(url, content, fetching), shown), shown, fetching)


def _signature_of(url: str) -> str:
    place, mark, query = url.partition("?")
    return f"{place}.sig{mark}{query}"


def _from_server(url: str, shown: str, fetching: Fetching) -> bytes:
    if fetching.is_offline:
        raise UnavailableError(_OFFLINE, path=shown)
    return fetch_file(url, shown, fetching.reach)


def _decoded(signature: bytes) -> bytes:
    try:
        return base64.b64decode(signature.strip(), validate=True)
    except binascii.Error:
        return b""  # which is no signature of anything


def _policy(text: str, shown: str, fetching: Fetching) -> Organisation:
    from gate.core import yaml

    document = yaml.parse(text, shown) or {}
    check_begins_as_policy(document, shown, text)
    policy = convert(document, Organisation, shown, text)
    return checked(policy, shown, may_use_cel=fetching.may_use_cel)


class _Copy(msgspec.Struct, frozen=True):
    """What was fetched, and when: a file's own time can be set, and would keep an old policy young."""

    fetched: datetime
    content: bytes


def _name(address: str) -> str:
    return f"policies/{hashlib.sha256(address.encode()).hexdigest()}"


def _copy(address: str, fetching: Fetching) -> _Copy | None:
    """Return the copy that this machine made of what is at an address."""
    content = Cache(fetching.cache_folder).read(_name(address)) if fetching.cache_folder else None
    return None if content is None else msgspec.msgpack.decode(content, type=_Copy)


def _kept(address: str, shown: str, fetching: Fetching, key: str | None = None) -> Organisation | None:
    """Return the copy if there is one that is whole (and signed with `key`) and young enough."""
    copy = _copy(address, fetching)
    if copy is None:
        return None
    content = copy.content
    digest = _DIGEST.search(address)
    if digest and hashlib.sha256(content).hexdigest() != digest["digest"]:
        return None
    if key is not None:
        verify(content, _decoded(_kept_signature(address, fetching)), key, shown)
    policy = _policy(own_text(content, shown), shown, fetching)
    age = fetching.now - copy.fetched
    return policy if -_AHEAD < age <= timedelta_of(policy.valid_for) else None


def _kept_signature(address: str, fetching: Fetching) -> bytes:
    copy = _copy(_signature_of(address), fetching)
    return copy.content if copy is not None else b""


def _keep(address: str, content: bytes, fetching: Fetching) -> bytes:
    """Keep a copy and return the content. A cache that cannot be written to keeps none: then each run fetches it."""
    if fetching.cache_folder is not None:
        copy = _Copy(fetched=fetching.now, content=content)
        Cache(fetching.cache_folder).write(_name(address), msgspec.msgpack.encode(copy))
    return content


def _fetch(address: str, shown: str, fetching: Fetching) -> bytes:
    git, oci, digest = _GIT.fullmatch(address), _OCI.fullmatch(address), _DIGEST.fullmatch(urlsplit(address).fragment)
    if not (git or oci or (address.startswith("https://") and digest)):
        raise ConfigError("is not an address of a policy that pins its content", path=shown, hint=f"Write {_FORMS}")
    if fetching.is_offline:
        raise UnreadableError(_OFFLINE, path=shown)
    if git:
        return fetch_from_git(git["address"], git["commit"], git["path"], shown, fetching.reach)
    if oci:
        return fetch_from_registry(oci["name"], oci["digest"], shown, fetching.reach)
    content = fetch_file(address.partition("#")[0], shown, fetching.reach)
    found = hashlib.sha256(content).hexdigest()
    if digest is None or found != digest["digest"]:
        raise ConfigError(
            f"the policy's digest is sha256={found}, not the one in the address",
            path=shown,
            hint="If the change is intended, write the new digest into the address",
        )
    return content


def _shown(address: str) -> str:
    """Return an address as it may be shown, with what names the policy's content: digest, key, or commit and path."""
    if is_file(address):
        return address
    if git := _GIT.fullmatch(address):
        return f"git+{without_credentials(git['address'])}@{git['commit']}#{git['path']}"
    _, mark, fragment = address.partition("#")
    return f"{without_credentials(address)}{mark}{fragment}"

"""Authorization for a registry: by a password, or by a bearer token from its token service."""

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlencode, urlsplit

import msgspec

from gate.core.errors import GateError, UnavailableError
from gate.core.hosts import Reach, is_loopback
from gate.core.web import Web, pieces
from gate.images.registry.credentials import Credentials

if TYPE_CHECKING:
    from requests import Response

MAX_TOKEN = 1 << 20
"""Bytes of a token service's answer."""
_CHALLENGE = re.compile(r"(?P<scheme>Bearer|Basic)\b(?P<rest>[^\r\n]*)", re.IGNORECASE)
_SERVICES = {"registry-1.docker.io": "auth.docker.io", "registry.gitlab.com": "gitlab.com"}
"""Registries whose token service is on another host, and that host."""
_PARAMETER = re.compile(r'([A-Za-z_]+)="([^"]*)"')


class _Token(msgspec.Struct, frozen=True):
    token: str | None = None
    access_token: str | None = None


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for a login, and on whose behalf it was asked."""

    registry: str
    """Scheme and host that were spoken to."""
    reach: Reach
    shown: str
    """What errors call the image."""


def authorize(challenge: str, known: Credentials | None, asking: Asking) -> str:
    """Return the `Authorization` header that answers the challenge (`WWW-Authenticate`) of a refused request.

    Raises GateError if there is nothing to answer with, and UnavailableError if the token service cannot be asked.
    """
    found = _CHALLENGE.search(challenge)
    if found is None:
        raise unauthorised(asking.shown)
    if found["scheme"].lower() == "basic":
        if known is None:
            raise unauthorised(asking.shown)
        return basic(known)
    return f"Bearer {_token(dict(_PARAMETER.findall(found['rest'])), known, asking)}"


def basic(known: Credentials) -> str:
    """Return the header of basic authentication (RFC 7617)."""
    pair = f"{known.user}:{known.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def unauthorised(shown: str) -> GateError:
    """Return the error for a registry that requires a login, or refuses the one that was sent."""
    return GateError(
        "the registry refuses: not logged in, or not allowed to read this image",
        path=shown,
        hint="Log in with `docker login`, or ask for access",
    )


def not_logged_in(host: str, shown: str) -> GateError:
    """Return the error for a registry that refuses, and got no login because only a repository named the image."""
    return GateError(
        "the registry refuses, and is asked without a login, as it is the repository that names this image",
        path=shown,
        hint=f"Name the image yourself (--image), or say that its registry may get your login: --trusted-hosts {host}",
    )


def _token(challenge: dict[str, str], known: Credentials | None, asking: Asking) -> str:
    realm = urlsplit(challenge.get("realm", ""))
    if "@" in realm.netloc or not _may_be_asked(realm, asking):
        raise UnavailableError("cannot be fetched (its token service is not spoken to over https)", path=asking.shown)
    wanted = {name: value for name, value in challenge.items() if name in ("service", "scope")}
    is_known = known is not None and _may_get_login(realm, asking)
    try:
        with _ask(realm, wanted, known if is_known else None, asking) as response:
            if response.status_code in (400, 401, 403):
                raise unauthorised(asking.shown) if is_known or known is None else _login_withheld(realm, asking.shown)
            if response.status_code != 200:
                raise _no_token(f"status {response.status_code}", asking.shown)
            content = b"".join(pieces(response, asking.shown, MAX_TOKEN))
    except UnavailableError as error:
        raise _no_token(error.message, asking.shown) from error
    return _read(content, asking.shown)


def _may_be_asked(realm: SplitResult, asking: Asking) -> bool:
    """True over https, or over http on the very host that was spoken to over http."""
    registry = urlsplit(asking.registry)
    if realm.scheme == "https":
        return bool(realm.hostname)
    return realm.scheme == registry.scheme == "http" and realm.hostname == registry.hostname


def _may_get_login(realm: SplitResult, asking: Asking) -> bool:
    """True if the token service may get the registry's login: it is on the same host, well known, or trusted."""
    registry, service = urlsplit(asking.registry).hostname, realm.hostname or ""
    if realm.scheme != "https" and not is_loopback(service):
        return False
    return service == registry or service == _SERVICES.get(registry or "") or asking.reach.lists(service, realm.port)


def _ask(realm: SplitResult, wanted: dict[str, str], known: Credentials | None, asking: Asking) -> "Response":
    """Ask the token service. The registry names it, so it is trusted only on the registry's own host."""
    registry = urlsplit(asking.registry)
    is_there = realm.hostname == registry.hostname
    reach = asking.reach if is_there else asking.reach.of_repository()
    web = Web(f"{realm.scheme}://{realm.netloc}", reach, follows=False)
    query = f"{realm.query}&{urlencode(wanted)}" if realm.query else urlencode(wanted)
    path = unquote(realm.path.lstrip("/"))
    if known and known.identity_token:
        form = {"grant_type": "refresh_token", "refresh_token": known.identity_token, "client_id": "security-gate"}
        body = urlencode({**wanted, **form}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return web.ask(path, headers, method="POST", query=realm.query, body=body)
    return web.ask(path, {"Authorization": basic(known)} if known else {}, query=query)


def _login_withheld(realm: SplitResult, shown: str) -> GateError:
    host = realm.hostname or ""
    return GateError(
        f"the registry refuses, and its token service is on another host, {host}, which gets no login",
        path=shown,
        hint=f"If it belongs to the registry, say so: --trusted-hosts {host}",
    )


def _read(content: bytes, shown: str) -> str:
    try:
        answer = msgspec.json.decode(content, type=_Token)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _no_token("it answers with something else than a token", shown) from error
    token = answer.token or answer.access_token or ""
    if not (token.isascii() and token.isprintable() and token):
        raise _no_token("it answers with no token", shown)
    return token


def _no_token(why: str, shown: str) -> UnavailableError:
    return UnavailableError(f"cannot be fetched (token service: {why})", path=shown)

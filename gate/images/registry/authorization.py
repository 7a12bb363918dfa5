"""How a registry wants to be convinced: by a password, or by a bearer token from its token service."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from gate.errors import GateError
from gate.images.registry.credentials import Credentials
from gate.web import TIMEOUT_S, UnavailableError

if TYPE_CHECKING:
    from requests import Response

MAX_TOKEN = 1 << 20
"""Bytes of a token service's answer."""
_CHALLENGE = re.compile(r"(?P<scheme>Bearer|Basic)\b(?P<rest>[^\r\n]*)", re.IGNORECASE)
_PARAMETER = re.compile(r'([A-Za-z_]+)="([^"]*)"')


class _Token(msgspec.Struct, frozen=True):
    token: str | None = None
    access_token: str | None = None


def authorize(response: "Response", known: Credentials | None, shown: str) -> str:
    """Return the `Authorization` header that answers the challenge of a refused request.

    Raises GateError if there is nothing to answer with, and UnavailableError if the token service cannot be asked.
    """
    found = _CHALLENGE.search(response.headers.get("WWW-Authenticate", ""))
    if found is None:
        raise unauthorised(shown)
    if found["scheme"].lower() == "basic":
        if known is None:
            raise unauthorised(shown)
        return basic(known)
    return f"Bearer {_token(dict(_PARAMETER.findall(found['rest'])), response.url, known, shown)}"


def basic(known: Credentials) -> str:
    """Return the header of basic authentication (RFC 7617)."""
    import base64

    pair = f"{known.user}:{known.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def unauthorised(shown: str) -> GateError:
    """Return the error for a registry that wants to know who asks, or refuses whoever it is."""
    return GateError(
        "the registry refuses: not logged in, or not allowed to read this image",
        path=shown,
        hint="Log in with `docker login`, or ask for access",
    )


def _token(challenge: dict[str, str], asked: str, known: Credentials | None, shown: str) -> str:
    import requests

    realm = challenge.get("realm", "")
    if not _may_be_asked(realm, asked):
        raise UnavailableError("cannot be fetched (its token service is not spoken to over https)", path=shown)
    wanted = {name: value for name, value in challenge.items() if name in ("service", "scope")}
    try:
        with _ask(realm, wanted, known) as response:
            if response.status_code in (400, 401, 403):
                raise unauthorised(shown)
            if response.status_code != 200:
                raise _no_token(f"status {response.status_code}", shown)
            content = response.raw.read(MAX_TOKEN, decode_content=True)
    except requests.RequestException as error:
        raise _no_token(type(error).__name__, shown) from error
    return _read(content, shown)


def _may_be_asked(realm: str, asked: str) -> bool:
    """True over https, or over http on the very host that was spoken to over http."""
    service, registry = urlsplit(realm), urlsplit(asked)
    if service.scheme == "https":
        return True
    return service.scheme == registry.scheme == "http" and service.hostname == registry.hostname


def _ask(realm: str, wanted: dict[str, str], known: Credentials | None) -> "Response":
    import requests

    if known and known.identity_token:
        form = {"grant_type": "refresh_token", "refresh_token": known.identity_token, "client_id": "security-gate"}
        return requests.post(realm, data={**wanted, **form}, timeout=TIMEOUT_S, stream=True, allow_redirects=False)
    headers = {"Authorization": basic(known)} if known else {}
    return requests.get(realm, params=wanted, headers=headers, timeout=TIMEOUT_S, stream=True, allow_redirects=False)


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

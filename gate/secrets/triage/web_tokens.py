"""What a JSON Web Token says of itself (RFC 7519)."""

import re
from base64 import urlsafe_b64decode
from typing import TypeVar

import msgspec

from gate.core.lazy_regex import lazy_regex

_T = TypeVar("_T")
_TOKEN = lazy_regex(
    r"(?:bearer[ ]+)?eyJ[A-Za-z0-9_-]{8,}\.(?P<claims>eyJ[A-Za-z0-9_-]{8,4000})(?:\.[A-Za-z0-9_-]*)?=*", re.IGNORECASE
)
"""The whole value: a token in front of something else says nothing of that."""
_LAST = 253_402_300_799
"""31 December 9999: the last second that a calendar has."""


class _Claims(msgspec.Struct, frozen=True):
    exp: float | None = None


class _Role(msgspec.Struct, frozen=True):
    role: str = ""


def is_web_token(value: str) -> bool:
    """True if `value` is a JSON Web Token and nothing else."""
    return _TOKEN.fullmatch(value.strip()) is not None


class _Header(msgspec.Struct, frozen=True):
    alg: str = ""


class _OfNats(msgspec.Struct, frozen=True):
    bearer_token: bool = False


class _Signed(msgspec.Struct, frozen=True):
    nats: _OfNats = _OfNats()


def is_signed_claim(value: str) -> bool:
    """True for a token by which NATS says who an operator, account or user is: who has no seed can do nothing by it.

    https://docs.nats.io/running-a-nats-service/configuration/securing_nats/jwt; one for bearers does log in.
    """
    found = _TOKEN.fullmatch(value.strip())
    if found is None:
        return False
    header = value.strip().partition(".")[0]
    try:
        is_nkey = _decoded(header, _Header).alg == "ed25519-nkey"
        return is_nkey and not _decoded(found["claims"], _Signed).nats.bearer_token
    except ValueError:  # msgspec's errors are such
        return False


def is_for_anyone(value: str) -> bool:
    """True for a token that gives the rights of those who have not logged in, as Supabase gives it to each page.

    https://supabase.com/docs/guides/api/api-keys; what it may read is a matter of the database's row policies.
    """
    found = _TOKEN.fullmatch(value.strip())
    try:
        return found is not None and _decoded(found["claims"], _Role).role == "anon"
    except ValueError:  # msgspec's errors are such
        return False


def _decoded(part: str, kind: type[_T]) -> _T:
    return msgspec.json.decode(urlsafe_b64decode(part + "=" * (-len(part) % 4)), type=kind)


def expiry(value: str) -> int | None:
    """Return the time from which no service accepts the token in `value`, in seconds since 1970; None if unknown."""
    found = _TOKEN.fullmatch(value.strip())
    if found is None:
        return None
    try:
        said = _decoded(found["claims"], _Claims).exp
    except ValueError:  # msgspec's errors are such
        return None
    return int(said) if said is not None and 0 < said < _LAST else None

"""What a JSON Web Token says of itself (RFC 7519)."""

import re
from base64 import urlsafe_b64decode

import msgspec

from gate.core.lazy_regex import lazy_regex

_TOKEN = lazy_regex(
    r"(?:bearer[ ]+)?eyJ[A-Za-z0-9_-]{8,}\.(?P<claims>eyJ[A-Za-z0-9_-]{8,4000})(?:\.[A-Za-z0-9_-]*)?=*", re.IGNORECASE
)
"""The whole value: a token in front of something else says nothing of that."""
_LAST = 253_402_300_799
"""31 December 9999: the last second that a calendar has."""


class _Claims(msgspec.Struct):
    exp: float | None = None


def is_web_token(value: str) -> bool:
    """True if `value` is a JSON Web Token and nothing else."""
    return _TOKEN.fullmatch(value.strip()) is not None


def expiry(value: str) -> int | None:
    """Return the time from which no service accepts the token in `value`, in seconds since 1970; None if unknown."""
    found = _TOKEN.fullmatch(value.strip())
    if found is None:
        return None
    claims = found["claims"]
    try:
        said = msgspec.json.decode(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)), type=_Claims).exp
    except ValueError:  # msgspec's errors are such
        return None
    return int(said) if said is not None and 0 < said < _LAST else None

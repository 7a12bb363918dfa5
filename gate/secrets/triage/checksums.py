"""Checksums that tokens carry, verified offline: by the shape of a value, whichever detector found it."""

import re
import zlib
from collections.abc import Callable

from gate.core.lazy_regex import lazy_regex
from gate.secrets.kinds.values import is_age_key, is_base58check, is_github_token, is_nkey_seed


def is_grafana_token(value: str) -> bool:
    """True if the last eight digits are the CRC-32 of what stands before them, least significant byte first."""
    body, _, checksum = value.rpartition("_")
    return zlib.crc32(body.encode()).to_bytes(4, "little").hex() == checksum


def is_gitlab_token(value: str) -> bool:
    """True if the last seven digits of a routable token are the CRC-32 of all before them, in base 36."""
    return int(value[-7:], 36) == zlib.crc32(value[:-7].encode())


_FORMATS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (lazy_regex(shape), fits)
    for shape, fits in (
        (r"gh[pousr]_[0-9A-Za-z]{36}", is_github_token),
        (r"npm_[0-9A-Za-z]{36}", is_github_token),
        (r"glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}", is_grafana_token),
        (r"gl[a-z]{2,6}-[0-9A-Za-z_-]{27,300}\.(?:[0-9a-z]{2}\.)?[0-9a-z]{9}", is_gitlab_token),
        (r"S[NCOUAX][A-Z2-7]{56}", is_nkey_seed),
        (r"S[A-D][A-Z2-7]{54}", is_nkey_seed),
        (r"AGE-SECRET-KEY-1[0-9A-Z]{58}", is_age_key),
        (r"suiprivkey1[02-9ac-hj-np-z]{59}", is_age_key),
        (r"[5KL][1-9A-HJ-NP-Za-km-z]{50,51}", is_base58check),
        (r"[xyz]prv[1-9A-HJ-NP-Za-km-z]{107}", is_base58check),
    )
)
"""Formats of which a provider says how their checksum is made."""


def fits_checksum(value: str) -> bool | None:
    """Return whether the checksum in `value` is right; None for a value of a format without one."""
    return next((fits(value) for shape, fits in _FORMATS if shape.fullmatch(value)), None)

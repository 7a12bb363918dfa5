"""What the value of a label can be asked to be."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from gate.core.lazy_regex import lazy_regex

_MAX_LENGTH = 2000
"""Characters of a value that is judged; nothing longer is any of these."""
_MAX_NESTING = 20
"""Parentheses of a licence expression."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[Tt](?P<clock>\d\d:\d\d:)(?P<second>\d\d)(?:\.\d+)?(?P<zone>[Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
_NUMBER = r"(?:0|[1-9]\d*)"
_IDENTIFIER = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = lazy_regex(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_IDENTIFIER}(?:\.{_IDENTIFIER})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
_COMMIT = re.compile(r"[0-9a-f]{7,40}|[0-9a-f]{64}")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = lazy_regex(rf"(?:{_ATOM}(?:\.{_ATOM})*|\"(?:[^\"\\\r\n]|\\.)+\")@(?:{_HOST}(?:\.{_HOST})*|\[[0-9A-Za-z.:]+\])")


def is_url(text: str) -> bool:
    """True for an absolute URI (RFC 3986)."""
    return bool(_URL.fullmatch(text))


def is_time(text: str) -> bool:
    """True for a date and time with zone (RFC 3339)."""
    found = _TIME.fullmatch(text)
    if found is None:
        return False
    second = "59" if found["second"] == "60" else found["second"]
    try:
        datetime.fromisoformat(f"{found['date']}T{found['clock']}{second}{found['zone'].upper()}")
    except ValueError:
        return False
    return True


def is_semantic_version(text: str) -> bool:
    """True for a version by semver.org, 2.0.0."""
    return bool(_SEMVER.fullmatch(text))


def is_commit(text: str) -> bool:
    """True for a git commit id, whole or shortened to seven digits or more."""
    return bool(_COMMIT.fullmatch(text))


def is_licence(text: str) -> bool:
    """True for an SPDX licence expression."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if text.count("(") > _MAX_NESTING:
        return False
    try:
        canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return False
    return True


def is_email(text: str) -> bool:
    """True for an address by RFC 5322, without display name, comments and folding."""
    return bool(_EMAIL.fullmatch(text))


_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "email": is_email,
    "hash": is_commit,
    "rfc3339": is_time,
    "semver": is_semantic_version,
    "spdx": is_licence,
    "url": is_url,
}


def is_of_format(text: str, format: str) -> bool:
    """True if a value has the format of this name; `text` takes anything."""
    return format == "text" or (len(text) <= _MAX_LENGTH and _FORMATS[format](text))

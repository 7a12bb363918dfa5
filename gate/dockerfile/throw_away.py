"""Values under a secret's name that open nothing, or nothing but what is on the same machine: fillers, weak defaults.

A framework that wants a key to compile its style sheets gets `build-key`, a database of the tests `postgres:postgres`.
"""

import re

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists
from gate.dockerfile.addresses import is_local

_PART = re.compile(r"[a-z]+", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MAX_VALUE = 64
"""Characters; nothing longer is typed as a filler."""
_MAX_DIGITS = 4
"""Digits behind a weak word, as in `admin1234`; with more the digits are the secret."""
_LISTS = word_lists(__file__)
_FILLERS = frozenset(_LISTS["fillers"])
"""Words that say of a value that it is not the real one."""
_WEAK = frozenset(_LISTS["weak"])
"""Words that are guessed first."""
_DENIALS = frozenset({"never", "no", "not", "nothing"})
"""With another word they say the same: `not-a-real-key`, `never-used`."""
_AROUND = frozenset(_LISTS["around"])
"""Words that stand around them and say nothing of their own."""
_LOGIN = lazy_regex(
    r"[a-z][a-z0-9+.-]*://(?P<user>[^/\s:@]*):(?P<password>[^/\s@]+)@(?P<host>[^/\s:?#]*)", re.IGNORECASE
)
_PRIVATE_HOST = re.compile(
    r"[\w-]+|[\w.-]+\.(?:local|localhost|internal|test|example|invalid)", re.ASCII | re.IGNORECASE
)
"""A host that only the same machine or network of containers knows: `db`, `postgres`, `queue.test`."""


def is_throw_away(value: str) -> bool:
    """True for `build-key`, `dummy`, `changeMe123`, `not-used-in-production`, `postgres`, `secret`: words, and no more.

    Digits count for nothing, so that a value of digits alone is none.
    """
    if len(value) > _MAX_VALUE:
        return False
    words = {word.lower() for word in _PART.findall(_CAMEL.sub(" ", value))}
    says_so = not _FILLERS.isdisjoint(words) or (not _DENIALS.isdisjoint(words) and len(words) > 1)
    if not says_so and (_WEAK.isdisjoint(words) or sum(map(str.isdigit, value)) > _MAX_DIGITS):
        return False
    return words <= _FILLERS | _WEAK | _DENIALS | _AROUND


def has_throw_away_login(address: str) -> bool:
    """True for an address that holds a weak login, such as the user's name twice, or a filler, and is near."""
    found = _LOGIN.match(address)
    if found is None:
        return False
    is_near = is_local(address) or bool(_PRIVATE_HOST.fullmatch(found["host"]))
    password = found["password"]
    return is_near and (password.lower() == found["user"].lower() or is_throw_away(password))

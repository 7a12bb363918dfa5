"""Packagist's versions as Composer compares them: four numbers, then words by PHP's `version_compare`."""

import re
from typing import Any

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import ZERO, number

_NUMBERS = 4
"""Numbers at the front; Composer fills up with zeros."""
_TOKEN = re.compile(r"[0-9]+|(?:(?:(?<=[0-9])|^)[^0-9A-Za-z.+_-])?[A-Za-z]+|(?:(?<=[0-9])|^)[^0-9A-Za-z.+_-]")
_STABLE = re.compile(r"(?<=[0-9])[.+_-]?stable.*", re.IGNORECASE)
_BRANCH = re.compile(r"[0-9]+(?:\.[0-9]+){0,2}(?:\.[x*]){1,3}-dev", re.IGNORECASE)
_HIGHEST = "9999999"
"""What Composer writes for `x`."""
_FORMS = ("dev", "alpha", "a", "beta", "b", "rc", "#", "pl", "p")
_RANKS = {"dev": 1, "alpha": 2, "a": 2, "beta": 3, "b": 3, "rc": 4, "#": 5, "pl": 7, "p": 7}
"""PHP's special forms, each of which stands for every word that it begins; other words come before them."""
_UNKNOWN, _END, _NUMBER = 0, 5, 6


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    text = version.strip().removeprefix("v").removeprefix("V")
    if _BRANCH.fullmatch(text):
        text = _tip(text)
    tokens = [_token(each) for each in _TOKEN.findall(_STABLE.sub("", text))]
    leading = next((place for place, token in enumerate(tokens) if token[0] != _NUMBER), len(tokens))
    if leading:
        tokens[leading:leading] = [(_NUMBER, ZERO)] * (_NUMBERS - leading)
    return (*tokens, (_END,))


def _tip(branch: str) -> str:
    """Return the version of a branch such as `1.x-dev`: above all that is released from it."""
    parts = branch.lower().removesuffix("-dev").replace("x", "*").split(".")
    numbers = [_HIGHEST if part == "*" else part for part in parts]
    return ".".join([*numbers, *[_HIGHEST] * (_NUMBERS - len(numbers))]) + "-dev"


def _token(text: str) -> tuple[Any, ...]:
    if text[0] in "0123456789":
        return (_NUMBER, number(text))
    form = next((form for form in _FORMS if text.lower().startswith(form)), "")
    return (_RANKS.get(form, _UNKNOWN),)


ORDER = VersionOrder(sort_key=sort_key)

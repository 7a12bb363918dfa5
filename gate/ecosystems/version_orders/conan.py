"""ConanCenter's versions: dotted items of numbers and letters (`1.1.1w`, `cci.20230101`), pre-release and build.

Conan compares an item of digits with one of digits and letters as text, which is no order (10 < 1a < 2 < 10); here
`1a` lies between 1 and 2.
"""

import re
from typing import Any

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import number

_ITEM = re.compile(r"(?P<digits>[0-9]*+)(?P<rest>.*+)", re.DOTALL)
_NUMBER, _WORD = range(2)
_NOTHING: tuple[Any, ...] = (_NUMBER, number(""), "")
_RELEASE = (1,)
"""In the place of a pre-release: a release is above all of them."""
_NO_BUILD = (0,)


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    before, plus, build = version.strip().lower().rpartition("+")
    numbers, hyphen, pre = (before if plus else build).partition("-")
    pre_release = (0, _items(pre)) if hyphen else _RELEASE
    build_number = (1, _items(build)) if plus else _NO_BUILD
    return (_items(numbers), pre_release, build_number)


def _items(text: str) -> tuple[tuple[Any, ...], ...]:
    items = [_item(part) for part in text.split(".")]
    while items and items[-1] == _NOTHING:
        items.pop()
    return tuple(items)


def _item(text: str) -> tuple[Any, ...]:
    found = _ITEM.fullmatch(text)
    assert found is not None  # every text is some digits and a rest
    return (_NUMBER, number(found["digits"]), found["rest"]) if found["digits"] or not text else (_WORD, text)


ORDER = VersionOrder(sort_key=sort_key, is_semantic=True)

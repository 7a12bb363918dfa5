"""Changes to values: each returns a new value that shares with the old one what it does not change.

A mapping or list keeps its place when something in it changes; what is put into it keeps the place where it is written.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from gate.core.values import Data, Scalar, Value

EACH = "*"
"""As a key: every element of a list, and every value of a mapping."""
Change = Callable[[Value | None], Value | None]
"""From what is there, or None, to what shall be there, or None."""


def with_data(value: Value, data: Data) -> Value:
    """Return a value with other data at the same place."""
    return msgspec.structs.replace(value, data=data)


def scalar_at(place: Value, data: Scalar) -> Value:
    """Return a scalar that is computed from one that is written at `place`."""
    return msgspec.structs.replace(place, data=data, tag="", style="")


def with_items(value: Value, added: Mapping[str, Value]) -> Value:
    """Return a mapping with further or other items; anything else but a mapping counts as an empty one."""
    if not added:
        return value
    own = value.data if isinstance(value.data, dict) else {}
    return with_data(value, {**own, **added})


def changed(value: Value, keys: Sequence[str], change: Change, create: Value | None = None) -> Value:
    """Return `value` with a change to what the keys lead to.

    `create` is the place of mappings that are missing on the way; without it, what is missing stays so.
    """
    made = _changed(value, keys, change, create)
    return value if made is None else made


def _changed(value: Value | None, keys: Sequence[str], change: Change, create: Value | None) -> Value | None:
    if not keys:
        return change(value)
    if value is not None and isinstance(value.data, list):
        return _changed_elements(value, keys, change, create)
    if value is None or value.data is None:
        if create is None or keys[0] == EACH:
            return value
        value = with_data(value or create, {})
    if not isinstance(value.data, dict):
        return value
    for key in list(value.data) if keys[0] == EACH else keys[:1]:
        value = _with_item(value, key, _changed(value.get(key), keys[1:], change, create))
    return value


def _with_item(value: Value, key: str, new: Value | None) -> Value:
    """Return a mapping with one item set, or removed by None."""
    assert isinstance(value.data, dict)
    if value.data.get(key) is new:
        return value
    if new is not None:
        return with_data(value, {**value.data, key: new})
    return with_data(value, {name: one for name, one in value.data.items() if name != key})


def _changed_elements(value: Value, keys: Sequence[str], change: Change, create: Value | None) -> Value:
    assert isinstance(value.data, list)
    made: list[Value] = []
    for number, element in enumerate(value.data):
        new = _changed(element, keys[1:], change, create) if is_element(element, number, keys[0]) else element
        made += [new] if new is not None else []
    is_same = len(made) == len(value.data) and all(new is old for new, old in zip(made, value.data, strict=True))
    return value if is_same else with_data(value, made)


def is_element(element: Value, number: int, key: str) -> bool:
    """True if a key means an element of a list: by its number, by one of its values (`[name=web]`), or all (`*`)."""
    if key.startswith("["):
        name, _, text = key.strip("[]").partition("=")
        return element.text(name) == text
    return key in (EACH, str(number))

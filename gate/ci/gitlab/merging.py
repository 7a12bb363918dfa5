"""How GitLab lays one definition over another: mappings key by key, all else replaced; every value keeps its place."""

from collections.abc import Callable, Mapping

import msgspec

from gate.core.values import Data, Value

Change = Callable[[Value], Value | None]
"""Returns the value that takes another one's place; None: it stays, and what is below it is asked."""


def laid_over(below: Value | None, above: Value) -> Value:
    """Return `above` with the keys of `below` that it does not have itself (`extends`, `include`)."""
    if below is None or not isinstance(below.data, dict) or not isinstance(above.data, dict):
        return above
    keys: dict[str, Value] = dict(below.data)
    for key, value in above.data.items():
        keys[key] = laid_over(keys.get(key), value)
    return msgspec.structs.replace(above, data=keys)


def with_keys(value: Value, keys: Mapping[str, Value]) -> Value:
    """Return a mapping with other keys, at its own place."""
    return msgspec.structs.replace(value, data=dict(keys))


def with_data(value: Value, data: Data) -> Value:
    """Return a value with other content, at its own place."""
    return msgspec.structs.replace(value, data=data)


def changed(value: Value, change: Change) -> Value:
    """Return a value in which `change` was asked of everything; parts that stay are the same objects."""
    new = change(value)
    if new is not None:
        return new
    if isinstance(value.data, dict):
        keys = {key: changed(one, change) for key, one in value.data.items()}
        return value if all(keys[key] is one for key, one in value.data.items()) else with_data(value, dict(keys))
    if isinstance(value.data, list):
        elements = [changed(one, change) for one in value.data]
        is_same = all(new is old for new, old in zip(elements, value.data, strict=True))
        return value if is_same else with_data(value, elements)
    return value

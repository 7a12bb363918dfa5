"""JSON patches (RFC 6902), which name places by JSON pointers (RFC 6901)."""

import re
from collections.abc import Sequence

from gate.core.errors import ConfigError
from gate.core.values import Value
from gate.kubernetes.value_edits import with_data

_END = "-"
_NUMBER = re.compile(r"[0-9]{1,6}")


def patched(value: Value, operations: Value) -> Value:
    """Return an object after the operations of a patch. Raises ConfigError for one that cannot be applied."""
    for operation in operations.elements():
        value = _applied(value, operation)
    return value


def _applied(value: Value, operation: Value) -> Value:
    kind = operation.text("op")
    keys = _keys(operation, "path")
    if kind == "remove":
        return _removed(value, keys, operation)
    if kind in ("add", "replace"):
        new = operation.get("value")
        return _put(value, keys, new if new is not None else with_data(operation, None), operation)
    if kind in ("move", "copy"):
        source = _keys(operation, "from")
        found = _found(value, source)
        if found is None:
            raise _error(operation, "leads to nothing")
        return _put(_removed(value, source, operation) if kind == "move" else value, keys, found, operation)
    if kind == "test":
        return value
    raise _error(operation, f"has the unknown operation {kind or 'none'}")


def _keys(operation: Value, name: str) -> list[str]:
    pointer = operation.text(name)
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _found(value: Value, keys: Sequence[str]) -> Value | None:
    for key in keys:
        below = _below(value, key)
        if below is None:
            return None
        value = below
    return value


def _below(value: Value, key: str) -> Value | None:
    if isinstance(value.data, list):
        is_one = _NUMBER.fullmatch(key) is not None and int(key) < len(value.data)
        return value.data[int(key)] if is_one else None
    return value.get(key)


def _put(value: Value, keys: Sequence[str], new: Value, operation: Value) -> Value:
    """Return `value` with `new` at the end of the keys: into a list it is inserted by `add` and put by `replace`."""
    if not keys:
        return new
    key = keys[0]
    if len(keys) == 1 and isinstance(value.data, list):
        return with_data(value, _with_element(value.data, key, new, operation))
    below = _below(value, key)
    if len(keys) > 1 and below is None:
        raise _error(operation, f"leads to nothing at {key}")
    made = new if len(keys) == 1 or below is None else _put(below, keys[1:], new, operation)
    return _with(value, key, made, operation)


def _with_element(elements: list[Value], key: str, new: Value, operation: Value) -> list[Value]:
    if key == _END:
        return [*elements, new]
    number = int(key) if _NUMBER.fullmatch(key) else len(elements) + 1
    if number > len(elements):
        raise _error(operation, f"has the place {key} in a list of {len(elements)}")
    end = number + (operation.text("op") == "replace")
    return [*elements[:number], new, *elements[end:]]


def _with(value: Value, key: str, new: Value, operation: Value) -> Value:
    if isinstance(value.data, list):
        return with_data(value, [*value.data[: int(key)], new, *value.data[int(key) + 1 :]])
    if isinstance(value.data, dict) or value.data is None:
        return with_data(value, {**(value.data or {}), key: new})
    raise _error(operation, f"leads through a scalar at {key}")


def _removed(value: Value, keys: Sequence[str], operation: Value) -> Value:
    below = _below(value, keys[0]) if keys else None
    if below is None:
        raise _error(operation, "removes what is not there")
    if len(keys) > 1:
        return _with(value, keys[0], _removed(below, keys[1:], operation), operation)
    if isinstance(value.data, list):
        return with_data(value, [*value.data[: int(keys[0])], *value.data[int(keys[0]) + 1 :]])
    assert isinstance(value.data, dict)
    return with_data(value, {key: one for key, one in value.data.items() if key != keys[0]})


def _error(operation: Value, why: str) -> ConfigError:
    pointer = operation.text("path")
    return ConfigError(f"a JSON patch of {pointer} {why}", path=f"{operation.path}:{operation.line}")

"""A mapping that makes a value when it is read, once, and not to say whether there is one."""

import pytest

from gate.core.lazy import LazyMapping


def test_a_value_is_made_once_when_it_is_read_and_never_by_a_look() -> None:
    made: list[str] = []
    mapping = LazyMapping({name: lambda name=name: made.append(name) or name.upper() for name in "ab"})  # type: ignore[misc]
    assert ("a" in mapping, "c" in mapping, len(mapping), list(mapping), made) == (True, False, 2, ["a", "b"], [])
    assert (mapping["a"], mapping["a"], mapping.get("c"), made) == ("A", "A", None, ["a"])
    with pytest.raises(KeyError):
        mapping["c"]

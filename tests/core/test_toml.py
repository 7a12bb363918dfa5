"""TOML: every mistake is a ValueError, and a key with very many parts is one of them."""

import pytest

from gate.core.toml import MAX_PARTS, loads

pytestmark = pytest.mark.every_python


def test_a_table_is_read() -> None:
    assert loads('a.b = 1\n["c.d"]\ne = "x"\n') == {"a": {"b": 1}, "c.d": {"e": "x"}}


def test_a_key_may_have_so_many_parts_and_no_more() -> None:
    assert loads(".".join("a" * MAX_PARTS) + " = 1")
    for dot in (".", " . "):
        with pytest.raises(ValueError, match=rf"more than {MAX_PARTS} parts \(at line 2\)"):
            loads("x = 1\n" + dot.join("a" * (MAX_PARTS + 1)) + " = 1")
    with pytest.raises(ValueError, match="more than"):
        loads("[" + ".".join(['"b"', "'c'"] * MAX_PARTS) + "]")


@pytest.mark.parametrize("text", ["a = ", "a = 1\na = 2", "= 1", "a = [" * 5000, "a = {b = " * 5000])
def test_what_is_none_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        loads(text)

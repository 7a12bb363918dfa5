"""JSON as editors write it: comments, trailing commas, places."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import ConfigError, GateError
from gate.core.json_values import read_json_values

TEXT = '// settings\n{\n\t"a": 1, /* two\nlines */\n  "b": {"c": ["x", true, null, -2.5e1,],},\n}\n'
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def test_comments_tabs_and_trailing_commas_are_read_with_their_places() -> None:
    value = read_json_values(TEXT, "a.json")
    assert value is not None
    assert value.plain() == {"a": 1, "b": {"c": ["x", True, None, -25.0]}}
    inner = value.get("b", "c")
    assert inner is not None
    assert (inner.line, inner.start, inner.end) == (5, (5, 14), (5, 40))


def test_the_last_of_two_keys_counts_as_in_the_programs_that_read_it() -> None:
    value = read_json_values('{"a": 1, "a": 2}', "a.json")
    assert value is not None
    assert value.plain() == {"a": 2}


def test_nothing_but_comments_is_nothing() -> None:
    assert read_json_values("// {\n/* } */\n", "a.json") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", 1), ('{"a"\n: 1', 2), ("[1\n2]", 2), ("{a: 1}", 1), ("[,]", 1), ("nope", 1),
        ('{"a": 1} x', 1), ("[" * 300, 1), ('\n"\n', 2), ("{,}", 1), ("\u20ac", 1),
    ],
)  # fmt: skip
def test_what_is_broken_is_an_error_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ConfigError, match="cannot be parsed") as raised:
        read_json_values(text, "a.json")
    assert str(raised.value).startswith(f"a.json:{line}:")


@given(JSON)
def test_plain_json_is_read_as_what_it_is(data: object) -> None:
    value = read_json_values(msgspec.json.encode(data).decode(), "a.json")
    assert value is not None
    assert value.plain() == data


@given(st.text(alphabet='{}[]",: \n/*a1\\tru'))
def test_any_text_is_read_or_is_a_clear_error(text: str) -> None:
    with suppress(GateError):
        read_json_values(text, "a.json")

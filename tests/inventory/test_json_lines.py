"""Lines of a JSON text's members."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.inventory.json_lines import member_lines, object_lines

TEXT = """{
  "pins": [
    {"a": {"pins": [1]}},
    {
      "a": 2
    }, [3], "four"
  ],
  "object": {"k\\u0065y": 1,
    "other": [
      {"pins": 2}]
  }
}"""


@pytest.mark.parametrize(
    ("way", "lines"),
    [
        ((), [("pins", 2), ("object", 8)]),
        (("pins",), [("", 3), ("", 4), ("", 6), ("", 6)]),
        (("object",), [("key", 8), ("other", 9)]),
        (("object", "other"), [("", 10)]),
        (("nowhere",), []),
    ],
)
def test_members_and_items_of_one_container(way: tuple[str, ...], lines: list[tuple[str, int]]) -> None:
    assert list(member_lines(TEXT, *way)) == lines


def test_objects_at_any_depth() -> None:
    assert list(object_lines('{"d": {"a": {"d": {\n"b": {}}}, "c": 1}}', frozenset({"d"}))) == [("a", 1), ("b", 2)]


KEYS = st.text(alphabet='a"\\{}[]:,\né')
NESTED = st.recursive(st.integers() | KEYS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=8)


@given(st.dictionaries(KEYS, NESTED), st.sampled_from([None, 1]))
def test_every_member_has_the_line_that_it_stands_in(members: dict[str, Any], indent: int | None) -> None:
    text = json.dumps({"x": members}, indent=indent)
    found = list(member_lines(text, "x"))
    assert [key for key, _ in found] == list(members)
    assert all(f"{json.dumps(key)}: " in text.split("\n")[line - 1] for key, line in found)

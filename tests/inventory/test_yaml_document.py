"""YAML lockfiles as plain values with lines."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.yaml_document import places, read_yaml
from gate.model import Tree
from gate.trees import open_tree

Make = Callable[[dict[str, str | bytes]], Tree]
BOMB = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 9)}]\n" for below, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def value_of(make_tree: Make, text: str | bytes, shape: Any = Any) -> Any:
    open_tree.cache_clear()
    return read_yaml(open_tree(make_tree({"a.yml": text})), "a.yml", shape)[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1.10", {"a": "1.10"}),
        ("a: yes\nb: ~\nc: '~'", {"a": "yes", "b": None, "c": "~"}),
        ("a: &x [1]\nb: *x", {"a": ["1"], "b": ["1"]}),
        ("- {a: []}", [{"a": []}]),
    ],
)
def test_a_scalar_is_what_is_written(make_tree: Make, text: str, value: Any) -> None:
    assert value_of(make_tree, text) == value


def test_the_shape_makes_numbers_and_booleans(make_tree: Make) -> None:
    assert value_of(make_tree, "a: 7\nb: 0", dict[str, int]) == {"a": 7, "b": 0}


def test_the_lines_of_keys_and_items(make_tree: Make) -> None:
    tree = open_tree(make_tree({"a.yml": "top:\n  list:\n  - one\n  - k: v\n  map: {x: 1,\n   y: 2}\n"}))
    _, root = read_yaml(tree, "a.yml", dict[str, Any])
    assert list(places(root, "top", "list")) == [("one", 3), ("", 4)]
    assert list(places(root, "top", "map")) == [("x", 5), ("y", 6)]
    assert list(places(root, "top", "nowhere")) == []
    assert list(places(root, "top", "map", "x")) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("a: 1\na: 2", r"the key 'a' stands twice \(line 2\)"),
        ("? [a]\n: 1", r"a key is no text \(line 1\)"),
        ("a: ]\nb: 1", r"it is not YAML: .*\(line 1\)"),
        ("a: 1\n--- \nb: 2", "it is not YAML: but found another document"),
        ("[" * 5000, "it is not YAML|it is nested too deeply"),
        ("a: &a [*a]", "more than 100 aliases|nested too deeply"),
        (BOMB, "more than 100 aliases"),
        (b"a: \xff", "it is not UTF-8"),
        ("a: \x1b[0m", "it is not YAML"),
    ],
)
def test_a_broken_file_says_why(make_tree: Make, text: str | bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: ({why})") as caught:
        value_of(make_tree, text)
    assert caught.value.path == "a.yml"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="ab:-? \n&*[]{}!|>'\"#%1,\t", max_size=40))
def test_any_text_is_read_or_a_clear_error(make_tree: Make, text: str) -> None:
    try:
        value_of(make_tree, text)
    except UnreadableError as error:
        assert "cannot be parsed" in error.message  # noqa: PT017

"""Of two values of a setting the tighter one holds, whichever side says it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.path_patterns import is_selected
from gate.policy import directions
from gate.policy.directions import Direction, is_within

NAMES = ["a", "b", "a/b", "docs/**", "docs/old/**", "*.env", "**"]
PATHS = ["a", "b", "a/b", "docs/x", "docs/old/x", "app.env", "c/app.env"]
LISTS = st.lists(st.sampled_from(NAMES), unique=True, max_size=4)


@pytest.mark.parametrize(
    ("direction", "base", "head", "held"),
    [
        (directions.ON, False, True, True),
        (directions.of_order("report", "refuse"), "report", "refuse", "refuse"),
        (directions.ISOLATION, "required", "best", "required"),
        (directions.ISOLATION, "best", "required", "required"),
        (directions.ON, True, False, True),
        (directions.MORE, ["a"], ["b"], ["a", "b"]),
        (directions.FEWER, ["a", "b"], ["b", "c"], ["b"]),
        (directions.ALLOW_LIST, [], ["a"], ["a"]),
        (directions.ALLOW_LIST, ["a"], [], ["a"]),
        (directions.ALLOW_LIST, ["a", "b"], ["b", "c"], ["b"]),
        (directions.ALLOW_LIST, ["a"], ["c"], ["a"]),
        (directions.LABELS, {"a": "text"}, {"a": "url", "b": "url"}, {"a": "text", "b": "url"}),
        (
            directions.LEVEL,
            {"A": "low", "B": "off"},
            {"A": "high", "C": "low", "D": "critical"},
            {"A": "high", "D": "critical"},
        ),
        (directions.LEVEL, {"A": "high"}, {"A": "low"}, {"A": "high"}),
        (directions.LEVEL, {"A": "high"}, {}, {"A": "high"}),
        (directions.HIGHER, 50, 40, 50),
        (directions.SHORTER, "7d", "8d", "7d"),
        (directions.SHORTER, "7d", None, "7d"),
        (directions.SHORTER, None, "7d", "7d"),
        (directions.SHORTER, "2w", "13d", "13d"),
        (directions.of_order("off", "auto", "on"), "auto", "off", "auto"),
        (directions.of_order("off", "auto", "on"), "auto", "on", "on"),
        (directions.of_order("compat", "gate"), "gate", "compat", "gate"),
        (directions.LOOSENS, None, True, None),
        (directions.LOOSENS, None, False, False),
        (directions.of_order("report", "refuse"), "refuse", "report", "refuse"),
        (directions.IMAGES, [{"ref": "a"}], [{"ref": "b"}], [{"ref": "a"}, {"ref": "b"}]),
        (directions.IMAGES, [{"ref": "a", "target": "x"}], [{"ref": "a"}], [{"ref": "a", "target": "x"}]),
    ],
)
def test_what_holds(direction: Direction, base: Any, head: Any, held: Any) -> None:
    assert direction.join(base, head) == held


@given(LISTS, LISTS, st.sampled_from(PATHS))
def test_a_file_that_the_base_looks_at_is_looked_at(base: list[str], head: list[str], path: str) -> None:
    ignored = directions.IGNORED.join(base, head)
    assert is_selected(path, [], base) <= is_selected(path, [], ignored)
    looked_at = directions.LOOKED_AT.join(base, head)
    assert is_selected(path, base, []) <= is_selected(path, looked_at, [])


@given(LISTS, LISTS, st.sampled_from(PATHS))
def test_a_file_that_the_change_looks_at_is_looked_at(base: list[str], head: list[str], path: str) -> None:
    assert is_selected(path, [], head) <= is_selected(path, [], directions.IGNORED.join(base, head))
    assert is_selected(path, head, []) <= is_selected(path, directions.LOOKED_AT.join(base, head), [])


PARTS = st.lists(st.sampled_from(["a", "b", "*", "**", "?", "a*"]), min_size=1, max_size=3).map("/".join)


@given(PARTS, PARTS, st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=4).map("/".join))
def test_a_pattern_within_another_matches_no_more(pattern: str, other: str, path: str) -> None:
    if is_within(pattern, other):
        assert is_selected(path, [pattern], []) <= is_selected(path, [other], [])

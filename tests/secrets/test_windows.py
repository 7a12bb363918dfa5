"""In a long line a detector looks around the pre-filter's places alone, and finds what it finds in the whole line."""

import importlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.engine.windows import LONG_LINE, REACH, matches_near, reach_of
from gate.secrets.kinds import TOKENS
from gate.secrets.kinds.token import Token

KEY = re.compile(r"(?<![0-9a-z])key=([0-9a-z]{4,})(?![0-9A-Z])")
LEAST = re.compile(rb"key=[0-9a-z]{4}")
pieces = st.one_of(
    st.sampled_from(("key=", "key=ab12", "key=ab1", "A", " ", "é", "key=" + "z" * 2 * REACH)),
    st.integers(0, 3 * REACH).map(lambda count: "-" * count),
)


@given(parts=st.lists(pieces, max_size=12))
def test_what_is_found_near_the_places_is_what_the_whole_line_holds(parts: list[str]) -> None:
    line = "-" * LONG_LINE + "".join(parts)
    places = [match.end() for match in LEAST.finditer(line.encode())]
    spans = [match.span(1) for match in KEY.finditer(line)]
    assert [match.span(1) for match in matches_near(KEY, line, places)] == spans


def test_far_from_the_places_nothing_is_looked_for() -> None:
    line = "key=ab12" + "-" * 3 * REACH
    assert list(matches_near(KEY, line, [len(line)])) == []


def width(pattern: str) -> int:
    """Return what Python's own reading of a pattern says."""
    return int(importlib.import_module("re._parser").parse(pattern).getwidth()[1])


def test_no_match_is_longer_than_its_pattern_tells() -> None:
    reaches = {one.rule: reach_of(one.expression) for one in TOKENS}
    assert [one.rule for one in TOKENS if width(one.expression) > reaches[one.rule] < REACH] == []
    assert sum(reach < 1_000 for reach in reaches.values()) > len(reaches) / 2


@pytest.mark.parametrize("pattern", ["(?:a{2}){3}", "a*", "[ab]+", "a{2,}"])
def test_a_length_that_is_not_told_is_taken_for_long(pattern: str) -> None:
    assert reach_of(pattern) == REACH


def test_no_detector_reaches_further_than_it_is_shown() -> None:
    def reach(token: Token) -> int:
        return min(width(token.expression), max(width(one.decode()) for one in token.sieve))

    far = [one.rule for one in TOKENS if reach(one) > REACH]
    assert far == []

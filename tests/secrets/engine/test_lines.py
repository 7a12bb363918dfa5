"""Lines cut out one by one are the lines of the text, in whatever order they are asked for."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.engine.lines import Lines
from gate.secrets.engine.text import Text

texts = st.text(st.sampled_from("ab\n\r\u2028é"), max_size=200)


@given(text=texts, places=st.lists(st.integers(-80, 80), max_size=20), known=st.sets(st.integers(1, 80)))
def test_each_line_and_slice_is_that_of_the_text(text: str, places: list[int], known: set[int]) -> None:
    expected = io.StringIO(text, newline="\n").readlines()
    starts = {number: sum(map(len, expected[: number - 1])) for number in sorted(known) if number <= len(expected)}
    utf8_starts = {number: len(text[:start].encode()) for number, start in starts.items()}
    told = Text(text, text.encode(), "utf-8")
    told.know(utf8_starts)
    for lines in (Lines(text), told.lines):
        check(lines, expected, places)


def check(lines: Lines, expected: list[str], places: list[int]) -> None:
    assert len(lines) == len(expected)
    assert list(lines) == expected
    for place in places:
        assert lines[place : place + 11] == expected[place : place + 11]
        if -len(expected) <= place < len(expected):
            assert lines[place] == expected[place]


def test_there_is_no_line_behind_the_last() -> None:
    with pytest.raises(IndexError):
        Lines("a\nb\n")[2]
    with pytest.raises(IndexError):
        Lines("")[0]

"""Which advisories changed, by the list that is sorted from the newest."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.advisories.delta import MAX_LINE, OVERLAP, TooManyError, changed, lines_of, moment
from gate.core.errors import UnreadableError

CURSOR = datetime(2026, 6, 15, tzinfo=UTC)


def ids(*lines: str, known: dict[str, str] | None = None, most: int = 100) -> list[str]:
    return changed([line.encode() for line in lines], CURSOR, (known or {}).get, "list", most)


def test_what_is_unknown_or_newer_than_what_is_known_changed() -> None:
    known = {"SAME": "2026-06-16T00:00:00Z", "OLD": "2026-06-01T00:00:00Z", "NEWER": "2026-06-17T00:00:00Z"}
    lines = ("2026-06-16T12:00:00Z,NEW", "2026-06-16T00:00:00Z,SAME", "2026-06-16T00:00:00Z,OLD")
    assert ids(*lines, "2026-06-16T00:00:00Z,NEWER", known=known) == ["NEW", "OLD"]


def test_it_is_read_until_strictly_below_the_cursor_and_the_overlap() -> None:
    at = (CURSOR - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ids("2026-06-16T00:00:00Z,A", f"{at},B", "2026-06-13T23:59:59.999999Z,C", "garbage that nobody reads") == [
        "A",
        "B",
    ]


def test_a_date_in_the_future_hides_nothing() -> None:
    known = {"FUTURE": "2027-01-01T00:00:00Z"}
    assert ids("2027-01-01T00:00:00Z,FUTURE", "2026-06-20T00:00:00Z,A", known=known) == ["A"]


def test_spellings_of_one_time_are_one_time() -> None:
    known = {"A": "2026-06-16T00:00:00.500000Z", "B": "2026-06-16T00:00:00Z"}
    assert ids("2026-06-16T00:00:00.5Z,A", "2026-06-16T02:00:00+02:00,B", known=known) == []


def test_too_many_changes_are_not_fetched_one_by_one() -> None:
    lines = [f"2026-06-16T00:00:00Z,A-{n}" for n in range(4)]
    assert len(ids(*lines, most=4)) == 4
    with pytest.raises(TooManyError):
        ids(*lines, most=3)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("<html>", "it has no time (line 2)"),
        ("2026-13-01T00:00:00Z,A", "it has no time (line 2)"),
        ("2026-06-16,A", "it has no time (line 2)"),
        ("2026-06-16T00:00:00Z", "it names no advisory (line 2)"),
        ("2026-06-16T00:00:00Z,../../etc/passwd", "it names no advisory (line 2)"),
        ("2026-06-16T00:00:00Z,A,B", "it names no advisory (line 2)"),
        ("2026-06-16T00:00:00Z,A\x00", "it names no advisory (line 2)"),
        ("2026-06-18T00:00:00Z,A", "it is newer than the line above (line 2)"),
    ],
)
def test_garbage_is_named_by_its_line(line: str, why: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        ids("2026-06-17T00:00:00Z,FIRST", line)
    assert (caught.value.path, caught.value.message) == ("list", f"cannot be parsed: {why}")


@given(content=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=5))
def test_lines_do_not_depend_on_how_they_arrive(content: bytes, cuts: list[int]) -> None:
    ends = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    pieces = [content[start:end] for start, end in pairwise(ends)]
    assert list(lines_of(pieces, "list")) == [line for line in content.split(b"\n") if line]


@given(content=st.binary(max_size=200) | st.text("0123456789TZ:-.,A\n", max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        found = changed(lines_of([content], "list"), CURSOR, {}.get, "list")
    except UnreadableError as error:
        assert error.path == "list"  # noqa: PT017
    else:
        assert len(found) <= content.count(b",")


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="a line is too long"):
        list(lines_of([b"x" * MAX_LINE, b"y"], "list"))


@pytest.mark.parametrize("text", ["", "0", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", "٢٠٢٦-01-01T00:00:00Z"])
def test_what_is_no_time(text: str) -> None:
    assert moment(text) is None

"""Spans of time in settings: one reading only."""

from datetime import timedelta

import msgspec
import pytest

from gate.core.durations import Duration, timedelta_of


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("12h", timedelta(hours=12)),
        ("14d", timedelta(days=14)),
        ("2w", timedelta(days=14)),
        ("0d", timedelta()),
        ("99999w", timedelta(weeks=99999)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, length: timedelta) -> None:
    assert timedelta_of(msgspec.convert(text, Duration)) == length


@pytest.mark.parametrize("text", ["", "14", "d", "1m", "1M", "1.5d", "-1d", "1 d", "1d2h", "01d", "999999w", "٣d"])
def test_what_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Duration)


@pytest.mark.parametrize("text", ["", "14", "1m", "-1d", "٣d"])
def test_the_error_says_the_right_form(text: str) -> None:
    with pytest.raises(ValueError, match="such as 14d"):
        timedelta_of(text)

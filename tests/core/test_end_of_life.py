"""The release that a version belongs to, and whether its last day is over."""

import pytest

from gate.core.end_of_life import ended

TODAY = "2026-01-01"


@pytest.mark.parametrize(
    ("name", "version", "release"),
    [
        ("debian", "10", ("10", "2024-06-30")),
        ("alpine", "3.18.4", ("3.18", "2025-05-09")),
        ("python", "3.7.17", ("3.7", "2023-06-27")),
        ("python", "2.7.18", ("2", "2020-01-01")),
        ("node", "18.20.4", ("18", "2025-04-30")),
        ("python", "3.13.1", None),
        ("python", "3.71", None),
        ("python", "4", None),
        ("nothing", "1", None),
    ],
)
def test_a_version_is_of_the_longest_release_that_it_starts_with(name, version, release) -> None:
    assert ended(name, version, TODAY) == release


def test_the_last_day_is_not_over() -> None:
    assert ended("debian", "10", "2024-06-30") is None
    assert ended("debian", "10", "2024-07-01") is not None

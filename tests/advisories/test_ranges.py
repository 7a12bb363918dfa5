"""Which versions an advisory affects, by OSV's evaluation algorithm."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.advisories.osv import Advisory, Document, short_forms
from gate.advisories.ranges import fixes, is_affected
from gate.advisories.versions import compare

Event = tuple[str, str]


def short_form(ecosystem: str, *affected: dict[str, Any]) -> Advisory:
    entries = [{"package": {"ecosystem": ecosystem, "name": "p"}, **each} for each in affected]
    document = msgspec.convert({"id": "X-1", "affected": entries}, Document)
    ((_, _, advisory),) = short_forms(document, ecosystem.partition(":")[0])
    return advisory


def with_events(ecosystem: str, *events: Event, kind: str = "ECOSYSTEM") -> Advisory:
    return short_form(ecosystem, {"ranges": [{"type": kind, "events": [{name: at} for name, at in events]}]})


BRANCHES = [("introduced", "0"), ("fixed", "1.2"), ("introduced", "2.0"), ("last_affected", "2.5"), ("limit", "3.0")]


@pytest.mark.parametrize("order", range(0, 120, 7))
@pytest.mark.parametrize(
    ("version", "affected"),
    [("0.0.0-0", True), ("1.1", True), ("1.2", False), ("1.9", False), ("2.0", True), ("2.5", True), ("2.5.1", False)],
)
def test_events_count_in_any_order(order: int, version: str, affected: bool) -> None:
    events = list(permutations(BRANCHES))[order]
    assert is_affected("npm", with_events("npm", *events), version) is affected


@pytest.mark.parametrize(
    ("ecosystem", "events", "version", "affected"),
    [
        ("npm", [("introduced", "0")], "99.0.0", True),
        ("npm", [("introduced", "1.0.0")], "1.0.0-rc.1", False),
        ("npm", [("introduced", "0"), ("fixed", "1.0.0")], "1.0.0-rc.1", True),
        ("npm", [("introduced", "0"), ("limit", "2.0.0")], "2.0.0", False),
        ("npm", [("introduced", "0"), ("limit", "*")], "2.0.0", True),
        ("npm", [("introduced", "1.0.0"), ("last_affected", "1.0.0")], "1.0.0", True),
        ("npm", [("introduced", "1.0.0"), ("fixed", "2.0.0"), ("introduced", "2.0.0")], "2.0.0", True),
        ("Go", [("introduced", "0"), ("fixed", "0.7.0")], "v0.6.9", True),
        ("Go", [("introduced", "0"), ("fixed", "0.7.0")], "v0.7.0", False),
        ("Debian:12", [("introduced", "0"), ("fixed", "1:2.0-1+deb12u1")], "1:2.0-1", True),
        ("Debian:12", [("introduced", "0"), ("fixed", "1:2.0-1+deb12u1")], "0~alpha", True),
        ("PyPI", [("introduced", "0"), ("fixed", "2.0")], "2.0rc1", True),
        ("PyPI", [("introduced", "0"), ("fixed", "2.0")], "not-a-version", True),
        ("PyPI", [("introduced", "0"), ("last_affected", "2.6.0-NA")], "2.6.0", True),
        ("PyPI", [("introduced", "0"), ("last_affected", "2.6.0-NA")], "2.6.1", False),
        ("PyPI", [("introduced", "0"), ("fixed", "4.6.0.stable11")], "4.6.0", True),
        ("PyPI", [("introduced", "3.0"), ("fixed", "see the notes")], "99.0", True),
        ("PyPI", [("introduced", "3.0"), ("fixed", "see the notes")], "2.0", False),
        ("PyPI", [("introduced", "0"), ("fixed", "2005a")], "2005b", False),
        ("npm", [("introduced", "1.0.0"), ("fixed", "unknown")], "2.0.0", True),
        ("npm", [("introduced", "1.0.0"), ("limit", "unknown")], "2.0.0", True),
        ("RubyGems", [("introduced", "0"), ("fixed", "1.0/2.0")], "1.0", True),
        ("RubyGems", [("introduced", "0"), ("fixed", "1.0/2.0")], "1.1", False),
    ],
)
def test_a_range_holds_from_introduced_to_its_end(
    ecosystem: str, events: list[Event], version: str, affected: bool
) -> None:
    base = ecosystem.partition(":")[0]
    assert is_affected(base, with_events(ecosystem, *events), version) is affected


def test_an_end_that_is_no_version_is_read_in_linear_time() -> None:
    assert is_affected("PyPI", with_events("PyPI", ("introduced", "0"), ("fixed", "-" * 1_000_000)), "1.0")


def test_listed_versions_count_besides_ranges_and_by_their_meaning() -> None:
    advisory = short_form("PyPI", {"versions": ["1.0", "odd"]}, {"versions": ["3.0"]})
    assert [is_affected("PyPI", advisory, version) for version in ("1.0.0", "odd", "3", "2.0")] == [
        True,
        True,
        True,
        False,
    ]


def test_commits_are_counted_and_not_compared() -> None:
    advisory = with_events("npm", ("introduced", "0"), kind="GIT")
    assert (is_affected("npm", advisory, "1.0.0"), advisory.git_ranges, advisory.is_judgeable) == (False, 1, False)


@pytest.mark.parametrize("kind", ["fixed", "last_affected"])
def test_a_range_that_does_not_begin_holds_from_the_first_version_on(kind: str) -> None:
    advisory = with_events("npm", (kind, "2.0.0"))
    assert [is_affected("npm", advisory, version) for version in ("1.0.0", "3.0.0")] == [True, False]


def test_what_is_introduced_after_its_fix_is_affected() -> None:
    advisory = with_events("npm", ("introduced", "2.0.0"), ("fixed", "1.0.0"))
    assert [is_affected("npm", advisory, version) for version in ("1.5.0", "2.0.0", "3.0.0")] == [False, True, True]


def test_fixes_are_where_ranges_end() -> None:
    assert fixes(with_events("npm", *BRANCHES)) == {"1.2"}


NUMBERS = st.integers(0, 9).map(lambda number: f"{number}.0.0")


@settings(max_examples=150, deadline=None)
@given(introduced=NUMBERS, fixed=NUMBERS, version=NUMBERS)
def test_a_single_range_is_an_interval(introduced: str, fixed: str, version: str) -> None:
    advisory = with_events("npm", ("introduced", introduced), ("fixed", fixed), kind="SEMVER")
    is_introduced = compare("npm", introduced, version) <= 0
    is_fixed = compare("npm", introduced, fixed) < 0 and compare("npm", fixed, version) <= 0
    assert is_affected("npm", advisory, version) is (is_introduced and not is_fixed)


@pytest.mark.parametrize(
    ("fields", "summary"),
    [
        ({"summary": "One\nline\x1b[31m"}, "One line [31m"),
        ({"details": "### Impact\nMore"}, "Impact"),
        (
            {"details": "An issue was discovered in 5.1 before 5.1.14, and 5.2 before 5.2.8.\nurlize is slow"},
            "urlize is slow",
        ),
        ({"details": "An issue was discovered in Django 5.2 before 5.2.6. urlize is slow"}, "urlize is slow"),
        ({"details": "An issue was discovered in 5.2 before 5.2.6."}, "An issue was discovered in 5.2 before 5.2.6."),
        ({"summary": "a" * 300}, "a" * 199 + "…"),
        ({}, ""),
    ],
)
def test_a_summary_is_one_printable_line(fields: dict[str, str], summary: str, advisory: Callable[..., Any]) -> None:
    document = msgspec.convert(advisory("X-1", "npm", "p", **fields), Document)
    ((_, _, short),) = short_forms(document, "npm")
    assert short.summary == summary

"""How old advisories may be, and what a run does when the source cannot be asked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.advisories.sources import AdvisorySource
from gate.advisories.status import status_of
from gate.model import Trust
from gate.settings import AdvisorySettings, Settings

Make = Callable[..., Any]
Server = Any
ITS_USERS = Trust(stated=frozenset({"advisories.source"}))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def first(server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make) -> Callable[..., Any]:
    """Fetch once; return a function that looks again later, with the server as it then is."""
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]}, exploited=["CVE-1"], scores={"CVE-1": 0.5})
    match(server.url, package("npm", "a", "1.0.0"))
    return lambda **more: match(server.url, package("npm", "a", "1.0.0"), **more)


def rules(matches: Any) -> list[str]:
    return [finding.rule for finding in matches.findings]


def test_while_the_source_cannot_be_asked_yesterdays_advisories_do(server: Server, first: Make) -> None:
    server.answers = {
        "/npm/modified_id.csv": [(503, {}, b"")],
        "/known_exploited_vulnerabilities.json": [(503, {}, b"")],
    }
    later = first(after=timedelta(days=1))
    assert (rules(later), later.errors) == (["GHSA-1"], ())
    assert later.facts["known_exploited"] == "1 vulnerabilities, 2026.01.01"
    assert later.facts["advisories_not_checked"] == [
        "npm/modified_id.csv: cannot be fetched (the server answered with status 503);"
        " what was fetched at 2026-11-24T12:00Z is used",
        "known_exploited_vulnerabilities.json: cannot be fetched (the server answered with status 503);"
        " what was fetched at 2026-11-24T12:00Z is used",
    ]


def test_a_source_that_lies_is_an_error_although_there_are_yesterdays(server: Server, first: Make) -> None:
    server.answers = {"/npm/modified_id.csv": [(200, {}, b"<html>")]}
    (error,) = first(after=timedelta(days=1)).errors
    assert (error.path, error.title) == ("npm/modified_id.csv", "cannot be parsed: it has no time (line 1)")


@pytest.mark.parametrize(
    ("name", "garbage"),
    [
        ("known_exploited_vulnerabilities.json", b"<html>"),
        ("known_exploited_vulnerabilities.json", b'{"vulnerabilities": []}'),
        ("epss_scores-current.csv.gz", b"CVE-1,0.9"),
    ],
)
def test_a_damaged_catalogue_or_scores_never_take_the_place_of_good_ones(
    server: Server, first: Make, tmp_path: Path, name: str, garbage: bytes
) -> None:
    (copy,) = (tmp_path / "cache").rglob(name)
    good = copy.read_bytes()
    server.answers = {f"/{name}": [(200, {}, garbage)]}
    (error,) = first(after=timedelta(days=1)).errors
    assert error.path == name
    assert copy.read_bytes() == good
    later = first(after=timedelta(days=1), offline=True)
    assert (later.errors, later.facts["known_exploited"]) == ((), "1 vulnerabilities, 2026.01.01")
    assert later.facts["epss"] == "1 scores, 2026-01-01"


def test_a_run_says_what_it_fetches(server: Server, make_bucket: Make, advisory: Make, tmp_path: Path) -> None:
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    said: list[str] = []
    source = AdvisorySource(
        Settings(advisories=AdvisorySettings(source=server.url)), ITS_USERS, tmp_path / "cache", NOW, said.append
    )
    source.file("npm/all.zip")
    assert said == ["fetching npm/all.zip, 0.0 of 0.0 MiB"]


@pytest.mark.parametrize(
    ("days", "max_age", "is_too_old"),
    [(6, "7d", False), (7, "7d", False), (8, "7d", True), (8, "2w", False), (3, "48h", True), (0, "0h", False)],
)
def test_offline_advisories_may_have_an_age(first: Make, days: int, max_age: str, is_too_old: bool) -> None:
    found = first(after=timedelta(days=days), max_age=max_age, offline=True)
    assert rules(found) == ["GHSA-1"]
    assert [error.title for error in found.errors] == ([f"the advisories are {days} days old"] if is_too_old else [])


def test_the_age_is_that_of_the_last_successful_check(first: Make) -> None:
    first(after=timedelta(days=5))
    assert first(after=timedelta(days=10), offline=True).errors == ()


def test_a_source_that_stays_away_is_too_old_in_the_end(server: Server, first: Make) -> None:
    server.answers = {"/npm/modified_id.csv": [(503, {}, b"")]}
    (error,) = first(after=timedelta(days=8)).errors
    assert (error.path, error.title) == ("npm/all.zip", "the advisories are 8 days old")
    assert error.message.startswith("They were last checked with their source at 2026-11-24 12:00 UTC")
    assert "`gate db update`" in error.message


@pytest.mark.parametrize(("days", "is_usable"), [(7, True), (8, False)])
def test_the_status_says_what_a_run_would(
    server: Server, first: Make, tmp_path: Path, days: int, is_usable: bool
) -> None:
    settings = Settings(advisories=AdvisorySettings(source=server.url))
    status = status_of(settings, ITS_USERS, tmp_path / "cache" / "advisories", NOW + timedelta(days=days))
    assert status.is_usable == is_usable
    assert [(one.name, one.age_s, one.is_too_old) for one in status.holdings] == [
        ("npm", days * 86400, not is_usable),
        ("known_exploited_vulnerabilities.json", days * 86400, False),
        ("epss_scores-current.csv.gz", days * 86400, False),
    ]


def test_a_folder_is_never_too_old(make_bucket: Make, advisory: Make, package: Make, match: Make) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    for location in (bucket, bucket.as_uri()):
        found = match(location, package("npm", "a", "1.0.0"), after=timedelta(days=4000), max_age="0h")
        assert (rules(found), found.errors) == (["GHSA-1"], ())

"""Advisories from the network: a real server, conditional requests, and what happens without it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]
Server = Any
LATER = timedelta(hours=2)
"""After which a run asks the source again."""


def test_a_file_is_fetched_once_and_asked_for_by_its_tag(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    server.folder = make_bucket({"Packagist": [advisory("GHSA-1", "Packagist", "a")]}, exploited=["CVE-1"])
    for after in (timedelta(), LATER):
        found = match(server.url, package("Packagist", "a", "1.0.0"), after=after).findings
        assert [finding.rule for finding in found] == ["GHSA-1"]
    assert server.seen == [
        ("/Packagist/all.zip", 200),
        ("/known_exploited_vulnerabilities.json", 200),
        ("/epss_scores-current.csv.gz", 404),
        ("/Packagist/modified_id.csv", 404),
        ("/Packagist/all.zip", 304),
        ("/known_exploited_vulnerabilities.json", 304),
        ("/epss_scores-current.csv.gz", 404),
    ]


def test_within_the_hour_nobody_is_asked_again(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    server.folder = make_bucket(
        {"Packagist": [advisory("GHSA-1", "Packagist", "a")]}, exploited=["CVE-1"], scores={"CVE-1": 0.5}
    )
    match(server.url, package("Packagist", "a", "1.0.0"))
    server.seen.clear()
    again = match(server.url, package("Packagist", "a", "1.0.0"), after=timedelta(minutes=59))
    assert ([finding.rule for finding in again.findings], server.seen) == (["GHSA-1"], [])


def test_new_content_is_fetched(server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make) -> None:
    for number in range(3):
        server.folder = make_bucket({"npm": [advisory(f"GHSA-{number}", "npm", "a")]})
        found = match(server.url, package("npm", "a", "1.0.0"), after=number * LATER).findings
        assert [finding.rule for finding in found] == [f"GHSA-{number}"]


def test_without_the_cache_all_is_fetched_again(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    server.folder = make_bucket({"Packagist": [advisory("GHSA-1", "Packagist", "a")]}, exploited=["CVE-1"])
    for _ in range(2):
        match(server.url, package("Packagist", "a", "1.0.0"), cache=False)
    assert [status for _, status in server.seen] == [200, 200, 404] * 2


def test_offline_uses_what_was_fetched_and_nothing_else(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]}, exploited=["CVE-9"])
    (error,) = match(server.url, package("npm", "a", "1.0.0"), offline=True).errors
    host = server.url.removeprefix("http://")
    why = f"the advisories are not on this machine, and offline forbids to fetch them from {host}"
    assert (error.path, error.title) == ("npm/all.zip", why)
    assert all(way in error.message for way in ("gate db update", "gate db import", "--advisories"))
    match(server.url, package("npm", "a", "1.0.0"))
    server.seen.clear()
    matches = match(server.url, package("npm", "a", "1.0.0"), offline=True)
    assert ([finding.rule for finding in matches.findings], matches.errors, server.seen) == (["GHSA-1"], (), [])
    assert matches.facts["known_exploited"] == "1 vulnerabilities, 2026.01.01"


def test_a_damaged_index_is_made_again(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make, tmp_path: Path
) -> None:
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    match(server.url, package("npm", "a", "1.0.0"))
    (index,) = (tmp_path / "cache").rglob("npm-*.sqlite")
    index.write_bytes(index.read_bytes()[:-3])
    assert match(server.url, package("npm", "a", "1.0.0"), offline=True).errors
    assert match(server.url, package("npm", "a", "1.0.0")).errors == ()
    assert match(server.url, package("npm", "a", "1.0.0"), offline=True).errors == ()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((404, {}, b""), "there are no advisories for npm"),
        ((500, {}, b""), "did not send them (the server answered with status 500)"),
        ((403, {}, b""), "did not send them (the server answered with status 403)"),
        ((304, {}, b""), "did not send them (the server answered with status 304)"),
        ((200, {"Content-Length": "5000"}, b"PK"), "did not send them (ProtocolError)"),
        ((200, {}, b"<html>log in</html>"), "is no zip file or is damaged (BadZipFile)"),
        ((302, {"Location": "ftp://packages.example/"}, b""), "did not send them (InvalidSchema)"),
    ],
)
def test_what_the_server_does_wrong_is_said(
    server: Server, package: Make, match: Make, answer: tuple[int, dict[str, str], bytes], why: str
) -> None:
    server.answers["/npm/all.zip"] = [answer]
    (error,) = match(server.url, package("npm", "a", "1.0.0")).errors
    assert error.path == "npm/all.zip"
    assert error.title.endswith(why)
    assert error.message


def test_no_network_is_one_error_that_says_what_is_missing_from_where_and_the_ways_out(
    server: Server, package: Make, match: Make
) -> None:
    server.http.server_close()
    (error,) = match(server.url, package("npm", "a", "1.0.0"), package("PyPI", "b", "1")).errors
    assert error.path == "PyPI/all.zip, npm/all.zip, known_exploited_vulnerabilities.json, epss_scores-current.csv.gz"
    assert error.title.startswith("the advisories are not on this machine, and 127.0.0.1:")
    assert error.title.endswith("(ConnectionError)")
    assert all(way in error.message for way in ("gate db update", "gate db import", "--advisories"))
    assert "--offline" not in error.message  # which would end here again


def test_credentials_in_the_address_are_shown_nowhere(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    url = server.url.replace("://", "://reader:hunter2@")
    matches = match(url, package("npm", "a", "1.0.0"), package("PyPI", "a", "1"))
    assert matches.facts["advisories_source"] == server.url
    assert len(matches.errors) == 1
    assert "hunter2" not in f"{matches}"

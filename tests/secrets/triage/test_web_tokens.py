"""A JSON Web Token says until when it is accepted."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest

from gate.model import Worth
from gate.secrets.results.worth import expired
from gate.secrets.triage.web_tokens import expiry

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def token(claims: object) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    texts = (urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join([*texts, "c2lnbmF0dXJlIG9mIG5vYm9keQ"])


@pytest.mark.parametrize(
    ("claims", "seconds"),
    [
        ({"sub": "someone", "exp": 1_600_000_000}, 1_600_000_000),
        ({"sub": "someone", "exp": 1_600_000_000.5}, 1_600_000_000),
        ({"sub": "someone"}, None),
        ({"sub": "someone", "exp": "tomorrow"}, None),
        ({"sub": "someone", "exp": -5}, None),
        ({"sub": "someone", "exp": 10**30}, None),
        ({"sub": "someone", "exp": None}, None),
        (["exp", 1_600_000_000], None),
    ],
)
def test_the_expiry_is_the_claim(claims: object, seconds: int | None) -> None:
    assert expiry(f"Bearer {token(claims)}") == seconds


@pytest.mark.parametrize("value", ["", "hunter2", "eyJhbGciOiJIUzI1NiJ9.eyJub3RqI.x", "eyJ.eyJ.", "eyJ" * 1000])
def test_what_is_no_token_has_none(value: str) -> None:
    assert expiry(value) is None


@pytest.mark.parametrize("more", [" hunter2x", ":hunter2x", "\nhunter2x"])
def test_a_token_says_nothing_of_what_stands_with_it(more: str) -> None:
    outdated = token({"exp": 1_600_000_000})
    assert expiry(outdated) == 1_600_000_000
    assert expiry(outdated + more) is None
    assert expiry(more.strip() + " " + outdated) is None


@pytest.mark.parametrize(
    ("age", "is_outdated"),
    [(timedelta(days=400), True), (timedelta(days=1), True), (timedelta(hours=23), False), (-timedelta(days=1), False)],
)
def test_what_expired_longer_ago_than_clocks_are_wrong_is_worth_little(age: timedelta, is_outdated: bool) -> None:
    weighed = expired(int((NOW - age).timestamp()), NOW)
    assert (weighed is not None) is is_outdated
    assert weighed is None or weighed[0] is Worth.LOW


def test_what_says_no_expiry_has_not_expired() -> None:
    assert expired(None, NOW) is None
    assert expired(1, None) is None

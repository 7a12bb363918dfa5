"""Published test vectors are known by their content, wherever they stand, and by no more than a mark."""

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.results.worth import worth_at
from gate.secrets.triage.published import PUBLISHED, TABLE, WIDTH, is_published, mark_of

RFC_7515_KEY = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T" + "-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
"""The symmetric key of appendix A.1, which libraries for tokens test with."""
OTHER = RFC_7515_KEY[::-1]


@pytest.mark.parametrize(("key", "is_low"), [(RFC_7515_KEY, True), (OTHER, False)])
@pytest.mark.parametrize("path", ["src/jwks.json", "deploy/prod/keys.json"])
def test_a_key_of_an_rfc_does_not_block_wherever_it_stands(path: str, key: str, is_low: bool) -> None:
    found = examine(f'{{"kty": "oct", "k": "{key}"}}'.encode(), path, scanner(GATE)).secrets
    assert found
    assert all((one.confidence is Confidence.LOW) is is_low for one in found)


@pytest.mark.parametrize("path", ["src/jwks.json", "tests/jwks.json"])
def test_a_finding_says_that_its_value_was_published(path: str) -> None:
    (found,) = examine(f'{{"kty": "oct", "k": "{RFC_7515_KEY}"}}'.encode(), path, scanner(GATE)).secrets
    assert found.against == PUBLISHED
    assert PUBLISHED in worth_at(found.type, path, found.confidence, found.against)[1]


def test_how_its_lines_are_broken_does_not_matter() -> None:
    assert mark_of(f"{RFC_7515_KEY[:20]}\n  {RFC_7515_KEY[20:]}") == mark_of(RFC_7515_KEY)


def test_short_values_have_no_mark() -> None:
    assert not is_published("password")


def test_the_header_of_a_key_is_no_vector() -> None:
    assert not is_published("PuTTY-User-Key-File-2: ssh-rsa")


def test_the_table_is_sorted_marks_alone() -> None:
    table = TABLE.read_bytes()
    marks = [table[at : at + WIDTH] for at in range(0, len(table), WIDTH)]
    assert marks == sorted(set(marks))
    assert len(table) % WIDTH == 0

"""Checksums inside tokens: a right one proves a token, a wrong one tells that it was altered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.triage.checksums import fits_checksum

GITHUB = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"
RIGHT = {
    "GitHub": GITHUB,
    "Grafana": "glsa_" + "yscW25imSKJIuav8zF37RZmnbiDvB05G_fcaaf58a",
    "GitLab": "glpat-" + "aGVsbG8gd29ybGQgYW5kIHRoZSByZXN0IG9mIGl0.141pkvsm9",
}


@pytest.mark.parametrize("provider", RIGHT)
def test_a_right_checksum_fits_and_a_changed_token_does_not(provider: str) -> None:
    token = RIGHT[provider]
    assert fits_checksum(token) is True
    changed = token[:12] + ("A" if token[12] != "A" else "B") + token[13:]
    assert fits_checksum(changed) is False


@pytest.mark.parametrize("value", ["", "hunter2", GITHUB[:-1], GITHUB + "a", GITHUB[:-1] + "_", "glpat-" + "a1B2c" * 4])
def test_a_format_without_a_checksum_says_nothing(value: str) -> None:
    assert fits_checksum(value) is None


@given(
    st.from_regex(
        r"(?:ghp_|npm_|glsa_|glpat-|S[ABCNOUX]|5|K|AGE-SECRET-KEY-1|xprv)[0-9A-Za-z_.-]{0,120}", fullmatch=True
    )
)
def test_every_value_is_answered(value: str) -> None:
    assert fits_checksum(value) in (True, False, None)

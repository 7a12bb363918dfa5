"""What looks like a secret in a message is hidden by its shape; names, paths and digests stay to be read."""

import pytest

from gate.core.hiding import HIDDEN, may_hold_secret, with_nothing_doubtful, without_random_words

RANDOM = "k3Jx9vQpZ7Lw2xRt"


@pytest.mark.parametrize("word", [RANDOM, "aB3$efghij", "Zx9!wRb4qq", f"{RANDOM}{RANDOM}"])
def test_a_random_word_is_hidden(word: str) -> None:
    assert without_random_words(f"cannot read {word} at line 3") == f"cannot read {HIDDEN} at line 3"
    assert without_random_words(f"'{word}', '{word}'") == f"'{HIDDEN}', '{HIDDEN}'"


@pytest.mark.parametrize(
    "text",
    [
        "cannot be decompressed within its bounds",
        "OrderConfirmationEmailTemplateRenderer",
        "4f9c2b7e1a6d8035c4e19b7d20f6a853de71b94c",
        "src/k3Jx9vQpZ7Lw2xRt/a.py",
        "line 12345678901234567890",
        "",
    ],
)
def test_ordinary_words_paths_and_digests_stay(text: str) -> None:
    assert without_random_words(text) == text


@pytest.mark.parametrize(
    "text", ["https://ada:word@packages.example/", "-----BEGIN PRIVATE KEY-----", "token abcdefghijklmnop1"]
)
def test_a_login_an_armour_and_a_long_word_with_a_digit_may_be_one(text: str) -> None:
    assert may_hold_secret(text)
    assert HIDDEN in with_nothing_doubtful(text)


@pytest.mark.parametrize("text", ["https://packages.example/a", "sha256:" + "0a" * 32, "abcdefghijklmnopqrst", "abc1"])
def test_an_address_a_digest_and_a_word_may_not(text: str) -> None:
    assert not may_hold_secret(text)
    assert with_nothing_doubtful(text) == text

"""Words and random letters are told apart."""

import random
import string

import pytest

from gate.secrets.triage.wordlikeness import TABLE, TABLE_SIZE, is_scrambled, reads_as_words

WORDS = "swordfish client-key V1SecretProjection p@ssword s3cret correct-horse-battery mysqlpass postgres Welcome1"
RANDOM = "mzjpkqab Kx9vQpZ3 jhsdfkjw 3s0K_;xh4~8XXI 2b1189a188b44ad18c35e113ac6ceead Zaq12wsx a06b-c462cffae87a"


@pytest.mark.parametrize("value", WORDS.split())
def test_words(value: str) -> None:
    assert reads_as_words(value)


@pytest.mark.parametrize("value", ["", "1234567", *RANDOM.split()])
def test_no_words(value: str) -> None:
    assert not reads_as_words(value)


def test_few_random_strings_pass_for_words() -> None:
    draw = random.Random(1)
    values = ["".join(draw.choices(string.ascii_lowercase, k=10)) for _ in range(1000)]
    assert sum(map(reads_as_words, values)) < 50


@pytest.mark.parametrize("value", ["xkdwm", "qzvt", "mzjpkqab", "Xwzqkrt7", "k3Jx9vQp", "xkdw_mtrq"])
def test_scrambled_passwords(value: str) -> None:
    assert is_scrambled(value)


@pytest.mark.parametrize(
    "value", ["", "123456", "xk", "käse", "\\u00e4xkdw", "foo2", "secr3t", "mysqlpass", *WORDS.split()]
)
def test_words_and_what_has_no_letters_are_not_scrambled(value: str) -> None:
    assert not is_scrambled(value)


def test_few_short_random_strings_pass_for_words_of_the_table() -> None:
    assert len(TABLE.read_bytes()) * 8 == TABLE_SIZE
    draw = random.Random(2)
    values = ["".join(draw.choices(string.ascii_lowercase, k=draw.randrange(4, 9))) for _ in range(1000)]
    assert sum(map(is_scrambled, values)) > 930

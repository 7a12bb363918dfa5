"""Which values a program made up, and which a person did."""

import pytest

from gate.secrets.triage.machine_made import is_machine_made


@pytest.mark.parametrize(
    "value",
    [
        "9ff3b71c849749dbaec4ccdd3cbab62b",
        "c892e4962244",
        "kVNoccqwvXxE",
        "GBze0UGQyj",
        "xkdwmq7",
        "c5nk_iU[sCoF[2ENQT4;",
        "dcB1Uyb1LgD682FphvN3OEAlcT0vOur3",
        "2^f+3@v7$v1f8yt0!s)3-1t$)tlp+xm17=*g))_xoi",
        "44, 7, 15, 116, 28, 200, 199, 6,\n3, 171, 15, 88, 9, 207, 4, 93,",
        "-31,4,127,-128,9,33,-7,81",
    ],
)
def test_letters_and_digits_without_words(value: str) -> None:
    assert is_machine_made(value)


@pytest.mark.parametrize(
    "value",
    [
        "soknad1234",
        "Orchard2022!",
        "!OurStrongPassword",
        "@someThingComplicated1234",
        "hub-orchard-color-mode",
        "kafka-connect-secret",
        "orchardmemos",
        "off-orch",
        "mysqlpw",
        "zqx7",
        "1q2w3e4r5t6z",
        "a secret of 2 shops",
    ],
)
def test_words_names_and_walks_over_the_keyboard(value: str) -> None:
    assert not is_machine_made(value)

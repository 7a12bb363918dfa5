"""Texts of a translation, which name passwords and hold none."""

import pytest

from gate.model import Confidence
from gate.secrets.triage.verdict import judge

KEYWORD = "Secret Keyword"


@pytest.mark.parametrize(
    ("name", "text", "path"),
    [
        ("Password", "Adgangskode", "src/lang/da-DK.json"),
        ("Password", "Slaptažodis", "src/lang/lt.json"),
        ("promosmsPassword", "API-salasana", "src/lang/fi.json"),
        ("OAuth2: Client Credentials", "OAuth2: kliento kredencialai", "src/lang/lt.json"),
        ("password", "Contrase\\u00f1a", "i18n/es.json"),
    ],
)
def test_words_in_the_file_of_a_language_are_no_secret(name: str, text: str, path: str) -> None:
    found = judge(KEYWORD, text, f'    "{name}": "{text}",', path)
    assert (found.confidence, found.reason) == (None, "a text in a translation")


@pytest.mark.parametrize("path", ["i18n/errors.json", "messages/login.yaml", "shop/settings.json"])
def test_words_elsewhere_stay(path: str) -> None:
    assert judge(KEYWORD, "Geheimnis", '"password": "Geheimnis"', path).confidence is not None


@pytest.mark.parametrize("value", ["qXvRtKpLzWmN", "xkdwmqpzrtvb", "Tr0ubador-hatte", "K7vqz2mxw9pl4tjn"])
def test_what_no_one_writes_as_a_word_stays(value: str) -> None:
    assert judge(KEYWORD, value, f'"password": "{value}"', "i18n/de.json").confidence is not None


def test_a_key_of_a_form_of_its_own_is_one_in_a_translation_too() -> None:
    key = "AKIA" + "Z7VRSQ5TJN2XMPLQ"
    assert judge("AWS Access Key", key, f'"key": "{key}"', "i18n/de.json").confidence is Confidence.HIGH

"""A file's lines as they may be shown: no secret in them."""

from typing import Any

import pytest

from gate.secrets import find_secrets
from gate.secrets.results.masking import _masked, masked_lines, masked_texts

AWS = "AKIA" + "Q3EGV7RZ2MXW5T4N"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIB\n-----END RSA PRIVATE KEY-----"


def masked(text: str, path: str = "settings.txt") -> str:
    lines = masked_lines(text.encode(), path, range(1, 1 + text.count("\n") + 1))
    return "\n".join(lines.values())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("FROM debian@sha256:" + "0a" * 32, "FROM debian@sha256:" + "0a" * 32),
        ("RUN apt-get install -y curl", "RUN apt-get install -y curl"),
        (f"key = {AWS}", "key = AKIA…"),
        (f"key = {AWS}  # pragma: allowlist secret", "key = AKIA…  # pragma: allowlist secret"),
        ("ENV DB_PASSWORD=hunter2 PORT=80", "ENV DB_PASSWORD=… PORT=80"),
        ("ENV API_TOKEN abc", "ENV API_TOKEN …"),
        ('"password": "a b"', '"password": …'),
        ("automountServiceAccountToken: false", "automountServiceAccountToken: false"),
        ("{automountServiceAccountToken: true}", "{automountServiceAccountToken: true}"),
        ("password: falsehood", "password: …"),
        ("curl --password foo https://example.com", "curl --password … https://example.com"),
        ("postgres://shop:p4ss@db/shop", "postgres://shop:…@db/shop"),
        (f"a\n{PEM}\nb", "a\n…\n…\n…\nb"),
        ("a\n-----BEGIN PRIVATE KEY-----\nit has no end\n", "a\n…\n…"),
        ("x: dGhpc0lzUmFuZG9tMTIzNDU2Nzg5MGFiY2RlZg", "x: dGhp…"),
        ("# see the password policy, and how a token is made", "# see the password policy, and how a token is made"),
        ("  // the secret key is rotated", "  // the secret key is rotated"),
        ("# password changeme", "# password …"),
        ("# the old password hunter is gone", "# the old password … is gone"),
        ("# token: is", "# token: …"),
        ("machine a.example login bob password hunter", "machine a.example login bob password …"),
        ("Enter the password for the database.", "Enter the password for the database."),
    ],
)
def test_what_a_line_shows(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_secret_in_another_spelling_hides_its_line() -> None:
    secret = "kind: Secret\napiVersion: v1\nmetadata: {name: x}\ndata:\n  AWS_KEY: QUtJQVEzRUdWN1JaMk1YVzVUNE4=\n"
    assert "QUtJ" not in masked(secret, "secret.yaml")


def test_a_database_is_named_though_its_password_is_the_same_word() -> None:
    compose = "MYSQL_DATABASE: wordpress\nMYSQL_PASSWORD: wordpress\nGREETING: wordpress\n"
    assert masked(compose, "compose.yaml").split("\n")[:3] == [
        "MYSQL_DATABASE: wordpress",
        "MYSQL_PASSWORD: …",
        "GREETING: …",
    ]


def test_a_name_does_not_show_what_no_name_is() -> None:
    for value in (AWS, "Correct-Horse-9", "correct9horse"):
        text = f"DB_NAME: {value}\nDB_PASSWORD: {value}\n"
        assert value not in masked(text, "compose.yaml")


def test_pieces_of_a_secret_are_hidden_in_other_lines_too() -> None:
    lines = masked(f"key = {AWS}\nnot {AWS[:12]} at all\n").split("\n")
    assert lines[:2] == ["key = AKIA…", "not … at all"]


def test_only_the_lines_that_are_wanted_are_given_and_nothing_of_a_binary_file() -> None:
    assert masked_lines(b"a\r\nb\nc", "f", {2, 9}) == {2: "b"}
    assert masked_lines(b"a\0b", "f", {1}) == {}


def test_what_is_shown_of_the_labelled_set_holds_none_of_its_secrets(labelled: list[Any]) -> None:
    found = 0
    for case in (one for one in labelled if one.is_secret):
        before = {one.hash for one in find_secrets(case.text.encode(), case.path)}
        after = find_secrets(masked(case.text, case.path).encode(), case.path)
        assert before.isdisjoint(one.hash for one in after), case.path
        found += len(before)
    assert found > len(labelled) / 4


def test_secrets_that_overlap_are_hidden_as_one_in_whichever_order_they_were_found() -> None:
    values = [{"abcdefgh12345", "abcdefgh1234567"}, {"h1234567zzzzzz"}]
    shown = {_masked("key = abcdefgh1234567zzzzzz.", order, "") for order in (values, values[::-1])}
    assert shown == {"key = abcd…."}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"no version is given for x-{AWS}", "no version is given for x-AKIA…"),
        ("fetches https://user:not-long@example.com/a", "fetches https://user:…@example.com/a"),
        ("fetches https://0123456789abcdef0123@example.com/a", "fetches https://…@example.com/a"),
    ],
)
def test_a_sentence_is_told_without_the_secret_that_it_quotes(text: str, shown: str) -> None:
    assert masked_texts([text, "password: is a word, and so is token=of what"]) == {text: shown}

"""What people write beside files: names, links, messages. Only what has a format of its own counts there."""

import base64
import json
import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.model import Finding, Location, Severity, StageResult
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import scanner
from gate.secrets.sources.names import (
    HIDDEN,
    NamedText,
    SecretInName,
    hidden_names,
    look_at_written,
    names_of,
    replaced,
    without_names,
)

TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES"
WORDS = st.text(string.ascii_lowercase + " /\n", max_size=60)


def found(*texts: str) -> list[SecretInName]:
    return list(look_at_written([NamedText("(commit)/message", one, "its message") for one in texts], scanner(GATE)))


def test_names_and_targets_of_links_are_looked_at_where_they_can_hold_a_token() -> None:
    written = list(names_of([(f"a/{TOKEN}", None), ("short", TOKEN), ("README.md", "x")]))

    assert [(one.path, one.text, one.within) for one in written] == [
        (f"a/{TOKEN}", f"a/{TOKEN}", "its name"),
        ("short", TOKEN, "what it links to"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"Use {TOKEN} for now",
        f"first\r\nsecond {TOKEN}\r\n",
        "https://anna:k3Jx9vQpZ7Lw2x@packages.example/",
        base64.b64encode(f"TOKEN={TOKEN} and more\n".encode()).decode(),
    ],
)
def test_a_token_in_a_message_is_found(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", ["", "password: hunter2", "api_key = k3Jx9vQpZ7Lw2x", "Fix the secret's name"])
def test_words_are_no_secrets(text: str) -> None:
    assert found(text) == []


@settings(deadline=None)
@given(st.lists(WORDS, max_size=6), st.integers(0, 6), st.integers(0, 3))
def test_a_secret_is_told_of_its_own_text_at_its_own_line(others: list[str], place: int, lines: int) -> None:
    place = min(place, len(others))
    held = "\n" * lines + f"see {TOKEN}"

    ((one),) = found(*others[:place], held, *others[place:])

    assert one.written.text == held
    assert [(spot.line, spot.column) for secret in one.examined.secrets for spot in secret.spots] == [(lines + 1, 5)]


def test_the_same_secret_in_two_texts_is_told_of_both() -> None:
    assert [one.written.text for one in found(f"a {TOKEN}", "nothing", f"b {TOKEN}")] == [f"a {TOKEN}", f"b {TOKEN}"]


@pytest.mark.parametrize("path", [f"backup/{TOKEN}", TOKEN, f"{TOKEN}/a.txt", f"a/{TOKEN.replace('_', '%5f')}"])
def test_a_path_is_shown_without_its_secret(path: str, own_cache: Path) -> None:
    hidden = hidden_names(look_at_written(list(names_of([(path, None)])), scanner(GATE)))

    assert list(hidden) == [path]
    assert TOKEN[8:] not in hidden[path]
    assert HIDDEN in hidden[path] or "*" in hidden[path]


def test_a_result_shows_such_a_path_nowhere() -> None:
    path = f'backup/"{TOKEN}'
    finding = Finding(
        stage="secrets",
        rule="SECRET-GITHUB",
        severity=Severity.HIGH,
        title="t",
        message=f"in {path}, here",
        fingerprint="f",
        location=Location(target=".", path=path),
        help_uri=None,
    )
    result = StageResult(stage="secrets", target=".", findings=(finding,), facts={"files": [path]})

    shown = without_names(result, {path: "backup/ghp_…"})

    assert TOKEN not in msgspec.json.encode(shown).decode()
    assert shown.findings[0].location.path == "backup/ghp_…"
    assert without_names(result, {}) is result


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(min_size=3, max_size=12), st.text(max_size=6), max_size=4), st.text(max_size=40))
def test_texts_are_replaced_and_the_json_stays_json(texts: dict[str, str], around: str) -> None:
    content = msgspec.json.encode({"a": [around, *texts], "b": around}).decode()

    read = json.loads(replaced(content, {text: "…" for text in texts if text not in "ab"}))

    assert set(read) == {"a", "b"}
    assert not any(text in one for text in texts if text not in "ab" and "…" not in text for one in read["a"][1:])

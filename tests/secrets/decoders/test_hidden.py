"""What is hidden within what was hidden: each form is looked for in what another one reveals, to a depth."""

import base64

import pytest

from gate.secrets.decoders.hidden import MAX_DEPTH, NAMES, hidden_parts
from gate.secrets.decoders.part import DecodedPart
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import Scanner
from gate.secrets.engine.scan import scanner as scanner_of
from gate.secrets.engine.text import decode

TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def disguised(text: str) -> str:
    return text.replace("_", "\\u005f")


def in_pieces(text: str) -> str:
    return f'"{text[:12]}" + "{text[12:]}"'


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return scanner_of(GATE)


def parts(scanner: Scanner, content: str) -> list[DecodedPart]:
    text = decode(content.encode())
    assert text is not None
    return list(hidden_parts(DecodedPart(text, "app.txt"), scanner))


@pytest.mark.parametrize(
    "content",
    [
        encoded(f"TOKEN={TOKEN}\n"),
        f"TOKEN={disguised(TOKEN)}",
        f"TOKEN = {in_pieces(TOKEN)}",
        encoded(f"TOKEN = {in_pieces(TOKEN)}\n"),
        encoded(f"TOKEN={disguised(TOKEN)}\n"),
        encoded(encoded(f"TOKEN={TOKEN}\n") + "\n"),
    ],
)
def test_a_form_within_a_form_is_read(scanner: Scanner, content: str) -> None:
    found = parts(scanner, f"first line\n{content}\nlast line\n")

    assert [one for one in found if TOKEN in one.text.content]
    assert {one.line_of(1) for one in found if TOKEN in one.text.content} == {2}


def test_there_is_an_end_to_it(scanner: Scanner) -> None:
    content = f"TOKEN={TOKEN}\n"
    for _ in range(MAX_DEPTH + 1):
        content = encoded(content) + "\n"

    assert not [one for one in parts(scanner, content) if TOKEN in one.text.content]


def test_what_is_put_together_counts_by_its_format_alone(scanner: Scanner) -> None:
    assert all(one.formats_alone for one in parts(scanner, f"TOKEN = {in_pieces(TOKEN)}\n"))


@pytest.mark.parametrize("name", NAMES)
def test_a_form_that_is_switched_off_is_missed(scanner: Scanner, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = {
        "Encodings": encoded(f"TOKEN={TOKEN}\n"),
        "Disguises": f"T={disguised(TOKEN)}",
        "Joins": in_pieces(TOKEN),
    }
    marks = scanner.marks
    monkeypatch.setattr(scanner, "marks", lambda *given: {k: v for k, v in marks(*given).items() if k != name})

    assert not [one for one in parts(scanner, f"{content[name]}\n") if TOKEN in one.text.content]
    for other in set(NAMES) - {name}:
        assert [one for one in parts(scanner, f"{content[other]}\n") if TOKEN in one.text.content]

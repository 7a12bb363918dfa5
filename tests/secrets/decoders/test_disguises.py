"""Letters written as something else: what is written in any of these ways is read as it was meant, and marked."""

import html
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders.disguises import FOREIGN, SIEVE, read_plainly, unquoted
from gate.secrets.decoders.part import Mark

TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES"
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=20, max_size=40)

Write = Callable[[str], str]
EVERY_LETTER: dict[str, Write] = {
    "JSON": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    "JSON in JSON": lambda text: "".join(f"\\\\u{ord(one):04x}" for one in text),
    "hexadecimal": lambda text: "".join(f"\\x{ord(one):02X}" for one in text),
    "Rust": lambda text: "".join(f"\\u{{{ord(one):x}}}" for one in text),
    "Python": lambda text: "".join(f"\\U{ord(one):08x}" for one in text),
    "octal": lambda text: "".join(f"\\{ord(one):03o}" for one in text),
    "PowerShell": lambda text: "".join(f"`u{{{ord(one):x}}}" for one in text),
    "an address": lambda text: "".join(f"%{ord(one):02x}" for one in text),
    "an address in an address": lambda text: "".join(f"%25{ord(one):02x}" for one in text),
    "entities": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
    "full width": lambda text: "".join(chr(ord(one) + 0xFEE0) for one in text),
    "a mathematical letter": lambda text: "".join(
        chr(0x1D5BA + ord(one) - 97) if "a" <= one <= "z" else one for one in text
    ),
}
BETWEEN: dict[str, str] = {
    "a zero-width space": "\u200b",
    "a soft hyphen": "\u00ad",
    "a byte order mark": "\ufeff",
    "a tag": "\U000e0061",
    "a control": "\x01",
    "a colour": "\x1b[0m",
    "a comment of HTML": "<!-- x -->",
    "a break of HTML": "<wbr>",
    "a stroke": "\u0336",
}


def is_marked(text: str) -> bool:
    return any(re.search(one.expression, text.encode()) for one in (*SIEVE, *FOREIGN))


@pytest.mark.parametrize("name", EVERY_LETTER)
@given(text=LETTERS)
def test_whatever_every_letter_is_written_as(name: str, text: str) -> None:
    written = EVERY_LETTER[name](text)

    assert read_plainly(written) == text
    assert is_marked(written) or written == text


@pytest.mark.parametrize("name", EVERY_LETTER)
@given(text=LETTERS, place=st.integers(1, 18))
def test_one_letter_is_enough(name: str, text: str, place: int) -> None:
    written = text[:place] + EVERY_LETTER[name](text[place]) + text[place + 1 :]

    assert read_plainly(written) == text
    assert is_marked(written) or written == text


@pytest.mark.parametrize("name", BETWEEN)
@given(text=LETTERS, place=st.integers(1, 18))
def test_what_nobody_sees_between_letters(name: str, text: str, place: int) -> None:
    written = text[:place] + BETWEEN[name] + text[place:]

    assert read_plainly(written) == text
    assert is_marked(written)


@given(LETTERS)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert read_plainly(f"{text} = {text}") == f"{text} = {text}"


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(read_plainly(text), str)
    assert isinstance(read_plainly(text, is_latin=True), str)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("g&#104;p\\u005f", "ghp_"),
        ("ghp\\_" + TOKEN[4:], TOKEN),
        ("\u0440a\u0455\u0455", "pass"),
        ("pass\u2013word", "pass-word"),
        ("100% of &nobody", "100% of &nobody"),
        ("\\ud83d and %zz", "\\ud83d and %zz"),
        ("+AGcAaABwAF8-", "ghp_"),
        (html.escape('"a" & b'), '"a" & b'),
    ],
)
def test_what_it_reads_as(written: str, meant: str) -> None:
    assert read_plainly(written) == meant


def test_a_mail_in_quoted_printable_is_read_over_its_lines() -> None:
    lines = ["Content-Transfer-Encoding: quoted-printable\n", f"a=3D{TOKEN[:10]}=\n", f"{TOKEN[10:]}\n"]
    mark = Mark(1, lines[0], (len(lines[0]) - 1,))

    assert (2, f"a={TOKEN}") in unquoted([mark], lines)
    assert unquoted([Mark(1, "a mail", (1,))], lines) == []

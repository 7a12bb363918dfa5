"""Texts in pieces: strings that a program would put together are read as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders.joins import SIEVE, joined, may_meet, put_together
from gate.secrets.decoders.part import Mark
from gate.secrets.engine.prefilter import PythonSieve

TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES"
FORMS = [
    '"{}" + "{}"',
    "'{}' + '{}'",
    '"{}"+"{}"',
    '"{}" "{}"',
    '"{}" . "{}"',
    '"{}" .. "{}"',
    '"{}" & "{}"',
    "'{}' || '{}'",
    '"{}" <> "{}"',
    'b"{}" + b"{}"',
    '"".join(["{}", "{}"])',
    "['{}', '{}'].join('')",
    'implode("", ["{}", "{}"])',
    'concat("{}", "{}")',
    'paste0("{}", "{}")',
    '"{}" +\n    "{}"',
    "'{}' \\\n    '{}'",
    "{}\\\n{}",
]
"""How two pieces are put together."""
PIECES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", min_size=4, max_size=20)


@pytest.mark.parametrize("form", FORMS)
@given(first=PIECES, last=PIECES)
def test_two_pieces_are_one(form: str, first: str, last: str) -> None:
    assert first + last in put_together(form.format(first, last))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", [4, 10, 30])
def test_the_place_at_which_pieces_meet_is_marked(form: str, place: int) -> None:
    written = f"token = {form.format(TOKEN[:place], TOKEN[place:])}\n".encode()

    ends = [end for end, _ in PythonSieve(SIEVE).hits(written)]

    assert any(may_meet(written, end) for end in ends)


@given(st.lists(PIECES, min_size=2, max_size=8))
def test_pieces_over_lines_are_one_at_the_marked_line(pieces: list[str]) -> None:
    lines = [f'"{piece}" +\n' for piece in pieces[:-1]] + [f'"{pieces[-1]}"\n']
    mark = Mark(1, lines[0].rstrip("\n"), (len(lines[0]) - 1,))

    ((line, text),) = joined([mark], lines)

    assert line == 1
    assert "".join(pieces) in text


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(put_together(text), str)


@pytest.mark.parametrize("text", ['a("x", "y")', '"one two", "three"', "first: 'a'\nsecond: 'b'", "plain text"])
def test_what_stands_apart_stays_apart(text: str) -> None:
    assert put_together(text) == text

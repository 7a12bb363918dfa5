"""Edits: all of a finding's or none, never on top of one another, and places move with the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.app.fixes.diff import unified
from gate.app.fixes.edits import LineIndex, Mover, Position, Repair, apply
from gate.core.source_text import decode
from gate.model import Edit


def repair(*edits: tuple[Position, Position, str], rule: str = "R") -> Repair:
    made = tuple(Edit(path="f", start=start, end=end, text=text) for start, end, text in edits)
    return Repair(rule, made[0].start, made)


def test_edits_are_made_in_the_order_of_their_places() -> None:
    later, first = repair(((2, 1), (2, 2), "B")), repair(((1, 1), (1, 2), "A"))
    assert apply("a\nb", [later, first]).text == "A\nB"


def test_of_two_that_overlap_the_first_is_made() -> None:
    made = apply("abcdef", [repair(((1, 1), (1, 4), "X")), repair(((1, 3), (1, 5), "Y"))])
    assert made.text == "Xdef"
    assert len(made.repairs) == 1


def test_of_two_insertions_at_one_place_the_second_waits() -> None:
    assert apply("ab", [repair(((1, 2), (1, 2), "1")), repair(((1, 2), (1, 2), "2"))]).text == "a1b"


def test_a_finding_is_mended_wholly_or_not_at_all() -> None:
    taken = repair(((1, 1), (1, 2), "A"))
    both = repair(((1, 1), (1, 3), "X"), ((1, 5), (1, 6), "Y"))
    assert apply("abcdef", [taken, both]).text == "Abcdef"


def test_equal_edits_are_made_once_and_mend_both() -> None:
    made = apply("flask==1\n", [repair(((1, 8), (1, 9), "2")), repair(((1, 8), (1, 9), "2"), rule="S")])
    assert made.text == "flask==2\n"
    assert [one.rule for one in made.repairs] == ["R", "S"]


@pytest.mark.parametrize(("start", "end"), [((9, 1), (9, 2)), ((1, 0), (1, 1)), ((1, 9), (1, 9)), ((1, 3), (1, 2))])
def test_an_edit_outside_of_the_text_is_left_out(start: Position, end: Position) -> None:
    assert apply("abc\n", [repair((start, end, "X"))]).text == "abc\n"


def test_an_inserted_line_ends_as_the_others_do() -> None:
    assert apply("a\r\nb\r\n", [repair(((2, 1), (2, 1), "x\n"))], "\r\n").text == "a\r\nx\r\nb\r\n"


TEXTS = st.text(alphabet="ab \n\r\té", max_size=40)
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.text("xy\n", max_size=3)), max_size=6)


@given(TEXTS, SPANS)
@settings(max_examples=200, deadline=None)
def test_applying_is_replacing_and_every_other_character_keeps_its_place(
    text: str, spans: list[tuple[int, int, str]]
) -> None:
    index = LineIndex(text)
    wanted = [(min(at, len(text)), min(at + size, len(text)), new) for at, size, new in spans]
    made = apply(text, [repair((index.position(at), index.position(end), new)) for at, end, new in wanted])
    mover = Mover(text, made)
    after = LineIndex(made.text)
    replaced = {at for start, end, _ in made.replaced for at in range(start, end)}
    for at, char in enumerate(text):
        if at not in replaced:
            moved = after.offset(mover.move(index.position(at)))
            assert moved is not None
            assert made.text[moved] == char
    grown = sum(length - (end - start) for start, end, length in made.replaced)
    assert len(made.text) == len(text) + grown


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_bytes_come_back(content: bytes) -> None:
    assert decode(content).encode() == content


def test_the_diff_is_one_that_patch_takes() -> None:
    assert unified("a\nb\nc", "a\nB\nc", "d/f") == (
        *("--- a/d/f", "+++ b/d/f", "@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"),
        "\\ No newline at end of file",
    )
    assert unified("a\n", "a\n", "f") == ()

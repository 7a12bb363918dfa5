import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.text import clipped, counted, encodable, one_line, visible, without_credentials

any_text = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb\r\t\0", r"a\nb\r\t\x00"),
        ("safe\u202eexe.cod", r"safe\u202eexe.cod"),
        ("\udcff", r"\udcff"),
        ("\x9b31m", r"\x9b31m"),
        ("\u200b\ufeff\u2028", r"\u200b\ufeff\u2028"),
        ("naïve/日本.py 🦊", "naïve/日本.py 🦊"),
    ],
)
def test_what_does_not_print_as_itself_is_made_visible(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@given(any_text)
@settings(max_examples=200, deadline=None)
def test_visible_text_is_one_printable_line_that_xml_can_carry(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    element = ElementTree.Element("a", {"b": shown})
    element.text = shown
    again = ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))
    assert again.text == (shown or None)
    assert again.get("b") == shown


@given(any_text)
@settings(max_examples=200, deadline=None)
def test_making_text_visible_twice_changes_nothing(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert one_line(one_line(text)) == one_line(text)
    encodable(text).encode("utf-8")


def test_prose_becomes_one_line() -> None:
    assert one_line(" a\r\n  b\tc\x1b ") == r"a b c\x1b"


def test_clipped_text_says_that_there_was_more() -> None:
    assert clipped("abcdef", 4) == "abc…"
    assert clipped("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https://user:s3cr3t@packages.example/a", "https://packages.example/a"),
        ("https://packages.example/a?token=s3cr3t", "https://packages.example/a"),
        ("https://packages.example/a#s3cr3t", "https://packages.example/a"),
        ("https://user:s3cr3t@packages.example?token=s3cr3t/a@b", "https://packages.example"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
        ("https://[::1]:8080/a@b", "https://[::1]:8080/a@b"),
        ("https://packages.example:8080/@scope/a", "https://packages.example:8080/@scope/a"),
        ("https://user:s3#cr/3t@packages.example/a", "https://packages.example/a"),
        ("https://packages.example", "https://packages.example"),
        ("git+ssh://git@packages.example/@scope/n@main", "git+ssh://packages.example/@scope/n@main"),
        ("git@packages.example:a/b.git", "git@packages.example:a/b.git"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_an_address_is_shown_without_credentials(said: str, shown: str) -> None:
    assert without_credentials(said) == shown


@given(user=st.from_regex(r"[a-z0-9:@%]{1,20}", fullmatch=True), host=st.from_regex(r"[a-z.]{1,10}", fullmatch=True))
def test_whatever_stands_before_the_host_is_never_shown(user: str, host: str) -> None:
    assert without_credentials(f"https://{user}@{host}/x") == f"https://{host}/x"


def test_numbers_agree_with_their_nouns() -> None:
    numbers = [(1, "vulnerability"), (2, "vulnerability"), (1200, "place"), (2, "day")]
    assert [counted(*one) for one in numbers] == ["1 vulnerability", "2 vulnerabilities", "1,200 places", "2 days"]

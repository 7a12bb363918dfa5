"""What braces in a shell's word stand for."""

from itertools import islice

import pytest

from gate.reachability.runtimes.shell.braces import in_braces
from gate.reachability.runtimes.shell.syntax import Literal, Parameter
from gate.reachability.runtimes.walk.graph import UNKNOWN


def words_of(*parts):
    return ["".join(part.text if isinstance(part, Literal) else "$" for part in word) for word in in_braces(parts)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tidy", ["tidy"]),
        ("ti{d,}y", ["tidy", "tiy"]),
        ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]),
        ("x{a,{b,c}d}", ["xa", "xbd", "xa", "xcd"]),
        ("{1..3}", ["1", "2", "3"]),
        ("{3..1..2}", ["3", "1"]),
        ("{a..c}", ["a", "b", "c"]),
        ("{01..03}", [UNKNOWN]),
        ("{1..99999999999}", [UNKNOWN]),
        ("{1..b}", [UNKNOWN]),
        ("{}", ["{}"]),
        ("{a}", ["{a}"]),
        ("{a,b", ["{a,b"]),
    ],
)
def test_braces_stand_for_several_words(text, words):
    """Of groups in groups the order is another than bash's, which does not matter."""
    assert words_of(Literal(text)) == words


def test_quoted_braces_stand_for_themselves_and_other_parts_stay_as_they_are():
    assert words_of(Literal("{a,b}", is_quoted=True)) == ["{a,b}"]
    assert words_of(Literal("{a,"), Parameter("x"), Literal("}c")) == ["ac", "$c"]


def test_very_many_words_are_made_one_by_one():
    assert len(list(islice(in_braces((Literal("{a,b}" * 100),)), 500))) == 500

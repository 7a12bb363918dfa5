"""ARG and ENV: what a variable is worth where it is used."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.dockerfile.build import Build
from gate.dockerfile.variables import UNSET, Value, expand
from tests.hangs import must_end

VALUES: dict[str, Value] = {"A": "1", "EMPTY": "", "UNKNOWN": None}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("x", "x"),
        ("$A", "1"),
        ("a${A}b", "a1b"),
        ("${A:-d}${NO:-d}${EMPTY:-d}${EMPTY-d}", "1dd"),
        ("${A:+d}${NO:+d}${EMPTY:+d}${EMPTY+d}", "dd"),
        ("${NO:-${A}}", "1"),
        ("${NO:-${NO:-x}y}", "xy"),
        ("\\$A", "$A"),
        ("'$A'\"$A\"", "$A1"),
        ('"a\\"b\\c"', 'a"b\\c'),
        ("$NO", None),
        ("$UNKNOWN", None),
        ("${A#x}", None),
        ("${NO:-" * 20 + "x" + "}" * 20, None),
        ("$", "$"),
    ],
)
def test_words_are_expanded_as_the_reference_says(word: str, expected: str | None) -> None:
    assert expand(word, lambda name: VALUES.get(name, UNSET)) == expected


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("ARG BASE=debian\nARG TAG=12\nFROM $BASE:$TAG", "debian:12"),
        ("ARG A=1\nARG B=x:$A\nFROM $B", "x:1"),
        ("ARG A\nFROM x:$A", None),
        ("ARG A\nFROM x:${A:-7}", "x:7"),
        ("FROM a\nARG B=1\nFROM x:$B", None),
    ],
)
def test_only_arguments_before_the_first_from_count_in_from(
    build_of: Callable[[str], Build], text: str, image: str | None
) -> None:
    assert build_of(text).stages[-1].image == image


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("FROM a\nARG U=1\nUSER $U", "1"),
        ("ARG U=1\nFROM a\nUSER $U", None),
        ("ARG U=1\nFROM a\nARG U\nUSER $U", "1"),
        ("FROM a\nENV U=1\nARG U=2\nUSER $U", "1"),
        ("FROM a AS b\nENV U=1\nFROM b\nUSER $U", "1"),
        ("FROM a AS b\nARG U=1\nFROM b\nUSER $U", None),
        ("FROM a\nENV U=1\nENV U=2 V=$U\nUSER $V", "1"),
        ("FROM a\nUSER $U\nENV U=1", None),
        ("FROM a\nONBUILD ENV U=1\nUSER $U", None),
    ],
)
def test_scope_of_variables_in_stages(build_of: Callable[[str], Build], text: str, user: str | None) -> None:
    step = next(build_of(text).stages[-1].steps_of("USER"))
    assert step.values == (user,)


def test_a_value_that_doubles_again_and_again_is_unknown(build_of: Callable[[str], Build]) -> None:
    with must_end():
        build = build_of("FROM a\nENV A=1\n" + "ENV A=$A$A\n" * 5000 + "USER $A")
        assert next(build.stages[0].steps_of("USER")).values == (None,)


@settings(max_examples=200, deadline=None)
@given(st.text("${}:-+'\"\\A N", max_size=30))
def test_no_word_raises(word: str) -> None:
    expand(word, lambda name: VALUES.get(name, UNSET))


@settings(max_examples=100, deadline=None)
@given(st.text("abc/:. ", max_size=20))
def test_a_word_without_signs_stays(word: str) -> None:
    assert expand(word, lambda _: None) == word

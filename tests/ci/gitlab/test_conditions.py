"""Expressions of `rules:if`, as far as the variables are known."""

import pytest

from gate.ci.gitlab.conditions import UNKNOWN, holds, matches_pattern

KNOWN = {"A": "one", "B": "", "GONE": None, "MAYBE": UNKNOWN, "REF": "release/1.2"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$A", True),
        ("$B", False),
        ("$GONE", False),
        ("$MAYBE", None),
        ("$NEVER_STATED", None),
        ('$A == "one"', True),
        ("$A != 'one'", False),
        ("$GONE == null", True),
        ("$A == null", False),
        ("$A == $REF", False),
        ("$REF =~ /^release\\//", True),
        ("$REF =~ /^RELEASE/i", True),
        ("$REF !~ /^release/", False),
        ("$GONE =~ /x/", False),
        ('$A == "one" && $REF =~ /main/', False),
        ('$A == "two" || $REF', True),
        ("$A || $B && $GONE", True),
        ("($A || $B) && $GONE", False),
        ("$MAYBE && $GONE", False),
        ("$MAYBE || $A", True),
        ("$MAYBE && $A", None),
        ("$A ==", None),
        ("$A == [1]", None),
        ("$REF =~ /(a+)+$/", None),
        ("$REF =~ /(/", None),
        ("(" * 1000 + "$A", None),
    ],
)
def test_an_expression_is_true_false_or_not_known(expression: str, expected: bool | None) -> None:
    assert holds(expression, KNOWN) is expected


def test_a_pattern_of_only_is_tried_on_the_name_of_a_ref() -> None:
    assert matches_pattern("/^v\\d/", "v1") is True
    assert matches_pattern("/^v\\d/", "main") is False

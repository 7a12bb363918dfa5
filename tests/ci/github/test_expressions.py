"""Expressions of GitHub as trees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.ci.github.expressions import (
    ExpressionCall as Call,
)
from gate.ci.github.expressions import (
    ExpressionLiteral as Literal,
)
from gate.ci.github.expressions import (
    ExpressionReference as Reference,
)
from gate.ci.github.expressions import (
    inner_texts,
    parse_condition,
    parse_expression,
    values_of,
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("github.Event['head_ref'].x", Reference("github.event.head_ref.x")),
        ("a.*.b", Reference("a.*.b")),
        ("a[0]", Reference("a.0")),
        ("'it''s'", Literal("it's")),
        (
            "a == 'b' && !c",
            Call(
                "&&",
                (
                    Call("==", (Reference("a"), Literal("b"))),
                    Call("!", (Reference("c"),)),
                ),
            ),
        ),
        (
            "a || b && c",
            Call(
                "||",
                (Reference("a"), Call("&&", (Reference("b"), Reference("c")))),
            ),
        ),
        ("contains(a, 'x')", Call("contains", (Reference("a"), Literal("x")))),
        ("null", Literal("")),
    ],
)
def test_an_expression_is_a_tree(text: str, tree: object) -> None:
    assert parse_expression(text) == tree


@pytest.mark.parametrize("text", ["", "a ==", "(a", "a b", "'a", "f(a", "a..b", "#", "(" * 3000, "x" * 9000])
def test_what_does_not_parse_is_none(text: str) -> None:
    assert parse_expression(text) is None


def test_several_expressions_of_a_condition_are_one() -> None:
    assert parse_condition("${{ a }} && ${{ b }}") == Call("&&", (Reference("a"), Reference("b")))
    assert parse_condition("${{ a }}") == parse_condition(" a ") == Reference("a")


def test_what_stands_in_a_text_is_found_with_its_place() -> None:
    assert list(inner_texts("x ${{ a }} ${{ '}}' }} ${{ open")) == [(2, "a"), (11, "'}}'")]


def test_a_comparison_has_no_value_of_its_operands() -> None:
    references = [one for one in values_of(parse_expression("a == b")) if isinstance(one, Reference)]
    assert references == []
    shown = values_of(parse_expression("a && format('{0}', b) || c"))
    assert {one.path for one in shown if isinstance(one, Reference)} == {"b", "c"}


@given(st.text(alphabet="ab.'()[]&|!=*, ${}", max_size=60))
def test_any_text_is_a_tree_or_none(text: str) -> None:
    parse_condition(text)
    list(inner_texts(text))

"""Variables in the texts of Compose and bake files."""

import pytest

from gate.core.dollar_variables import expand, with_defaults


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("plain", "plain"),
        ("$$X", "$X"),
        ("${X:-a}/${Y-b}", "a/b"),
        ("${X:-}", ""),
        ("${X}", None),
        ("$X", None),
        ("${X:?it is needed}", None),
        (None, None),
    ],
)
def test_only_the_defaults_in_the_text_are_known(text: str | None, expanded: str | None) -> None:
    assert with_defaults(text) == expanded


def test_values_are_asked_for_with_what_stands_between_the_braces() -> None:
    assert expand("$A-${B}", {"A": "1", "B": "2"}.get) == "1-2"

"""Texts become the very lines that detect-secrets' own transformers make of them."""

import io
from typing import Any

import pytest
from detect_secrets.transformers import get_transformed_file
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.secrets.engine.transformers import assignment_lines, structured_lines

pytestmark = pytest.mark.every_python

KEYS = ["a", "b c", "password", "a=", ":", "a.b", "[s]", "# x", "; x", "# pragma: allowlist nextline secret", "a%", ""]
SEPARATORS = ["=", ": ", " = ", "==", ":", " := ", " ", ""]
VALUES = ["x", "'q'", '"q"', 'a"b', "=v", ":v", "%(a)s", "%%", "%", "", " ", "\x0b", "\u2028w", "'", "x # y", "x ; y"]

ini_texts = st.lists(
    st.tuples(
        st.sampled_from(["", "", "", " ", "  ", "\t", "\u00a0"]),
        st.sampled_from(KEYS),
        st.sampled_from(SEPARATORS),
        st.sampled_from(VALUES),
    ).map("".join),
    max_size=12,
).map("\n".join)

scalars = st.sampled_from(
    [
        "x",
        "'it''s'",
        '"a\\"b"',
        "1.5",
        "null",
        "~",
        "yes",
        "x # y",
        "!!binary YWJj",
        "!!str 1",
        '"\\x41\\n"',
        "*a",
        "2001-01-01",
    ]
)
yaml_texts = st.lists(
    st.tuples(
        st.sampled_from(["", "  ", "    ", "- ", "  - ", "# "]),
        st.sampled_from(["a: ", "b: ", "? c\n: ", "e: {f: ", "[g, ", "h: >\n    ", "'i': |\n    ", "<<: ", ""]),
        scalars,
        st.sampled_from(["", "", "", "}", "]", "\n", " # pragma: allowlist secret", ", k: v}"]),
    ).map("".join),
    max_size=8,
).map("\n".join)


class NamedText(io.StringIO):
    name = ""


def original(text: str, path: str, is_eager: bool) -> list[str] | None:
    """What detect-secrets makes of a text; None where it fails."""
    file = NamedText(text)
    file.name = path
    try:
        return get_transformed_file(file, use_eager_transformers=is_eager) or []  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001  (it lets out whatever a value provokes)
        return None


@settings(max_examples=300, deadline=None)
@given(text=ini_texts, has_header=st.booleans(), path=st.sampled_from(["a.ini", "a.env"]))
def test_ini(text: str, has_header: bool, path: str) -> None:
    text = "[s]\n" + text if has_header else text
    expected = original(text, path, is_eager=False)
    assert expected is None or structured_lines(text, path) == expected
    expected = original(text, path, is_eager=True)
    assert expected is None or assignment_lines(text, path) == expected


@settings(max_examples=300, deadline=None)
@given(text=yaml_texts)
def test_yaml(text: str) -> None:
    expected = original(text, "a.yaml", is_eager=False)
    assert expected is None or structured_lines(text, "a.yaml") == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: &l [{k: v}]\nb: *l\n", ['k: "v"']),
        ("a: &l [*l, {k: v}]\n", ['k: "v"']),
        ("a: v # why\n\nb: 'w'\n", ['a: "v" # why', "", 'b: "w"']),
        ("a: 2001-99-99\n", []),
        ('a: "\\ud800"\n', []),
    ],
)
def test_documents_at_which_the_original_hangs_or_fails(text: str, lines: Any) -> None:
    assert structured_lines(text, "a.yaml") == lines

"""How a line of comment begins."""

import pytest

from gate.secrets.triage.comment_lines import COMMENT_LINE


@pytest.mark.parametrize(
    "line",
    ["# a = 1", "#a = 1", "  // a", "/* a", " * a", " */", "-- a", "<!-- a -->", "; a", ";a", "% a", "REM a", "dnl a"],
)
def test_a_line_of_comment(line: str) -> None:
    assert COMMENT_LINE.match(line)


@pytest.mark.parametrize(
    "line",
    [
        "a = 1  # b",
        "#!/bin/sh",
        "#define KEY 1",
        "#include <a.h>",
        "#{shop} is open",
        "//npm.shop.example/:_authToken=x",
        "--key=x",
        "*.shop.example",
        "reminder = 1",
    ],
)
def test_what_only_looks_like_one(line: str) -> None:
    assert not COMMENT_LINE.match(line)

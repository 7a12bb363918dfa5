"""`.dockerignore` is matched as the builder matches it."""

import re
from posixpath import normpath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gate.core.errors import LimitError
from gate.dockerfile.dockerignore import MAX_PATTERN, MAX_PATTERNS, DockerIgnore, parse_dockerignore
from tests.hangs import must_end


def ignore(text: str) -> DockerIgnore:
    return parse_dockerignore(text.encode(), ".dockerignore")


@pytest.mark.parametrize(
    ("patterns", "path", "is_ignored"),
    [
        ("", "a", False),
        ("a", "a", True),
        ("a", "b/a", False),
        ("a", "a/b/c", True),
        ("a/", "a/b", True),
        ("/a", "a", True),
        ("./a", "a", True),
        ("a/../b", "b", True),
        ("*.md", "x.md", True),
        ("*.md", "docs/x.md", False),
        ("*/*.md", "docs/x.md", True),
        ("**/*.md", "x.md", True),
        ("**/*.md", "a/b/x.md", True),
        ("**", "a/b", True),
        ("a/**", "a", False),
        ("a/**", "a/b/c", True),
        ("a/**/z", "a/z", True),
        ("a/**/z", "a/b/c/z", True),
        ("a/**/z", "a/bz", False),
        ("**/.git", ".git/config", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("*", ".env", True),
        ("[ab].txt", "b.txt", True),
        ("[a-c].txt", "b.txt", True),
        ("[^a-c].txt", "b.txt", False),
        ("[^a-c].txt", "d.txt", True),
        (r"\*.txt", "*.txt", True),
        (r"\*.txt", "a.txt", False),
        ("a.c", "abc", False),
        ("a+(b)$", "a+(b)$", True),
        ("# a\na", "# a", False),
        ("  a  ", "a", True),
        ("\ufeffa", "a", True),
        ("a\r\nb\r\n", "b", True),
        ("*\n!src", "src/a.py", False),
        ("*\n!src", "lib/a.py", True),
        ("*.md\n!README.md", "README.md", False),
        ("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", True),
        ("!a\na", "a", True),
        ("a\n! a", "a", False),
        ("a\n!a/b", "a/b", False),
        ("a\n!a/b", "a/c", True),
        ("!", "a", False),
        ("A", "a", False),
    ],
)
def test_last_pattern_that_matches_decides(patterns: str, path: str, is_ignored: bool) -> None:
    assert ignore(patterns).ignores(path) is is_ignored


def test_a_folder_with_an_exception_below_it_is_not_kept_away() -> None:
    rules = ignore("*\n!src/app\n")
    assert rules.ignores("src")
    assert not rules.keeps_away("src")
    assert rules.keeps_away("lib")


_REFERENCE = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_PIECES = ["**/", "**", "*", "?", "a", "b", ".", "/", "+", "ab"]


def _reference(pattern: str) -> "re.Pattern[str]":
    """Translate as moby/patternmatcher does: two stars in the middle stand for whole folders."""
    out, rest = "", pattern
    while rest:
        token = next((token for token in _REFERENCE if rest.startswith(token)), rest[0])
        rest = rest[len(token) :]
        if token == "**" and rest:
            out += _REFERENCE["**/"]
        elif token == "**/" and not rest:
            out += _REFERENCE["**"]
        else:
            out += _REFERENCE.get(token, re.escape(token))
    return re.compile(out, re.DOTALL)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6), st.text("ab./+", min_size=1, max_size=8))
def test_matches_what_the_translation_to_a_regular_expression_matches(pieces: list[str], path: str) -> None:
    pattern, path = normpath("".join(pieces)).lstrip("/"), normpath(path).lstrip("/")
    assume(path)
    ancestors = [path[: place or None] for place in (*(at for at, sign in enumerate(path) if sign == "/"), 0)]
    expected = any(_reference(pattern).fullmatch(one) for one in ancestors if one)
    assert ignore(pattern).ignores(path) is (expected and bool(pattern) and not pattern.startswith("!"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_are_read(content: bytes, path: str) -> None:
    assert parse_dockerignore(content, "x").ignores(path) in (True, False)


def test_matching_is_linear_in_the_path() -> None:
    rules = ignore("/".join(["**", "*a*", "**", "*a*b"] * 20))
    with must_end():
        assert not rules.ignores("a" * 4000)


@pytest.mark.parametrize("content", ["a\n" * (MAX_PATTERNS + 1), "a" * (MAX_PATTERN + 1)])
def test_a_file_beyond_the_bounds_is_an_error(content: str) -> None:
    with pytest.raises(LimitError, match="pattern"):
        ignore(content)

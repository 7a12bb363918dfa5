"""Path patterns: `*` stays in a folder, `**` crosses folders, and matching is linear."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UsageError
from gate.core.path_patterns import matches
from tests.hangs import must_end

MATCHES = [
    ("a/b.py", "*.py"),
    ("a/b.py", "a/*.py"),
    ("a/b.py", "./a/b.py"),
    ("a/c/b.py", "a/**"),
    ("a/c/b.py", "**/b.py"),
    ("b.py", "**/b.py"),
    ("a/c", "a/**/c"),
    ("a/b/d/c", "a/**/c"),
    ("x/y/z", "**/**/z"),
    ("a/b/c", "a"),
    ("a/b/c", "a/"),
    ("Dockerfile", "/Dockerfile"),
    ("aXbXc", "a*b*c"),
    ("ac", "a[!b]"),
    ("x[1]", "x[[]1]"),
    ("a.c", "*[.*?]c"),
    ("a\nb", "a?b"),
    ("[", "["),
]
MISSES = [
    ("a/c/b.py", "a/*.py"),
    ("a", "a/**"),
    ("a/b/c", "b/c"),
    ("a/Dockerfile", "/Dockerfile"),
    ("aa", "a*a*a"),
    ("ab", "a[!b]"),
    ("abc", "b"),
    ("A", "a"),
]


@pytest.mark.parametrize(("path", "pattern"), MATCHES)
def test_pattern_matches(path: str, pattern: str) -> None:
    assert matches(path, (pattern,))


@pytest.mark.parametrize(("path", "pattern"), MISSES)
def test_pattern_does_not_match(path: str, pattern: str) -> None:
    assert not matches(path, (pattern,))


def test_no_pattern_matches_nothing_and_one_of_several_is_enough() -> None:
    assert not matches("a", ())
    assert matches("a", ("b", "a"))


@pytest.mark.parametrize("pattern", ["", "/", "a" * 1001, "*" * 21, "[z-a]"])
def test_pattern_that_cannot_be_meant_is_a_usage_error(pattern: str) -> None:
    with pytest.raises(UsageError):
        matches("a", (pattern,))


def test_many_stars_stay_fast() -> None:
    with must_end():
        assert not matches("a" * 50_000, ("*a" * 19 + "*b",))
        assert not matches("/".join(["a"] * 5_000), ("/".join(["**", "a"] * 5) + "/b",))


@settings(max_examples=200, deadline=None)
@given(st.text("ab/", max_size=8), st.text("ab*?/", min_size=1, max_size=6))
def test_single_folder_patterns_mean_what_a_plain_translation_means(path: str, pattern: str) -> None:
    if "//" in path + pattern or "**" in pattern or not pattern.strip("/") or path.startswith("/"):
        return
    wanted = pattern.strip("/") if "/" in pattern.rstrip("/") else f"**/{pattern.strip('/')}"
    plain = re.escape(wanted).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    assert matches(path, (pattern,)) == bool(re.fullmatch(plain + "(?:/.*)?", path))

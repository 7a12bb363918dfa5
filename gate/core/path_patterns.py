"""Path patterns, for `paths` and `ignore` in gate.yaml and for a policy's `path`.

`*` and `?` stay inside one folder, `**` crosses folders, `[abc]` is one of these characters. A pattern without
`/` matches the name in any folder; a pattern that matches a folder matches all that is below it.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from gate.core.errors import UsageError
from gate.core.folder_names import (
    DOCUMENTATION,
    EXAMPLES,
    FOREIGN,
    MORE_DOCUMENTATION,
    MORE_EXAMPLES,
    MORE_FOREIGN,
    MORE_TESTS,
    MORE_WHOLE_TESTS,
    TEST_KINDS,
    TESTS,
    WHOLE_TESTS,
    any_of,
)
from gate.core.lazy_regex import lazy_regex

MAX_PATTERN = 1000
"""Characters of one pattern at most."""
MAX_WILDCARDS = 20
"""Stars of one pattern at most: the cost of matching grows with them."""
_SIGN = lazy_regex(r"\*+|\?|\[!?\]?[^\]]*+\]|.", re.DOTALL)
"""A run of stars, `?`, a set of characters, or any other character."""
_TEST_WORDS = rf"{any_of(TESTS, MORE_TESTS)}|(?:{any_of(TEST_KINDS)})-?tests?|test-?suites?|wiremock|cassettes?"
"""Words that also stand among others in a folder's name."""
_CODE_ENDINGS = r"java|kts?|scala|groovy|cs|vb|fs|php|swift|mm?|cpp|cc|h|hs|[jt]sx?|dart|rb|go|py"
_TEST_FOLDERS = (
    rf"(?:[^/]*[-_.])?(?:{_TEST_WORDS})(?:[-_.][^/]*)?"
    rf"|_?(?:{any_of(WHOLE_TESTS, MORE_WHOLE_TESTS)})|test_data|__snapshots__|x?t"
    r"|[a-z]{3,}(?<!con)(?<!pro)(?<!grea)(?<!fas)test"
    r"|(?-i:[A-Za-z0-9]*[a-z0-9](?:Tests?|Fixtures?|Mocks?)|tests?[A-Z][^/]*)"
)
"""`e2e-tests`, `Orders.Tests`, `httptest`; by their capitals `UnitTests`, `testFixtures`; not `latest`."""
_TEST_FILES = (
    r"tests?\.[^/.]+|test_[^/]*|[^/]*[-_.](?:tests?|specs?|e2e)(?:[-_.][^/]*)?\.[^/.]+|conftest\.py"
    rf"|(?-i:[^/]*[a-z0-9](?:Tests?|Specs?|IT|TestCase)\.(?:{_CODE_ENDINGS}))"
)
_DOCUMENTATION = lazy_regex(
    rf"(?:^|/)(?:{any_of(EXAMPLES, MORE_EXAMPLES, DOCUMENTATION, MORE_DOCUMENTATION)}|man\d?)/"
    r"|\.(?:md|rst|adoc|txt\.gz|html?|pod|\d)\Z|(?:^|/)(?:readme|changelog|changes|news|history|contributing|METADATA"
    r"|PKG-INFO|copyright)[^/]*\Z|[._-](?:examples?|samples?|template|dist|tmpl)(?:\.[a-z0-9]{1,6})?\Z",
    re.IGNORECASE,
)
_VENDORED = lazy_regex(
    rf"(?:^|/)(?:{any_of(FOREIGN, MORE_FOREIGN)})/"
    r"|(?:^|/)\.yarn/(?:plugins|releases)/|\.(?:whl|egg|gem|nupkg|crate|jar)!/",
    re.IGNORECASE,
)
_TEST_PATH = lazy_regex(rf"(?:^|/)(?:{_TEST_FOLDERS})/|(?:^|/)(?:{_TEST_FILES})$", re.IGNORECASE)


def matches(path: str, patterns: Iterable[str]) -> bool:
    """True if `path` (relative, `/` between its parts) matches one of `patterns`.

    Raises UsageError for a pattern that is empty, too long, has too many wildcards or a range that runs backwards.
    """
    return any(_matches_one(path, pattern) for pattern in patterns)


def is_selected(path: str, paths: Collection[str], ignore: Collection[str]) -> bool:
    """True if `path` matches one of `paths`, if there are any, and none of `ignore`. Raises as `matches` does."""
    return (not paths or matches(path, paths)) and not (ignore and matches(path, ignore))


def _matches_one(path: str, pattern: str) -> bool:
    """Match part by part, following all that `**` allows at once: linear in the path, without backtracking."""
    parts = tuple(path.split("/"))
    wanted = _compile(pattern)
    reachable = {0}
    for part in parts:
        reachable = _step(wanted, reachable, part)
        if len(wanted) in reachable:  # perhaps a folder above the file: then all below it matches
            return True
        if not reachable:
            return False
    return False


def _step(wanted: tuple["re.Pattern[str] | None", ...], reachable: set[int], part: str) -> set[int]:
    """Return how many pattern parts may be matched after `part`, given how many may have been before it."""
    after = set()
    for done in _skip_empty_runs(wanted, reachable):
        if done == len(wanted):
            continue
        expression = wanted[done]
        if expression is None:
            after.add(done)
            if done == len(wanted) - 1:
                after.add(done + 1)
        elif expression.fullmatch(part):
            after.add(done + 1)
    return after


def _skip_empty_runs(wanted: tuple["re.Pattern[str] | None", ...], reachable: set[int]) -> set[int]:
    """Add what is reachable because `**` may match no folder at all."""
    closed = set(reachable)
    for done in sorted(reachable):
        step = done
        while step < len(wanted) - 1 and wanted[step] is None:
            step += 1
            closed.add(step)
    return closed


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> tuple["re.Pattern[str] | None", ...]:
    """Compile each part of a pattern; None is `**`."""
    if len(pattern) > MAX_PATTERN or pattern.count("*") > MAX_WILDCARDS:
        raise UsageError(
            f"the path pattern {pattern[:40]!r} is too long",
            hint=f"Use at most {MAX_PATTERN} characters and {MAX_WILDCARDS} stars",
        )
    parts = [part for part in pattern.removeprefix("./").split("/") if part]
    if not parts:
        raise UsageError(f"the path pattern {pattern!r} names no file", hint='Write "**" for all files')
    if "/" not in pattern.rstrip("/"):
        parts = ["**", *parts]
    return tuple(None if part == "**" else compile_part(part) for part in parts)


def compile_part(part: str) -> "re.Pattern[str]":
    """Compile the part of a pattern between two `/`; it matches in linear time. Raises UsageError."""
    pieces = [""]
    for sign in _SIGN.findall(part):
        if sign.startswith("*"):
            pieces.append("")
        else:
            pieces[-1] += _translate(sign)
    try:
        return re.compile(_join_by_stars(pieces), re.DOTALL)
    except re.error as error:
        raise UsageError(f"the path pattern {part!r} cannot be understood ({error.msg})") from error


def _translate(sign: str) -> str:
    if sign == "?":
        return "."
    negated = sign.startswith("[!")
    characters = sign[1 + negated : -1]
    if not (sign.startswith("[") and characters):
        return re.escape(sign)
    # `re` may give `--`, `&&`, `~~` and `||` a meaning of their own (set operations), so they are escaped.
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", characters).replace("--", r"-\-")
    return f"[{'^' if negated else ''}{escaped}]"


def _join_by_stars(pieces: list[str]) -> str:
    """Join the pieces between stars to a pattern that matches in linear time.

    Each middle piece takes the first place where it fits, in an atomic group: if the rest fails from there, it also
    fails from any later place. Only the last piece has to be at the end, so only its star backtracks.
    """
    first, *rest = pieces
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last


def is_test_path(path: str) -> bool:
    """True if a file is a test or belongs to one, by the usual names of test files and folders."""
    return _TEST_PATH.search(path) is not None


def is_documentation_path(path: str) -> bool:
    """True for documentation and examples, by the names that projects use."""
    return _DOCUMENTATION.search(path) is not None


def is_vendored_path(path: str) -> bool:
    """True for copies of other projects' files: in the folders that are for them, or in a published package."""
    return _VENDORED.search(path) is not None

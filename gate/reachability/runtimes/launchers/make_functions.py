"""Functions of GNU make that change texts ("Functions for Transforming Text" in its manual)."""

import posixpath
from collections.abc import Callable, Mapping

from gate.reachability.runtimes.walk.graph import UNKNOWN

CLOSING = {"(": ")", "{": "}"}
"""The brackets of a reference: `$(X)`, `${X}`."""


def stem_of(pattern: str, name: str) -> str | None:
    """Return what `%` stands for if a name fits a pattern; None if it does not."""
    before, percent, after = pattern.partition("%")
    if not percent:
        return None
    is_fitting = len(name) > len(before) + len(after) and name.startswith(before) and name.endswith(after)
    return name[len(before) : len(name) - len(after)] if is_fitting else None


def end_of(text: str, place: int, opening: str) -> int:
    """Return where the bracket is closed that was opened before `place`."""
    depth = 1
    for number in range(place, len(text)):
        depth += (text[number] == opening) - (text[number] == CLOSING[opening])
        if not depth:
            return number
    return len(text)


def arguments_of(text: str) -> list[str]:
    """Split at the commas that stand in no brackets."""
    parts, begin, depth = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "({") - (sign in ")}")
        if sign == "," and depth <= 0:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def patsubst(pattern: str, replacement: str, text: str) -> str:
    words = []
    for word in text.split():
        stem = stem_of(pattern.strip(), word) if "%" in pattern else None
        is_same = "%" not in pattern and word == pattern
        words.append(replacement.strip().replace("%", stem or "", 1) if stem is not None or is_same else word)
    return " ".join(words)


def _fits(word: str, patterns: str) -> bool:
    return any(word == one or stem_of(one, word) is not None for one in patterns.split())


def _filtered(patterns: str, text: str, *, is_kept: bool) -> str:
    if UNKNOWN in patterns + text:
        return UNKNOWN
    return " ".join(word for word in text.split() if _fits(word, patterns) is is_kept)


def _each(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: " ".join(change(word) for word in text.split())


FUNCTIONS: Mapping[str, Callable[..., str]] = {
    "patsubst": patsubst,
    "subst": lambda old, new, text: text.replace(old, new) if old else text,
    "addprefix": lambda prefix, text: " ".join(prefix + word for word in text.split()),
    "addsuffix": lambda suffix, text: " ".join(word + suffix for word in text.split()),
    "notdir": _each(posixpath.basename),
    "dir": _each(lambda word: f"{posixpath.dirname(word) or '.'}/"),
    "basename": _each(lambda word: posixpath.splitext(word)[0]),
    "strip": lambda text: " ".join(text.split()),
    "sort": lambda text: " ".join(sorted(set(text.split()))),
    "firstword": lambda text: "".join(text.split()[:1]),
    "lastword": lambda text: "".join(text.split()[-1:]),
    "filter": lambda patterns, text: _filtered(patterns, text, is_kept=True),
    "filter-out": lambda patterns, text: _filtered(patterns, text, is_kept=False),
}
"""Functions that change texts ("Functions for String Substitution and Analysis", "Functions for File Names")."""
OTHERS = frozenset(
    {
        *("shell", "wildcard", "foreach", "call", "eval", "info", "warning", "error", "if", "or", "and", "word"),
        *("words", "wordlist", "join", "suffix", "abspath", "realpath", "findstring", "origin", "flavor", "value"),
        *("file", "let", "guile", "intcmp"),
    }
)
"""Functions of another kind, or whose result is not worked out."""

"""Hides what looks like a secret in messages, by the shape of its words only, so that no engine has to be loaded."""

import re

HIDDEN = "…"
_WORD = re.compile(r"(?<![\w/.:=@<>|\\-])[^\s'\"`,;()\[\]{}/.:=@<>|\\…]{10,}")
"""A word that is not part of a path, a URL or a dotted name."""
_LOGIN = r"://[^/\s]*@"
_ARMOUR = r"-----BEGIN"
_LONG_WORD = r"(?=[\w.-]*\d)(?![0-9a-f]+(?![\w.-]))[\w.-]{16,}"
"""A word with a digit that is no digest."""
_MAY_BE_SECRET = re.compile(rf"{_LOGIN}|{_ARMOUR}|{_LONG_WORD}", re.ASCII)
_SYMBOLS = frozenset("#!$^&*%?")
_TOKEN_IN_NAME = re.compile(r"(?=[A-Za-z_]*[0-9])(?![0-9a-f]+\b)\w{20,}", re.ASCII)
"""What a token that was pasted into a branch's name looks like."""


def without_random_words(text: str) -> str:
    """Return a message in which words that look random are hidden."""
    return _WORD.sub(lambda found: HIDDEN if _looks_random(found[0]) else found[0], text)


def without_pasted_token(name: str) -> str:
    """Return the name of a ref or repository without a token in it, of which the first four characters stay."""
    return _TOKEN_IN_NAME.sub(lambda found: found[0][:4] + HIDDEN, name)


def may_hold_secret(text: str) -> bool:
    """True if the text has what detectors may match: a login, PEM armour, a long word with a digit, but no digest."""
    return _MAY_BE_SECRET.search(text) is not None


def with_nothing_doubtful(text: str) -> str:
    """Return a message without anything that may be a secret; this hides far more than secrets."""
    return _MAY_BE_SECRET.sub(HIDDEN, without_random_words(text))


def _looks_random(word: str) -> bool:
    """True for a word with capitals, small letters and digits, which ordinary words and digests do not have.

    With a symbol fewer of them are enough.
    """
    counts = [sum(map(kind, word)) for kind in (str.isupper, str.islower, str.isdigit)]
    least, length = (2, 16) if _SYMBOLS.isdisjoint(word) else (1, 10)
    return min(counts) >= least and len(word) >= length

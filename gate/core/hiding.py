"""Hides in a message what looks like a secret, by the shape of its words alone: no engine is loaded for it."""

import re

HIDDEN = "…"
_WORD = re.compile(r"(?<![\w/.:=@<>|\\-])[^\s'\"`,;()\[\]{}/.:=@<>|\\…]{10,}")
"""A word that is no part of a path, an address or a dotted name."""
_LOGIN = r"://[^/\s]*@"
_ARMOUR = r"-----BEGIN"
_LONG_WORD = r"(?=[\w.-]*\d)(?![0-9a-f]+(?![\w.-]))[\w.-]{16,}"
"""One with a digit that is no digest."""
_MAY_BE_SECRET = re.compile(rf"{_LOGIN}|{_ARMOUR}|{_LONG_WORD}", re.ASCII)
_SYMBOLS = frozenset("#!$^&*%?")


def without_random_words(text: str) -> str:
    """Return a message in which words that look random are hidden."""
    return _WORD.sub(lambda found: HIDDEN if _looks_random(found[0]) else found[0], text)


def may_hold_secret(text: str) -> bool:
    """True if the text has what the detectors may know: a login, armour, a long word with a digit that is no digest."""
    return _MAY_BE_SECRET.search(text) is not None


def with_nothing_doubtful(text: str) -> str:
    """Return a message without anything that may be a secret: far more is hidden than has to be."""
    return _MAY_BE_SECRET.sub(HIDDEN, without_random_words(text))


def _looks_random(word: str) -> bool:
    """True for what has capitals, small letters and digits, as no word and no digest has."""
    counts = [sum(map(kind, word)) for kind in (str.isupper, str.islower, str.isdigit)]
    has_symbol = not _SYMBOLS.isdisjoint(word)
    return min(counts) >= (1 if has_symbol else 2) and len(word) >= (10 if has_symbol else 16)

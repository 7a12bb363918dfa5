"""What commands say on standard error: in one place, so that no message shows what a report would hide.

Errors quote what somebody wrote in the wrong place (a key or value of settings, a variable, a flag): perhaps a secret.
"""

import re
import sys

from gate.core.text import visible_lines

HIDDEN = "…"
WIDTH = 100
"""Columns of text that is to be read."""
_WORD = re.compile(r"(?<![\w/.:=@<>|\\-])[^\s'\"`,;()\[\]{}/.:=@<>|\\…]{10,}")
"""A word that is no part of a path, an address or a dotted name."""
_MAY_BE_TOLD_APART = re.compile(r"://[^/\s]*@|-----BEGIN|(?=[\w.-]*\d)(?![0-9a-f]+(?![\w.-]))[\w.-]{16,}", re.ASCII)
"""What the detectors may know: a login, armour, a long word with a digit that is no digest."""
_SYMBOLS = frozenset("#!$^&*%?")


def say(text: str) -> None:
    """Print a message of the gate to standard error."""
    print(f"gate: {visible_lines(without_secrets(text))}", file=sys.stderr)


def without_secrets(text: str) -> str:
    """Return a message without what looks like a secret in it: too much of it is hidden rather than too little."""
    text = _WORD.sub(lambda found: HIDDEN if _looks_random(found[0]) else found[0], text)
    if not _MAY_BE_TOLD_APART.search(text):
        return text
    from gate.core.cache_folder import user_cache_folder
    from gate.secrets.results.masking import masked_texts

    return masked_texts({text}, str(user_cache_folder())).get(text, text)


def _looks_random(word: str) -> bool:
    """True for what has capitals, small letters and digits, as no word and no digest has."""
    counts = [sum(map(kind, word)) for kind in (str.isupper, str.islower, str.isdigit)]
    has_symbol = not _SYMBOLS.isdisjoint(word)
    return min(counts) >= (1 if has_symbol else 2) and len(word) >= (10 if has_symbol else 16)

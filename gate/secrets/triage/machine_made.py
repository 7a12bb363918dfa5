"""Separates what a program made up from what a person did: letters and digits without words."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.secrets.triage.evidence import looks_generated
from gate.secrets.triage.wordlikeness import is_scrambled, reads_as_words

SHORTEST = 7
"""Characters of the shortest value that can be known from a word or two: `xkdwmq7`."""
_KEYBOARD = lazy_regex(r"1q2w|1qaz|q1w2|qwer|asdf|zxcv|qaz|zaq|!@#", re.IGNORECASE)
_APP_PASSWORD = lazy_regex(r"[a-z]{4}(?:([- ])[a-z]{4})(?:\1[a-z]{4}){2}")
"""Four times four letters, as Apple and Google give them out for one application."""
_CASES_OR_DIGIT = lazy_regex(r".*[0-9]|.*[A-Z].*[a-z]|.*[a-z].*[A-Z]", re.DOTALL)
_LISTED = lazy_regex(r"\s*-?[0-9]{1,3}(?:\s*,\s*-?[0-9]{1,3}){7,}\s*,?\s*")


def is_machine_made(value: str) -> bool:
    """True for a value that is no words, no name in parts (`hub-color-mode`) and no walk over the keyboard.

    A list of bytes in decimal is one as well, and an application's password of four by four letters.
    """
    is_of_application = _APP_PASSWORD.fullmatch(value) is not None and is_scrambled(re.sub("[- ]", "", value))
    if is_of_application or _LISTED.fullmatch(value):
        return True
    if len(value) < SHORTEST or not _CASES_OR_DIGIT.match(value) or _KEYBOARD.search(value):
        return False
    return (is_scrambled(value) or looks_generated(value)) and not reads_as_words(value)

"""What commands say on standard error: in one place, so that no message shows what a report would hide.

Errors quote what somebody wrote in the wrong place (a key or value of settings, a variable, a flag): perhaps a secret.
"""

import sys

from gate.core.hiding import may_hold_secret, without_random_words
from gate.core.text import visible_lines

WIDTH = 100
"""Columns of text that is to be read."""


def say(text: str) -> None:
    """Print a message of the gate to standard error."""
    print(f"gate: {visible_lines(without_secrets(text))}", file=sys.stderr)


def without_secrets(text: str) -> str:
    """Return a message without what looks like a secret in it: too much of it is hidden rather than too little."""
    text = without_random_words(text)
    if not may_hold_secret(text):
        return text
    from gate.core.cache_folder import user_cache_folder
    from gate.secrets.results.masking import masked_texts

    return masked_texts({text}, str(user_cache_folder())).get(text, text)

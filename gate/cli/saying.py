"""Messages of commands on standard error, all printed here so that none shows a secret that a report would mask.

Errors quote wrong input (a key or value of settings, a variable, a flag), which may be a secret.
"""

import sys

from gate.core.hiding import may_hold_secret, without_random_words
from gate.core.text import visible_lines

WIDTH = 100
"""Columns at which text for people is wrapped."""


def say(text: str) -> None:
    """Print a message of the gate to standard error."""
    print(f"gate: {visible_lines(without_secrets(text))}", file=sys.stderr)


def without_secrets(text: str) -> str:
    """Return a message with everything masked that looks like a secret; in doubt, too much is masked."""
    text = without_random_words(text)
    if not may_hold_secret(text):
        return text
    from gate.core.cache_folder import user_cache_folder
    from gate.secrets.results.masking import masked_texts

    return masked_texts({text}, str(user_cache_folder())).get(text, text)


_IS_QUIET = False


def be_quiet() -> None:
    """Print no confirmations from now on (`-q`)."""
    global _IS_QUIET
    _IS_QUIET = True


def confirm(text: str) -> None:
    """Print to standard output what a command has done, unless `-q` was given."""
    if not _IS_QUIET:
        print(text)

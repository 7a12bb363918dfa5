"""Asking before a command writes files of a repository."""

import sys
from typing import TextIO

from gate.core.errors import UsageError

_CONSENTING = ("y", "yes")


def is_wanted(question: str, *, yes: bool) -> bool:
    """True if writing is wanted: `--yes` was given, or the answer on the terminal is yes.

    Raises UsageError if there is no terminal to ask on: silence is not consent.
    """
    if yes:
        return True
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        raise UsageError(
            "nothing is written, because there is no terminal to ask on", hint="--yes writes it, --check only checks"
        )
    print(f"{question} [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in _CONSENTING


def _is_terminal(stream: TextIO | None) -> bool:
    """True if a person is at the other end; a stream that is closed is None, or raises ValueError."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False

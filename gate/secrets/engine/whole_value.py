"""The whole of a secret, where detect-secrets' detector names only a part of it.

Its GitHub and GitLab detectors yield the prefix (`ghp`, `glpat`) and its private key detector the header: by these
alone all tokens, and all keys of a kind, would be one secret.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from gate.core.lazy_regex import lazy_regex

_GITHUB = lazy_regex(r"gh[pousr]_[A-Za-z0-9_]{36}")
_GITLAB = lazy_regex(r"(?:glpat|gldt|glft|glsoat|glrt|glcbt)-[0-9A-Za-z_-]{20,300}(?:\.[0-9a-z]{2,9}){0,2}")
_MAX_KEY_LINES = 200
"""An RSA key of 16,384 bits has 196 lines."""


def whole_values(secret_type: str, value: str, lines: Sequence[str], number: int) -> list[str]:
    """Return the secrets that a detector's `value` in line `number` (from 1) stands for; itself if it is whole."""
    line = lines[number - 1] if number <= len(lines) else ""
    match secret_type:
        case "GitHub Token":
            return _GITHUB.findall(line) or [value]
        case "GitLab Token":
            return _GITLAB.findall(line) or [value]
        case "Private Key" | "OpenVPN static key":
            return [_key_from(value, line, lines[number : number + _MAX_KEY_LINES])]
        case _:
            return [value]


def _key_from(header: str, line: str, following: Sequence[str]) -> str:
    """Return a key from its header to its footer, blanks and quotes left out, so that indentation does not matter."""
    first = line[max(line.find(header), 0) :]
    text, footer, _ = "\n".join([first, *following]).partition("-----END")
    if not footer:
        text = "\n".join([first, *takewhile(_BODY.fullmatch, following)])
    return re.sub(r"[^A-Za-z0-9+/=-]", "", text) or header


_BODY = lazy_regex(r"[\s\"'+,;\\.]*(?:[A-Za-z-]{4,12}: .*|[A-Za-z0-9+/=]{8,}(?:\\[nr])*[\s\"'+,;\\.]*|)")
"""A line of a key that has no footer: base64, in a string or not, one of the headers in front of it, or nothing."""

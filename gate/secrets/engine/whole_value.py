"""The whole of a secret, where detect-secrets' detector names only a part of it.

Its GitHub and GitLab detectors yield the prefix (`ghp`, `glpat`) and its private key detector the header: by these
alone all tokens, and all keys of a kind, would be one secret.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from gate.core.lazy_regex import lazy_regex
from gate.secrets.kinds.catalogue import kind_of

_MAX_KEY_LINES = 200
"""An RSA key of 16,384 bits has 196 lines."""
_BODY = lazy_regex(r"[\s\"'+,;\\.]*(?:[A-Za-z-]{4,12}: .*|[A-Za-z0-9+/=]{8,}(?:\\[nr])*[\s\"'+,;\\.]*|)")
"""A line of a key that has no footer: base64, in a string or not, one of the headers in front of it, or nothing."""


def whole_values(secret_type: str, value: str, lines: Sequence[str], number: int) -> list[str]:
    """Return the secrets that a detector's `value` in line `number` (from 1) stands for; itself if it is whole."""
    line = lines[number - 1] if number <= len(lines) else ""
    kind = kind_of(secret_type)
    if kind.is_key_block:
        return [_key_from(value, line, lines[number : number + _MAX_KEY_LINES])]
    return re.findall(kind.whole, line) or [value] if kind.whole else [value]


def _key_from(header: str, line: str, following: Sequence[str]) -> str:
    """Return a key from its header to its footer, blanks and quotes left out, so that indentation does not matter."""
    first = line[max(line.find(header), 0) :]
    text, footer, _ = "\n".join([first, *following]).partition("-----END")
    if not footer:
        text = "\n".join([first, *takewhile(_BODY.fullmatch, following)])
    return re.sub(r"[^A-Za-z0-9+/=-]", "", text) or header

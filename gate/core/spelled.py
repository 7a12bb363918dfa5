r"""A word in any spelling that YAML and JSON have for it, so that a search for its letters alone misses no file.

The text of a scalar is written letter for letter (plain, in single quotes, in a block, behind an anchor), in double
quotes with letters as escapes (`"k\u0069nd"`) or an escaped line end between them, or in base64 behind the tag
`!!binary`, which itself may be written with `%` or `%TAG` (YAML 1.2, 5.7, 6.5, 6.8, 7.3; RFC 8259, 7). Its letters have
white space, a quote or a sign of YAML on both sides. There is no other way, so that what `may_hold` says no to has no
scalar of that text: it is wider than any parser.
"""

import re
from functools import lru_cache

from gate.core.source_text import as_utf8

_LINE_END = rb"(?:\\(?:\r\n|[\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9])[ \t\r\n]*)*"
"""Line ends that a backslash takes out of a text, and the blanks before the next letter."""
_TAGGED = re.compile(rb"binary|%TAG|![^\s,\[\]{}]*%")
"""What every tag for base64 holds."""
_BEFORE, _BEHIND = rb"[^\s\"'\[{,:\x85\xa8\xa9\xbf]", rb"(?![^\s\"'\]},:\xc2\xe2])"
"""A byte that no scalar begins behind, and what none ends before: YAML's line ends and marks are of several bytes."""


def may_hold(content: bytes, *words: str) -> bool:
    """False if one of the words, which are of ASCII's letters, is no scalar in a text of YAML or JSON."""
    utf8 = as_utf8(content)
    missing = [word for word in words if word.encode() not in utf8 or not _alone(word).search(utf8)]
    if not missing or _TAGGED.search(utf8):
        return True
    return b"\\" in utf8 and all(_in_quotes(word).search(utf8) for word in missing)


@lru_cache(maxsize=64)
def _alone(word: str) -> re.Pattern[bytes]:
    return re.compile(rb"%b(?<!%b%b)%b" % (word.encode(), _BEFORE, word.encode(), _BEHIND))


@lru_cache(maxsize=64)
def _in_quotes(word: str) -> re.Pattern[bytes]:
    letters = (rb"(?:%c|\\(?:x|u00|U000000)(?i:%02x))" % (ord(letter), ord(letter)) for letter in word)
    return re.compile(_LINE_END.join(letters))

"""Texts behind an encoding: base64 (once or more, compressed, of UTF-16), base32, hexadecimal, lists of numbers.

An encoding makes a few fixed texts of what a token begins with. The pre-filter looks for these, and for the words that
stand near passwords: patterns of all that could be an encoded text would cost a third of its time.
"""

import base64
import binascii
import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists
from gate.secrets.decoders.part import Mark
from gate.secrets.engine.prefilter_patterns import Pattern
from gate.secrets.engine.text import decode_wide

ENCODINGS = "Encodings"
"""Stands for a plugin in the pre-filter's patterns."""
_LISTS = word_lists(__file__)
_PREFIXES = _LISTS["prefixes"]
"""What tokens of the most used formats, and private keys, begin with: an encoding makes a few fixed texts of each."""
_WORDS = (
    *("password", "Password", "PASSWORD", "passwd", "secret", "SECRET", "api_key", "API_KEY", "apikey", "apiKey"),
    *("_token", "TOKEN", "postgres", "mysql://", "mongodb", "redis://", "amqp://"),
)
"""What settings with a secret in them have."""
_WIDE_WORDS = (
    *("ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "AKIA", "ASIA", "xoxb-", "xoxp-", "sk_live_", "-----BEGIN"),
    *("password", "Password", "PASSWORD", "token", "TOKEN", "secret", "SECRET", "://"),
)
"""Words by which base64 of UTF-16 is known, as PowerShell takes its commands."""
_RUN_BEFORE = lazy_regex(r"[A-Za-z0-9+/_-]*+")
_LONGEST_BEFORE = 4_000
_FURTHEST = 16 << 10
"""Characters that are searched at once, of which many are in no value."""
_REACH = 160
"""Characters: the longest list that the pre-filter marks."""
_BEFORE_LINE = 40
"""Characters that may stand before base64 in its line."""
_PRINTED = bytes((9, 10, 13, *range(32, 127)))
_COMPRESSIONS: tuple[tuple[bytes, "Callable[[bytes], bytes]"], ...] = (
    (b"\x1f\x8b", lambda content: zlib.decompressobj(31).decompress(content, MAX_UNPACKED)),
    (b"\x78", lambda content: zlib.decompressobj(15).decompress(content, MAX_UNPACKED)),
    (b"BZh", lambda content: bz2.BZ2Decompressor().decompress(content, MAX_UNPACKED)),
    (b"\xfd7zXZ\0", lambda content: lzma.LZMADecompressor(memlimit=64 << 20).decompress(content, MAX_UNPACKED)),
)


def _stems(word: bytes) -> Iterator[bytes]:
    """Yield what base64 makes of a word, wherever it begins among three bytes, without what its neighbours decide."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + word + bytes(2))
        whole = (before + len(word)) * 4 // 3
        yield encoded[(before * 4 + 2) // 3 : whole]


def _literals() -> Iterator[bytes]:
    """Yield what encodings make of what tokens begin with, and base64 of the words near passwords."""
    for prefix in map(str.encode, _PREFIXES):
        once = list(_stems(prefix))
        yield from once
        for stem in once:
            yield from _stems(stem)
        yield from (prefix.hex().encode(), prefix.hex().upper().encode())
        for form in (b"%d", b"0x%02x", b"0x%02X"):
            codes = [form % code for code in prefix]
            yield from (between.join(codes) for between in (b",", b", ", b" "))
    for word in map(str.encode, _WORDS):
        yield from (*_stems(word), word.hex().encode(), word.hex().upper().encode())
    for wide in _WIDE_WORDS:
        yield from _stems(wide.encode("utf-16-le"))


SIEVE = (
    *(Pattern(ENCODINGS, re.escape(literal)) for literal in dict.fromkeys(_literals())),
    Pattern(ENCODINGS, rb"SDRzS[A-Za-z0-9+/_-]{20}"),  # H4sI once more, as Helm keeps its releases
    Pattern(ENCODINGS, rb"H4sI[A-Za-z0-9+/_-]{20}"),
    Pattern(ENCODINGS, rb"eJ[A-Za-z0-9+/_-]{30}"),
    Pattern(ENCODINGS, rb"/Td6WFoA"),
    Pattern(ENCODINGS, rb"QlpoO[A-Za-z0-9+/_-]{10}"),
    Pattern(ENCODINGS, rb"[A-Z2-7]{40}"),
)
"""Lines with an encoding of a text."""

_IS_BASE64 = lazy_regex(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_IS_HEX = lazy_regex(r"(?:[0-9a-fA-F]{2}){20,}")
_IS_BASE32 = lazy_regex(r"[A-Z2-7]{40,}={0,6}")
_IS_HEX_LIST = lazy_regex(r"(?:0x[0-9a-fA-F]{2}['\"]?[,;: \t]{1,3}['\"]?){15,}0x[0-9a-fA-F]{2}")
_IS_LIST = lazy_regex(r"(?:[0-9]{1,3}[,; \t]{1,3}){15,}[0-9]{1,3}")
_LINE_OF_BASE64 = lazy_regex(r"[ \t\"'#*>|+]{0,40}([A-Za-z0-9+/_-]{4,}={0,2})[ \t\"'+,;\\]{0,8}$")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-=")
_BEHIND_LINE = " \t\"',;\\"
"""What a line of base64 ends with, and what else may stand behind these, `+` too, eight times."""
_BEHIND_ESCAPE = lazy_regex(r"\\[nrt]")
_MOST_LINES = 4_000
"""Lines of one text in base64."""
MAX_UNPACKED = 8 << 20
"""Bytes that one compressed value may come to."""
_BEFORE = 32
"""Characters before the end of what the pre-filter saw that the value may begin in: the shortest that it marks."""


def decoded_texts(marks: Sequence[Mark], lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for each text that an encoding hides at the marked places, at the line where it begins."""
    done = 0
    for mark in marks:
        if mark.line <= done:  # it belongs to the base64 that began above
            continue
        wrapped, done = _wrapped(mark, lines)
        whole = _text(_from_base64(wrapped)) if wrapped else None
        for text in (whole,) if whole is not None else _in_line(mark):
            yield mark.line, text


class _Search:
    """One kind of encoding in a line: each stretch of it is searched once, whatever places lie in it."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern = pattern
        self._text = text
        self._end = 0
        """Of the last value."""
        self._since = self._until = 0
        """A stretch in which no value begins."""

    def is_done(self, place: int) -> bool:
        """True if no further value can be found at a place."""
        if place <= self._end:
            return True
        return place < self._until and self._since <= max(self._end, place - _LONGEST_BEFORE)

    def values(self, place: int, start: int, escape: tuple[int, int]) -> Iterator[str]:
        """Yield the values that begin between `start` and the place, which lies behind an escape."""
        start = max(start, self._end, 0)
        start = escape[1] if escape[0] >= start else start
        known = self._until - self._since
        if self._since <= start <= self._until:
            start = self._until
        else:
            self._since = start
        while start <= place:
            # Not to the end of the line, which may have megabytes: a little further each time that nothing is there.
            until = place + _REACH + min(known, _FURTHEST)
            seen = self._pattern.search(self._text, start, until)
            if seen is None or seen.start() > place:
                start = seen.start() if seen else until - _REACH + 1
                break
            run = self._pattern.match(self._text, seen.start())
            assert run  # what matches before an end matches without
            start = self._since = self._end = run.end()
            known = 0
            yield run[0]
        self._until = start


def _last_escape(text: str, place: int) -> tuple[int, int]:
    """Return where the last `\\n` begins and ends in the characters before a place; (-1, -1) if there is none."""
    escapes = list(_BEHIND_ESCAPE.finditer(text, max(place - _BEFORE, 0), place))
    return escapes[-1].span() if escapes else (-1, -1)


def _run_start(text: str, place: int) -> int:
    """Return where the run of base64 begins in which a place lies, else a little before the place."""
    for most in (_REACH, _LONGEST_BEFORE):
        run = _RUN_BEFORE.match(text[max(place - most, 0) : place][::-1])
        length = run.end() if run else 0
        if length < most:
            break
    return place - max(length, _REACH)


def _wrapped(mark: Mark, lines: Sequence[str]) -> tuple[str, int]:
    """Return base64 that goes on below its line, and the last of its lines; else nothing, and the line itself."""
    is_possible = mark.places and mark.text[-9:].rstrip(_BEHIND_LINE)[-1:] in _LETTERS
    first = _at_its_end(mark.text[-4_000:]) if is_possible else None
    pieces = [first[1]] if first else []
    number = mark.line
    while pieces and number < len(lines) and number - mark.line < _MOST_LINES:
        piece = _LINE_OF_BASE64.match(lines[number].rstrip("\n"))
        if piece is None or pieces[-1].endswith("="):
            break
        pieces.append(piece[1])
        number += 1
    return ("".join(pieces), number) if len(pieces) > 1 else ("", mark.line)


def _at_its_end(text: str) -> re.Match[str] | None:
    """Search for a line of base64 from where the last run of it begins: from each letter it would be quadratic."""
    bare = text.rstrip(f"{_BEHIND_LINE}+=")
    run = _RUN_BEFORE.match(bare[::-1])
    start = len(bare) - (run.end() if run else 0)
    return _LINE_OF_BASE64.search(text, max(start - _BEFORE_LINE, 0))


def _from_base64(value: str) -> bytes | None:
    plain = value.rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return None


def _from_hex(value: str) -> bytes | None:
    return bytes.fromhex(value)


def _from_base32(value: str) -> bytes | None:
    plain = value.rstrip("=")
    try:
        return base64.b32decode(plain + "=" * (-len(plain) % 8))
    except binascii.Error:
        return None


def _from_hex_list(value: str) -> bytes | None:
    return bytes(int(one, 16) for one in re.findall(r"0x([0-9a-fA-F]{2})", value))


def _from_list(value: str) -> bytes | None:
    codes = [int(one) for one in re.findall(r"[0-9]+", value)]
    return bytes(codes) if max(codes) < 256 else None


_RUNS: tuple[tuple[re.Pattern[str], "Callable[[str], bytes | None]"], ...] = (
    (_IS_BASE64, _from_base64),
    (_IS_HEX, _from_hex),
    (_IS_BASE32, _from_base32),
    (_IS_HEX_LIST, _from_hex_list),
    (_IS_LIST, _from_list),
)


def _in_line(mark: Mark) -> Iterator[str]:
    searches = [(_Search(pattern, mark.text), decode) for pattern, decode in _RUNS]
    for place in mark.places:
        left = [one for one in searches if not one[0].is_done(place)]
        if not left:
            continue
        start, escape = _run_start(mark.text, place), _last_escape(mark.text, place)
        for search, decode in left:
            for value in search.values(place, start, escape):
                text = _text(decode(value))
                if text is not None:
                    yield text


def _text(content: bytes | None) -> str | None:
    """Return the text that bytes are, unpacked if need be; None for what is none."""
    if not content:
        return None
    content = _unpacked(content)
    wide = decode_wide(content)
    if wide is not None:
        return wide.content
    return content.decode("utf-8", "replace") if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    """True if most of the bytes are letters, digits and signs of ASCII."""
    return len(content.translate(None, _PRINTED)) * 10 <= len(content)


def _unpacked(content: bytes) -> bytes:
    """Return what compressed bytes hold, up to MAX_UNPACKED; others as they are."""
    for mark, make in _COMPRESSIONS:
        if content.startswith(mark):
            try:
                return bytes(make(content))
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
                return content
    return content

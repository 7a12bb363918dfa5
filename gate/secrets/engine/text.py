"""From bytes to text: the encodings that a secret can hide in."""

import codecs
from collections.abc import Mapping
from functools import cached_property

import msgspec

from gate.secrets.engine.lines import Lines

SNIFFED = 8192
"""Bytes that are looked at to tell a binary file, as git does."""

_MARKED_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT = bytes((9, 10, 12, 13, 27, *range(32, 127)))
_SHARE_OF_TEXT = 0.9
_AT_ONCE = 1 << 14
"""Bytes: a picture is known as one by its first few."""
_FEWEST_WIDE = 16
_SHARE_OF_NULS = 0.7
"""With as many among the even or the odd bytes, these are the upper halves of letters."""


class Text(msgspec.Struct, frozen=True, dict=True):
    """A file's text, each line ended by a line feed alone, and the same in UTF-8."""

    content: str
    utf8: bytes
    encoding: str

    @cached_property
    def lines(self) -> Lines:
        """Its lines."""
        return Lines(self.content)

    def know(self, starts: Mapping[int, int]) -> None:
        """Note where in the UTF-8 some of its lines, by their numbers from 1 in order, start: they are at hand then."""
        self.lines.know(starts if self.content.isascii() else self._in_characters(starts))

    def _in_characters(self, starts: Mapping[int, int]) -> dict[int, int]:
        places, last, count = {}, 0, 0
        for number, start in starts.items():
            count += len(self.utf8[last:start].decode())
            places[number] = count
            last = start
        return places


def looks_binary(content: bytes) -> bool:
    """True if there is a NUL byte near the start and no mark of UTF-16 or UTF-32."""
    return b"\0" in content[:SNIFFED] and _marked_encoding(content) is None


def is_mostly_text(content: bytes) -> bool:
    """True if nine of ten bytes are ASCII's letters, digits, signs and blanks."""
    most = len(content) * (1 - _SHARE_OF_TEXT)
    other = 0
    for start in range(0, len(content), _AT_ONCE):
        other += len(content[start : start + _AT_ONCE].translate(None, _TEXT))
        if other > most:
            return False
    return True


def decode(content: bytes) -> Text | None:
    """Decode a file; None if it is binary.

    What is valid UTF-8 is text, NUL bytes or not, as in detect-secrets. Other text is read byte for byte (Latin-1):
    detectors look for ASCII, so that a single foreign letter does not hide a file.
    """
    text = _decode_marked(content) or _decode_utf8(content)
    if text is None and not looks_binary(content):
        text = _normalized(content.decode("latin-1"), "latin-1")
    return text


def decode_read(content: bytes) -> Text | None:
    """Decode as `decode_unmarked`, but for gate mode: a NUL makes a file binary only if little of it is text."""
    bare = content.removeprefix(codecs.BOM_UTF8)
    text = _decode_marked(bare) or _decode_utf8(bare)
    if text is None and (b"\0" not in bare or is_mostly_text(bare)):
        text = _normalized(bare.decode("latin-1"), "latin-1")
    return text


def decode_unmarked(content: bytes) -> Text | None:
    """Decode as `decode`, without the mark of UTF-8 that detect-secrets leaves in front of the first line."""
    return decode(content.removeprefix(codecs.BOM_UTF8))


def decode_wide(content: bytes) -> Text | None:
    """Decode UTF-16 or UTF-32, with a byte order mark or without; None for all else.

    Every other byte of its ASCII letters is a NUL, or three of four.
    """
    encoding = _wide_encoding(content[:SNIFFED])
    text = content.decode(encoding, "replace").removeprefix("\ufeff") if encoding else ""
    return _normalized(text, encoding) if encoding else None


def _wide_encoding(start: bytes) -> str | None:
    if len(start) < _FEWEST_WIDE or b"\0" not in start:
        return None
    if start.count(0) >= len(start) * _SHARE_OF_NULS and len(start) % 4 == 0:
        return next((name for place, name in ((0, "utf-32-le"), (3, "utf-32-be")) if not _is_empty(start, place)), None)
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high, low = start[offset::2], start[1 - offset :: 2]
        if high.count(0) >= len(high) * _SHARE_OF_NULS and low.count(0) < len(low) * (1 - _SHARE_OF_NULS):
            return encoding
    return None


def _is_empty(start: bytes, place: int) -> bool:
    """True if there is hardly a letter at this place of four bytes."""
    return start[place::4].count(0) * 10 > len(start[place::4])


def _marked_encoding(content: bytes) -> str | None:
    return next((name for mark, name in _MARKED_ENCODINGS if content.startswith(mark)), None)


def _decode_marked(content: bytes) -> Text | None:
    encoding = _marked_encoding(content)
    if encoding is None:
        return None
    try:
        return _normalized(content.decode(encoding), encoding)
    except UnicodeDecodeError:  # a binary file can start with the same bytes
        return None


def _decode_utf8(content: bytes) -> Text | None:
    try:
        codecs.utf_8_decode(content[:SNIFFED])  # a picture is known by its first bytes
    except UnicodeDecodeError:
        return None
    # Bytes take a quarter of what a text with one rare letter does.
    utf8 = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content
    try:
        return Text(utf8.decode(), utf8, "utf-8")
    except UnicodeDecodeError:
        return None


def _normalized(text: str, encoding: str) -> Text:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(text, text.encode(), encoding)

"""From bytes to text: the encodings that a secret can hide in."""

import codecs

import msgspec

SNIFFED = 8192
"""Bytes that are looked at to tell a binary file, as git does."""

_MARKED_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Text(msgspec.Struct, frozen=True):
    """A file's text, each line ended by a line feed alone, and the same in UTF-8."""

    content: str
    utf8: bytes
    encoding: str


def looks_binary(content: bytes) -> bool:
    """True if there is a NUL byte near the start and no mark of UTF-16 or UTF-32."""
    return b"\0" in content[:SNIFFED] and _marked_encoding(content) is None


def decode(content: bytes) -> Text | None:
    """Decode a file; None if it is binary.

    What is valid UTF-8 is text, NUL bytes or not, as in detect-secrets. Other text is read byte for byte (Latin-1):
    detectors look for ASCII, so that a single foreign letter does not hide a file.
    """
    text = _decode_marked(content) or _decode_utf8(content)
    if text is None and not looks_binary(content):
        text = _normalized(content.decode("latin-1"), "latin-1")
    return text


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
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return _normalized(text, "utf-8") if "\r" in text else Text(text, content, "utf-8")


def _normalized(text: str, encoding: str) -> Text:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(text, text.encode(), encoding)

"""JSON as reports write it: in a fixed order, indented while somebody may read it, nothing that a terminal obeys."""

import io
import re
from collections.abc import Callable
from typing import Any, TextIO, TypeVar

import msgspec

from gate.text import encodable

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What a terminal may act on or hide; in JSON such characters stand in strings alone and may be escaped there."""
_PLAIN = bytes(range(0x7F))
_MOST_INDENTED = 4_000_000
"""Bytes; a longer text is for programs, and its indentation would be a third of it."""
_ENCODER = msgspec.json.Encoder(order="deterministic")

Encoded = TypeVar("Encoded")


def write_json(value: Any, stream: TextIO) -> None:
    """Write `value` (Structs, dicts, lists, …) as JSON that ends with a line end."""
    write_utf8(json_utf8(value), stream)


def write_utf8(encoded: bytes | bytearray, stream: TextIO) -> None:
    """Write a text that is UTF-8 already; a stream that would only encode it again gets the bytes as they are."""
    if isinstance(stream, io.TextIOWrapper) and stream.encoding == "utf-8":
        stream.flush()
        stream.buffer.write(encoded)
    else:
        stream.write(encoded.decode())


def json_utf8(value: Any) -> bytes | bytearray:
    """Return what `write_json` writes."""
    return indented(shown_bytes(value))


def shown_bytes(value: Any) -> bytearray:
    """Return `value` as JSON on one line in which nothing is hidden; more may be added to it without a copy."""
    encoded = bytearray()
    _encode(value, lambda encodable_value: _ENCODER.encode_into(encodable_value, encoded))
    if _has_unseen(encoded):
        encoded = bytearray(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded.decode()).encode())
    return encoded


def indented(encoded: bytearray) -> bytes | bytearray:
    """Return JSON on one line as reports have it, with a line end: indented as long as somebody may read it."""
    if len(encoded) <= _MOST_INDENTED:
        return msgspec.json.format(encoded, indent=2) + b"\n"
    encoded += b"\n"
    return encoded


def _has_unseen(encoded: bytearray) -> bool:
    """True if there is something to escape; taking ASCII out first is ten times faster than looking at all of it."""
    return _UNSEEN.search(encoded.translate(None, _PLAIN).decode()) is not None


def json_bytes(value: Any) -> bytes:
    """Return `value` as UTF-8 JSON on one line, the same for the same value: what a name or a hash is made of."""
    return _encode(value, _ENCODER.encode)


def _encode(value: Any, encode: Callable[[Any], Encoded]) -> Encoded:
    try:
        return encode(value)
    except UnicodeEncodeError:
        return encode(_made_encodable(msgspec.to_builtins(value)))


def _made_encodable(value: Any) -> Any:
    match value:
        case str():
            return encodable(value)
        case dict():
            return {encodable(key): _made_encodable(part) for key, part in value.items()}
        case list() | tuple():
            return [_made_encodable(part) for part in value]
        case _:
            return value

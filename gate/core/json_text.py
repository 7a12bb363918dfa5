"""JSON as reports write it: keys in a fixed order, indented unless it is very large, safe to print on a terminal."""

import io
from collections.abc import Callable
from typing import Any, TextIO, TypeVar

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.text import encodable

_UNSEEN = lazy_regex("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Characters that a terminal may act on or hide. In JSON they stand in strings only, where they can be escaped."""
_PLAIN = bytes(range(0x7F))
_MOST_INDENTED = 4_000_000
"""Bytes; a longer text is read by programs, and indentation would make it a third larger."""
_ENCODER = msgspec.json.Encoder(order="deterministic")

Encoded = TypeVar("Encoded")


def write_json(value: Any, stream: TextIO) -> None:
    """Write `value` (Structs, dicts, lists, …) as JSON that ends with a line end."""
    write_utf8(json_utf8(value), stream)


def write_utf8(encoded: bytes | bytearray, stream: TextIO) -> None:
    """Write a text that is already UTF-8; a stream that encodes as UTF-8 gets the bytes without decoding them first."""
    if isinstance(stream, io.TextIOWrapper) and stream.encoding == "utf-8":
        stream.flush()
        stream.buffer.write(encoded)
    else:
        stream.write(encoded.decode())


def json_utf8(value: Any) -> bytes | bytearray:
    """Return what `write_json` writes."""
    return indented(escaped_json(value))


def escaped_json(value: Any) -> bytearray:
    """Return `value` as JSON on one line, with invisible characters escaped; more can be appended without a copy."""
    encoded = bytearray()
    _encode(value, lambda encodable_value: _ENCODER.encode_into(encodable_value, encoded))
    if _has_unseen(encoded):
        encoded = bytearray(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded.decode()).encode())
    return encoded


def indented(encoded: bytearray) -> bytes | bytearray:
    """Return JSON on one line with a line end, and indented if it has at most _MOST_INDENTED bytes."""
    if len(encoded) <= _MOST_INDENTED:
        return msgspec.json.format(encoded, indent=2) + b"\n"
    encoded += b"\n"
    return encoded


def _has_unseen(encoded: bytearray) -> bool:
    """True if there is something to escape; removing ASCII first is ten times faster than searching all of it."""
    return _UNSEEN.search(encoded.translate(None, _PLAIN).decode()) is not None


def json_bytes(value: Any) -> bytes:
    """Return `value` as UTF-8 JSON on one line, always the same for the same value, so that it can be hashed."""
    return _encode(value, _ENCODER.encode)


def _encode(value: Any, encode: Callable[[Any], Encoded]) -> Encoded:
    try:
        return encode(value)
    except UnicodeEncodeError:  # lone surrogates, of file names that are no UTF-8
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

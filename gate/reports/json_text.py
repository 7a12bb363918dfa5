"""JSON as reports write it: indented, in a fixed order, and nothing in it that a terminal would act on."""

import re
from typing import Any

import msgspec

from gate.text import encodable

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What a terminal may act on or hide; in JSON such characters stand in strings alone and may be escaped there."""
_PLAIN = bytes(range(0x7F))


def json_text(value: Any) -> str:
    """Return `value` (Structs, dicts, lists, …) as JSON text that ends with a line end."""
    formatted = msgspec.json.format(_encoded(value), indent=2) + b"\n"
    text = formatted.decode()
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) if _has_unseen(formatted) else text


def _has_unseen(formatted: bytes) -> bool:
    """True if there is something to escape; taking ASCII out first is ten times faster than looking at all of it."""
    return _UNSEEN.search(formatted.translate(None, _PLAIN).decode()) is not None


def _encoded(value: Any) -> bytes:
    encoder = msgspec.json.Encoder(order="deterministic")
    try:
        return encoder.encode(value)
    except UnicodeEncodeError:
        return encoder.encode(_made_encodable(msgspec.to_builtins(value)))


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

"""`json`: the whole report, for other programs; `gate schema report` prints its JSON Schema."""

import re
from typing import Any, TextIO

import msgspec

from gate.model import Report
from gate.reports.order import worst_first
from gate.text import encodable

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What a terminal may act on or hide; in JSON such characters stand in strings alone and may be escaped there."""


def write(report: Report, stream: TextIO) -> None:
    """Write the report as indented JSON: findings worst first, absent parts null."""
    ordered = msgspec.structs.replace(report, findings=tuple(worst_first(report.findings)))
    text = msgspec.json.format(_encoded(ordered), indent=2).decode()
    stream.write(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def _encoded(report: Report) -> bytes:
    encoder = msgspec.json.Encoder(order="deterministic")
    try:
        return encoder.encode(report)
    except UnicodeEncodeError:
        return encoder.encode(_made_encodable(msgspec.to_builtins(report)))


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

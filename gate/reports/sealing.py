"""What a JSON report states of its own content, so that a report that was changed or cut is noticed.

Its last member is the SHA-256 of the report without it and without the times, as JSON without white space: two runs on
the same input have the same. Anybody can compute that: it holds against accidents and careless hands. Against whoever
wants to deceive, only a signature does (`gate attest`, `gate merge --key`), which is over every byte.
"""

import hashlib
import re

import msgspec

from gate.json_text import shown_bytes
from gate.model import Report

_STATED = re.compile(rb',"sha256":"([0-9a-f]{64})"}\Z')
_TIMES = re.compile(rb'"(duration_s|started_at|finished_at)":("[^"]*"|[^,}]*)')
"""Of the stages. In a text of a report there is no such thing: its quotes have a backslash before them."""
_BEHIND_STAGES = b',"findings":['


def sealed(report: Report) -> bytearray:
    """Return a report as JSON on one line, with the digest of all that stands before it."""
    encoded = shown_bytes(msgspec.structs.replace(report, sha256=msgspec.UNSET))
    with memoryview(encoded) as whole, whole[:-1] as opened:
        digest = _digest(opened)
    encoded[-1:] = b',"sha256":"%s"}' % digest
    return encoded


def is_sealed(content: bytes) -> bool:
    """True if a JSON report with this content states the digest that it has."""
    encoded = msgspec.json.format(content, indent=-1)
    stated = _STATED.search(encoded)
    return stated is not None and _digest(memoryview(encoded)[: stated.start()]) == stated[1]


def _digest(opened: memoryview) -> bytes:
    """Return the digest of a report without its last brace."""
    place = _end_of_stages(opened)
    hashed = hashlib.sha256(_TIMES.sub(rb'"\1":null', bytes(opened[:place])))
    hashed.update(opened[place:])
    return hashed.hexdigest().encode()


def _end_of_stages(opened: memoryview) -> int:
    found = re.search(re.escape(_BEHIND_STAGES), opened)
    return found.start() if found else 0

"""What a JSON report states of its own content, so that a report that was changed or cut is noticed.

Its last member is the SHA-256 of the report without it and without the times, as JSON without white space: two runs on
the same input have the same. Anybody can compute that: it holds against accidents and careless hands. Against whoever
wants to deceive, only a signature does (`gate attest`, `gate merge --key`), which is over every byte.
"""

import hashlib
import re

import msgspec

from gate.core.json_text import escaped_json
from gate.model import Report

_STATED = re.compile(rb',"sha256":"([0-9a-f]{64})"}\Z')
_TIMES = re.compile(rb'"(duration_s|started_at|finished_at)":("[^"]*"|[^,}]*)')
"""Of the stages. In a text of a report there is no such thing: its quotes have a backslash before them."""
_BEHIND_STAGES = b',"findings":['


def sealed(report: Report) -> tuple[memoryview, bytes]:
    """Return a report as JSON on one line, and its end with the digest: apart, as the first is not to be copied."""
    opened = memoryview(escaped_json(msgspec.structs.replace(report, sha256=msgspec.UNSET)))[:-1]
    return opened, b',"sha256":"%s"}' % _digest(opened)


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

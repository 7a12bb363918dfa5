"""What a JSON report states of its own content, so that a report that was changed or cut is noticed.

Its last member is the SHA-256 of the report without it, as JSON without white space. Anybody can compute that: it holds
against accidents and careless hands. Against whoever wants to deceive, only a signature does (`gate attest`,
`gate merge --key`).
"""

import hashlib
import re

import msgspec

from gate.json_text import shown_bytes
from gate.model import Report

_STATED = re.compile(rb',"sha256":"([0-9a-f]{64})"}\Z')


def sealed(report: Report) -> bytes:
    """Return a report as JSON on one line, with the digest of its content."""
    encoded = shown_bytes(msgspec.structs.replace(report, sha256=msgspec.UNSET))
    return b'%s,"sha256":"%s"}' % (encoded[:-1], hashlib.sha256(encoded).hexdigest().encode())


def is_sealed(content: bytes) -> bool:
    """True if a JSON report with this content states the digest that it has."""
    encoded = msgspec.json.format(content, indent=-1)
    stated = _STATED.search(encoded)
    if stated is None:
        return False
    hashed = hashlib.sha256(memoryview(encoded)[: stated.start()])
    hashed.update(b"}")
    return hashed.hexdigest().encode() == stated[1]

"""The digest in a JSON report, by which a report that was edited or cut off is recognised.

It is the last member: the SHA-256 of the report without it and without times, as JSON without white space, so that two
runs on the same input have the same digest. Anyone can compute it, so it protects against accidents only. Against
forgery there are signatures (`gate attest`, `gate merge --key`), which cover every byte.
"""

import hashlib

import msgspec

from gate.core.json_text import escaped_json
from gate.core.lazy_regex import lazy_regex
from gate.model import Report

_STATED = lazy_regex(rb',"sha256":"([0-9a-f]{64})"}\Z')
_TIMES = lazy_regex(rb'"(duration_s|started_at|finished_at)":("[^"]*"|[^,}]*)')
"""Members of the stages. No text can contain a match, because quotes in a JSON string have a backslash in front."""
_BEHIND_STAGES = b',"findings":['


def sealed(report: Report) -> bytearray:
    """Return a report as JSON on one line, with the digest of all that stands before it."""
    encoded = escaped_json(msgspec.structs.replace(report, sha256=msgspec.UNSET))
    encoded[-1:] = b',"sha256":"%s"}' % _digest(encoded, len(encoded) - 1)
    return encoded


def digest_of(report: Report) -> str:
    """Return a digest of what a JSON report says, without times."""
    said = msgspec.structs.replace(report, sha256=msgspec.UNSET, inventories=msgspec.UNSET, rules=msgspec.UNSET)
    encoded = escaped_json(said)
    return _digest(encoded, len(encoded) - 1).decode()


def is_sealed(content: bytes) -> bool:
    """True if the digest that a JSON report states is right."""
    encoded = msgspec.json.format(content, indent=-1)
    stated = _STATED.search(encoded)
    return stated is not None and _digest(encoded, stated.start()) == stated[1]


def _digest(encoded: bytes | bytearray, end: int) -> bytes:
    """Return the digest of a report, as far as `end`: the last brace, or the digest that is stated."""
    place = max(0, encoded.find(_BEHIND_STAGES, 0, end))
    hashed = hashlib.sha256(_TIMES.sub(rb'"\1":null', bytes(encoded[:place])))
    with memoryview(encoded) as whole, whole[place:end] as rest:
        hashed.update(rest)
    return hashed.hexdigest().encode()

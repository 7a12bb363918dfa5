"""Digests as the OCI image specification writes them (`sha256:…`), and content that is checked against them."""

import hashlib
import re
from typing import Protocol

from gate.core.errors import UnreadableError
from gate.images.layers.span import Span

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


class Hasher(Protocol):
    """The interface of hashlib's objects."""

    def update(self, content: bytes | memoryview, /) -> None: ...
    def hexdigest(self) -> str: ...


def hasher_for(digest: str, what: str) -> Hasher:
    """Return a new hash of the digest's algorithm. Raises UnreadableError if `digest` is no valid digest."""
    if not _DIGEST.fullmatch(digest):
        raise UnreadableError(f"has the digest {digest[:80]!r}, which is neither sha256 nor sha512", path=what)
    return hashlib.new(digest.partition(":")[0])


def check(hasher: Hasher, digest: str, what: str) -> None:
    """Raise UnreadableError unless the content that `hasher` got has the digest `digest`."""
    if hasher.hexdigest() != digest.partition(":")[2]:
        raise UnreadableError(
            f"is damaged or was changed: its content does not have the digest {digest}",
            path=what,
            hint="Do not use this image; fetch or build it again",
        )


def read_checked(span: Span, digest: str, limit: int) -> bytes:
    """Return the bytes of a small blob. Raises UnreadableError if it is too large or does not have the digest."""
    if span.size > limit:
        raise UnreadableError(f"has {span.size:,} bytes; at most {limit:,} are read", path=span.name)
    content = span.read(0, span.size)
    hasher = hasher_for(digest, span.name)
    hasher.update(content)
    check(hasher, digest, span.name)
    return content


def sha256(content: bytes) -> str:
    """Return the digest of `content`."""
    return "sha256:" + hashlib.sha256(content).hexdigest()

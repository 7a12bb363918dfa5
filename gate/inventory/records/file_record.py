"""A file as a package database records it."""

import base64
import binascii
import hashlib

import msgspec

from gate.inventory.installed.ownership import NOT_OF_DISTRIBUTIONS


class Record(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A file of an installed package."""

    path: str
    """Path as the database has it, with links not resolved."""
    package: str
    digest: str = ""
    """Digest of the content in the package, as lower-case hexadecimal digits; empty if none is recorded."""
    algorithm: str = ""
    """Name of its algorithm in hashlib."""
    is_configuration: bool = False
    """True if the administrator is meant to change it."""
    origin: str | None = None
    """Diff id of the layer with the record; None if the database has one file for all packages."""


def vouches(record: Record | None) -> bool:
    """True if a record has a digest, and is about a folder that distributions install into.

    Without a digest it says nothing about the content, and no distribution's package installs `app/server`.
    """
    return record is not None and bool(record.digest) and not record.path.startswith(NOT_OF_DISTRIBUTIONS)


def digest_of(content: bytes, algorithm: str) -> str:
    """Return the digest of a content as records have it; `algorithm` as hashlib calls it."""
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def has_digest(content: bytes, record: Record) -> bool:
    """True if the content has the record's digest."""
    return bool(record.digest) and digest_of(content, record.algorithm) == record.digest


def stated_sha256(text: str) -> str:
    """Return the hexadecimal digits of a RECORD's `sha256=…`, base64 without padding; empty for another digest."""
    algorithm, _, digest = text.partition("=")
    if algorithm != "sha256":
        return ""
    try:
        return base64.urlsafe_b64decode(digest + "=" * (-len(digest) % 4)).hex()
    except (binascii.Error, ValueError):
        return ""

"""One file as a package database states it."""

import hashlib

import msgspec

from gate.inventory.installed.ownership import NOT_OF_DISTRIBUTIONS


class Record(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A file of an installed package."""

    path: str
    """As the database writes it: links in it are not resolved."""
    package: str
    digest: str = ""
    """Of the content that the package brought, as lower-case hexadecimal digits; empty if it is not recorded."""
    algorithm: str = ""
    """As hashlib names it."""
    is_configuration: bool = False
    """Meant to be changed by whoever installs the package."""
    origin: str | None = None
    """Diff id of the layer that brought the record; None if the database does not keep one a package."""


def vouches(record: Record | None) -> bool:
    """True if a record says what the content is, in a folder that distributions install into.

    A list that names a file without its digest says nothing of it, and no distribution's package brings `app/server`.
    """
    return record is not None and bool(record.digest) and not record.path.startswith(NOT_OF_DISTRIBUTIONS)


def has_digest(content: bytes, record: Record) -> bool:
    """True if the content is what the record says that the package brought."""
    return bool(record.digest) and (
        hashlib.new(record.algorithm, content, usedforsecurity=False).hexdigest() == record.digest
    )

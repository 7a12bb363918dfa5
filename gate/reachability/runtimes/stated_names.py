"""What compiled code that a machine runs states as names, for Java's classes and Erlang's modules alike."""

import zlib
from array import array
from collections.abc import Iterable

import msgspec


class StatedNames(msgspec.Struct, frozen=True, array_like=True):
    """The words of the strings in an archive, class or module, by their CRC-32 numbers."""

    numbers: bytes = b""
    starts_programs: bool = False
    loads_libraries: bool = False
    is_read: bool = True
    """False if it is damaged, or too large."""
    paths: tuple[str, ...] = ()
    """Strings that begin as an absolute path does."""


def numbers_of(names: Iterable[bytes]) -> bytes:
    """Return the CRC-32 numbers of names, four bytes each."""
    return array("I", map(zlib.crc32, names)).tobytes()

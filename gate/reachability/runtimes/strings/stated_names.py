"""What compiled code that a machine runs states as names, for Java's classes and Erlang's modules alike."""

import zlib
from array import array
from collections.abc import Iterable, Set

import msgspec

from gate.reachability.runtimes.strings.command_names import in_strings


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


def stated_in(texts: Set[str], names: Set[bytes] = frozenset()) -> StatedNames:
    """Return what the strings of code that starts programs state, with further names."""
    whole = {*names, *map(str.encode, in_strings(texts))}
    return StatedNames(numbers_of(whole), starts_programs=True, paths=paths_in(texts))


def paths_in(texts: Set[str]) -> tuple[str, ...]:
    """Return the strings that begin as an absolute path does."""
    return tuple(sorted(text for text in texts if text.startswith("/") and text.isprintable()))

"""The environment as a worker has it: a few names that say nothing of anybody; the rest is overwritten where it lies.

A forked process has its parent's memory, and the kernel shows the block that the first program was started with under
/proc/self/environ. So it is not enough to leave a variable out: its bytes go.
"""

import ctypes
import os
import sys

from gate.core.libc import LIBC

_KEPT = frozenset(
    {
        b"PATH",
        b"HOME",
        b"LANG",
        b"LANGUAGE",
        b"TZ",
        b"TMPDIR",
        b"XDG_CACHE_HOME",
        b"XDG_CONFIG_HOME",
        b"SOURCE_DATE_EPOCH",
        b"GIT_CEILING_DIRECTORIES",
        b"PYTHONHASHSEED",
    }
)
_KEPT_FAMILY = b"LC_"
_HEADER_OF_BYTES = sys.getsizeof(b"") - 1
"""Bytes of a bytes object before its content."""


def forget_environment() -> None:
    """Overwrite every variable but those that a reader of files needs. No value is copied on the way."""
    for address in _forgotten_entries():
        ctypes.memset(address, 0, LIBC.strlen(ctypes.c_void_p(address)))
    known: dict[bytes, bytes] = os.environb._data  # type: ignore[attr-defined]  # the very objects that hold the bytes
    for name in [name for name in known if not _is_kept(name)]:
        value = known.pop(name)
        if len(value) > 1:  # those of one byte are shared by all that have this value
            ctypes.memset(id(value) + _HEADER_OF_BYTES, 0, len(value))


def _is_kept(name: bytes) -> bool:
    return name in _KEPT or name.startswith(_KEPT_FAMILY)


def _forgotten_entries() -> list[int]:
    """Return where the C library's entries (`NAME=VALUE`) lie that are not kept, and leave it only the others."""
    entries = ctypes.POINTER(ctypes.c_void_p).in_dll(LIBC, "environ")
    forgotten: list[int] = []
    kept = place = 0
    while entries and (address := entries[place]):
        place += 1
        if _is_kept(_name_at(address)):
            entries[kept] = address
            kept += 1
        else:
            forgotten.append(address)
    if entries:
        entries[kept] = None
    return forgotten


def _name_at(address: int) -> bytes:
    size = LIBC.strcspn(ctypes.c_void_p(address), b"=")
    return ctypes.string_at(address, size)

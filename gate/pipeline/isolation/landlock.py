"""Landlock: which files this process may read from now on; it may write, make, remove and run none.

The C library has no names for the kernel's three calls: they are made by number, which is the same everywhere. What a
kernel knows grows with its ABI (see <linux/landlock.h>); each restriction is asked for where it is known.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from gate.core.libc import LIBC

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_BITS_OF_FILES = {1: 13, 2: 14, 3: 15, 5: 16}
"""By ABI: how many of LANDLOCK_ACCESS_FS_* there are."""
_NETWORK_FROM, _SCOPES_FROM = 4, 6
_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def abi() -> int:
    """Return the kernel's version of Landlock; 0 where there is none."""
    return max(0, int(LIBC.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)))


def restrict(files: Iterable[str], folders_of_names: Iterable[str] = ()) -> bool:
    """Let this process read `files` and what is below folders among them, and nothing else; needs no_new_privs.

    Of `folders_of_names` and the folders below them it may list the names. What is not there, or is a link, is passed
    over. False where the kernel cannot do it.
    """
    version = abi()
    if not version:
        return False
    rules = LIBC.syscall(_CREATE, *_attributes(version), 0)
    if rules < 0:
        return False
    try:
        for path in files:
            _allow(rules, path, _READ_FILE | _READ_DIR)
        for path in folders_of_names:
            _allow(rules, path, _READ_DIR)
        return bool(LIBC.syscall(_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)


def _attributes(version: int) -> tuple[ctypes.Array[ctypes.c_char], ctypes.c_size_t]:
    """Return a `struct landlock_ruleset_attr` of the size that this ABI knows, and the size."""
    bits = max(count for since, count in _BITS_OF_FILES.items() if since <= version)
    handled = [(1 << bits) - 1]
    if version >= _NETWORK_FROM:
        handled.append(_BIND_AND_CONNECT)
    if version >= _SCOPES_FROM:
        handled.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    packed = struct.pack(f"={len(handled)}Q", *handled)
    return ctypes.create_string_buffer(packed, len(packed)), ctypes.c_size_t(len(packed))


def _allow(rules: int, path: str, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:  # not there: then there is nothing to read
        return
    try:
        mode = os.fstat(place).st_mode
        if stat.S_ISLNK(mode):  # the author of the target chose where it leads
            return
        if not stat.S_ISDIR(mode):
            access &= ~_READ_DIR
        rule = struct.pack("=Qi", access, place)  # `struct landlock_path_beneath_attr`, which is packed
        LIBC.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0)
    finally:
        os.close(place)

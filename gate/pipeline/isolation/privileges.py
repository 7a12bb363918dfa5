"""What a process gives up: capabilities and new privileges."""

import ctypes
import struct

from gate.core.libc import LIBC

_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 24, 38, 47
_CLEAR_ALL = 4
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION_3 = 0x20080522


def forbid_new_privileges() -> bool:
    """Make that no program started by this process gains rights; needed for the filters. False where it cannot be."""
    return bool(LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def drop_capabilities() -> bool:
    """Give up every capability, also as root. False where it cannot be."""
    for capability in range(_LAST_CAPABILITY + 1):
        if LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:  # not allowed, or beyond the last
            break
    LIBC.prctl(_PR_CAP_AMBIENT, _CLEAR_ALL, 0, 0, 0)
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    nothing = bytes(24)  # effective, permitted and inheritable, twice 32 bits each
    return bool(LIBC.capset(ctypes.create_string_buffer(header, 8), ctypes.create_string_buffer(nothing, 24)) == 0)

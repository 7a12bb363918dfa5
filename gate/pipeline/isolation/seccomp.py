"""A seccomp filter, assembled by hand: which system calls this process may make from now on, for ever.

It is a list of what is allowed (`gate.pipeline.isolation.syscalls`), so that a call that the list does not foresee is
refused.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from gate.core.libc import LIBC
from gate.pipeline.isolation.syscalls import ARM64, LOOKED_AT, NOT_HERE, PLAIN, X86_64

_ARCHITECTURES = {"x86_64": (X86_64, 0xC000003E), "aarch64": (ARM64, 0xC00000B7)}
"""Name of the machine: column of the tables, and AUDIT_ARCH of <linux/audit.h>."""
_X32 = 0x40000000
"""From here on numbers are those of the x32 interface of x86-64, which would go around every comparison."""

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_SECCOMP = (317, 277)
"""Number of seccomp(2) by column, and its question whether an action is known."""
_ACTION_AVAILABLE = 2
_PLACE_OF_PROCESS = b"\xef\xbe\xad\x7f"
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
"""Codes of classic BPF: a word of the call's data, jumps, a mask, the end."""
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Offsets in `struct seccomp_data`."""

_WRITES = 0o3 | 0o100 | 0o1000 | 0o20000000
"""O_ACCMODE, O_CREAT, O_TRUNC and O_TMPFILE: the flags of `open` that a reader does not need."""
_THREAD = 0x00010000
_NAMESPACES = 0x7E020080
"""The CLONE_NEW… flags."""
_SHARED_MEMORY = 0x01 | 0x20
"""MAP_SHARED together with MAP_ANONYMOUS: memory that RLIMIT_DATA does not count."""
_GROWING_OR_HUGE = 0x100 | 0x40000
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Is it a terminal, how wide, how much is there to read, and flags of the descriptor. Not TIOCSTI, which types."""
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032, 1034)
"""Duplicates, flags and locks. Not F_SETOWN, F_SETSIG, F_NOTIFY and leases, which send signals, nor F_SETPIPE_SZ."""
_PRCTLS = (2, 3, 15, 16, 21, 23, 39, 0x53564D41)
"""PR_SET_NAME, PR_SET_VMA and those that only ask."""


class Argument(msgspec.Struct, frozen=True):
    """What the lower word of an argument must be: masked, one of these values."""

    place: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    is_unlike: bool = False
    """It must be none of them."""
    is_address: bool = False
    """Its upper word must be 0 as well."""


def _rules(process: int) -> dict[str, tuple[tuple[Argument, ...], int]]:
    """Return for each call that is looked at what its arguments must be, and the error if they are not."""
    return {
        "open": ((Argument(1, (0,), _WRITES),), errno.EACCES),
        "openat": ((Argument(2, (0,), _WRITES),), errno.EACCES),
        "clone": ((Argument(0, (_THREAD,), _THREAD), Argument(0, (0,), _NAMESPACES)), errno.EPERM),
        "mmap": (
            (Argument(3, (_SHARED_MEMORY,), _SHARED_MEMORY, is_unlike=True), Argument(3, (0,), _GROWING_OR_HUGE)),
            errno.EPERM,
        ),
        "ioctl": ((Argument(1, _IOCTLS),), errno.ENOTTY),
        "fcntl": ((Argument(1, _FCNTLS),), errno.EPERM),
        "prctl": ((Argument(0, _PRCTLS),), errno.EPERM),
        "prlimit64": ((Argument(0, (0, process)),), errno.EPERM),
        "kill": ((Argument(0, (process,)),), errno.EPERM),
        "tgkill": ((Argument(0, (process,)),), errno.EPERM),
        "sendto": (
            (Argument(4, (0,), is_address=True),),
            errno.EPERM,
        ),  # only to the peer of a connected socket, never to an address
    }


def is_possible() -> bool:
    """True if there is a filter for this machine, and a kernel that takes one."""
    if platform.machine() not in _ARCHITECTURES or sys.byteorder != "little" or struct.calcsize("P") != 8:
        return False
    column, _ = _ARCHITECTURES[platform.machine()]
    action = ctypes.c_uint32(_ERRNO)
    answer: int = LIBC.syscall(_SECCOMP[column], _ACTION_AVAILABLE, 0, ctypes.byref(action))
    return answer == 0


def program(machine: str, process: int) -> bytes:
    """Return the filter for a machine (`x86_64`, `aarch64`) and the process with this id: an array of sock_filter."""
    column, architecture = _ARCHITECTURES[machine]
    rules = _rules(process)
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        *_unless(_JUMP_EQUAL, architecture, [_step(_RETURN, _KILL)]),
        _step(_LOAD, _NUMBER),
    ]
    if column == X86_64:
        steps += [_step(_JUMP_AT_LEAST, _X32, 0, 1), _step(_RETURN, _KILL)]
    for numbers in PLAIN.values():
        steps += _for_call(numbers[column], [_step(_RETURN, _ALLOW)])
    for numbers in NOT_HERE.values():
        steps += _for_call(numbers[column], [_step(_RETURN, _ERRNO | errno.ENOSYS)])
    for name, numbers in LOOKED_AT.items():
        steps += _for_call(numbers[column], _judged(*rules[name]))
    steps.append(_step(_RETURN, _ERRNO | errno.EPERM))
    return b"".join(steps)


def _judged(arguments: Sequence[Argument], refusal: int) -> list[bytes]:
    refused = [_step(_RETURN, _ERRNO | refusal)]
    steps: list[bytes] = []
    for argument in arguments:
        steps += [_step(_LOAD, _ARGUMENTS + 8 * argument.place), _step(_AND, argument.mask)]
        steps += _of_values(argument, refused)
        if argument.is_address:
            steps += [_step(_LOAD, _ARGUMENTS + 8 * argument.place + 4), *_unless(_JUMP_EQUAL, 0, refused)]
    return [*steps, _step(_RETURN, _ALLOW)]


def _of_values(argument: Argument, refused: list[bytes]) -> Iterator[bytes]:
    """Yield jumps over the refusal for each value; where it must be unlike, into the refusal."""
    if argument.is_unlike:
        for value in argument.values:
            yield _step(_JUMP_EQUAL, value, 0, 1)
            yield from refused
        return
    left = len(argument.values)
    for value in argument.values:
        yield _step(_JUMP_EQUAL, value, left, 0)
        left -= 1
    yield from refused


def _for_call(number: int | None, then: list[bytes]) -> list[bytes]:
    return [] if number is None else [_step(_JUMP_EQUAL, number, 0, len(then)), *then]


def _unless(jump: int, value: int, then: list[bytes]) -> list[bytes]:
    return [_step(jump, value, len(then), 0), *then]


def _step(code: int, value: int, on_true: int = 0, on_false: int = 0) -> bytes:
    """Return one `struct sock_filter`."""
    return struct.pack("<HBBI", code, on_true, on_false, value)


@cache
def _program_here() -> bytes:
    """Return the program with a placeholder for the process: made once, before workers are forked."""
    return program(platform.machine(), int.from_bytes(_PLACE_OF_PROCESS, "little"))


def prepare() -> None:
    """Make the program now."""
    _program_here()


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def restrict() -> bool:
    """Allow this process the listed calls alone; it must have one thread and no_new_privs. False where it cannot be."""
    if not is_possible():
        return False
    steps = _program_here().replace(_PLACE_OF_PROCESS, os.getpid().to_bytes(4, "little"))
    buffer = ctypes.create_string_buffer(steps, len(steps))
    program = _Program(len(steps) // 8, ctypes.addressof(buffer))
    return bool(LIBC.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)

"""Limits for other programs: time, processor time, memory and output, for the program and all that it starts."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec

from gate.core.errors import LimitError

_LOOK_S = 0.2
"""Seconds between two looks at how much a program has written."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of a program may cost."""

    seconds: float
    processor_s: int | None = None
    """Seconds of processor time of each of its processes."""
    memory: int | None = None
    """Bytes of writable memory of each of its processes (RLIMIT_DATA): what is only reserved does not count."""
    address_space: int | None = None
    """Bytes of memory, reserved ones included (RLIMIT_AS), for programs that never reserve more than they need."""
    output: int
    """Bytes of each file that it writes."""


def limiting(bounds: Bounds) -> Callable[[], None] | None:
    """Return what lays the bounds of memory, processor time and output on a program: the `preexec_fn` of a Popen.

    They have to hold before the program begins: some reserve all the memory that they may ever have at once.
    """
    try:
        import resource
    except ImportError:  # Windows: time alone is limited, and output as far as `wait` sees it
        return None
    wanted = {
        resource.RLIMIT_CPU: bounds.processor_s,
        resource.RLIMIT_DATA: bounds.memory,
        resource.RLIMIT_AS: bounds.address_space,
        resource.RLIMIT_FSIZE: bounds.output + 1,  # one more, so that a file that is too large is none that fits
        resource.RLIMIT_CORE: 0,
    }
    return partial(_limit, {kind: most for kind, most in wanted.items() if most is not None})


def _limit(wanted: Mapping[int, int]) -> None:
    import resource

    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        # of processor time the hard limit kills, and the lower one says why
        highest = most + (kind == resource.RLIMIT_CPU)
        highest = highest if hard == resource.RLIM_INFINITY else min(highest, hard)
        resource.setrlimit(kind, (min(most, highest), highest))


def wait(name: str, process: "subprocess.Popen[bytes]", bounds: Bounds, written: Sequence[Path], hint: str = "") -> int:
    """Return the exit status; whatever happens, nothing of the program's session is left running.

    `written` are the files whose size counts. Raises LimitError if it takes too long, or as soon as one of them is too
    large, or if a limit ended it.
    """
    end = time.monotonic() + bounds.seconds
    try:
        while (left := end - time.monotonic()) > 0:
            with suppress(subprocess.TimeoutExpired):
                return _checked(name, process.wait(min(left, _LOOK_S)), bounds, written, hint)
            _check_written(name, bounds, written)
        raise LimitError(f"{name} took more than {bounds.seconds:g} seconds", hint=hint)
    finally:
        end_session(process)


def _checked(name: str, status: int, bounds: Bounds, written: Sequence[Path], hint: str) -> int:
    """Return a status that is the program's own; raise LimitError for one that a limit gave it."""
    if status == -signal.SIGXCPU:
        raise LimitError(f"{name} took more than {bounds.processor_s} seconds of processor time", hint=hint)
    _check_written(name, bounds, written)
    return status


def _check_written(name: str, bounds: Bounds, written: Sequence[Path]) -> None:
    if any(file.exists() and file.stat().st_size > bounds.output for file in written):
        raise LimitError(f"{name} wrote more than {bounds.output:,} bytes", hint="Let it look at less")


def end_session(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of a program that was started in a session of its own."""
    with suppress(ProcessLookupError, PermissionError):  # all of its processes are gone
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

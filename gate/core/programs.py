"""Limits for other programs: time, processor time, memory and output, for a program and all that it starts."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec

from gate.core.errors import LimitError, UnreadableError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_POLL_S = 0.2
"""Seconds between two checks of how much a program has written."""
_MAX_REASON = 16 << 10
"""Bytes of standard error that are read."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of a program may cost."""

    seconds: float
    """Wall-clock time."""
    processor_s: int | None = None
    """Seconds of processor time of each of its processes."""
    memory: int | None = None
    """Bytes of writable memory of each of its processes (RLIMIT_DATA); address space that is reserved is free."""
    address_space: int | None = None
    """Bytes of address space (RLIMIT_AS), for programs that reserve no more than they need."""
    output: int
    """Bytes of each file that it writes, at most."""


class ProgramAnswer(msgspec.Struct, frozen=True):
    """What a program wrote before it ended."""

    status: int
    output: bytes
    reason: bytes
    """The first 16 KiB of standard error."""


def answer_of(
    name: str, command: Sequence[str], bounds: Bounds, environment: Mapping[str, str], folder: str | None = None
) -> ProgramAnswer:
    """Run a program in `folder` with `environment` alone and return its answer, whatever its exit status is.

    `name` is for messages. Raises LimitError as `wait` does, and UnreadableError if the program does not start.
    """
    with tempfile.NamedTemporaryFile() as output, tempfile.NamedTemporaryFile() as reason:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=reason,
                cwd=folder,
                env=environment,
                start_new_session=True,
                preexec_fn=limits_for(bounds),
            )
            status = wait(name, process, bounds, [Path(output.name), Path(reason.name)])
        except OSError as error:
            raise UnreadableError(f"{name} does not start ({error.strerror})") from error
        for written in (output, reason):
            written.seek(0)
        return ProgramAnswer(status, output.read(bounds.output), reason.read(_MAX_REASON))


def limits_for(bounds: Bounds) -> Callable[[], None] | None:
    """Return the `preexec_fn` of a Popen that sets the limits of memory, processor time and output.

    They have to hold before the program begins: some reserve all the memory that they may ever use at once. On Windows
    it is None: only `wait` limits the time and the output there.
    """
    if resource is None:
        return None
    wanted = {
        resource.RLIMIT_CPU: bounds.processor_s,
        resource.RLIMIT_DATA: bounds.memory,
        resource.RLIMIT_AS: bounds.address_space,
        resource.RLIMIT_FSIZE: bounds.output + 1,  # one more, so that a file of the limit's size is still allowed
        resource.RLIMIT_CORE: 0,  # a core dump could hold secrets, and may be large
    }
    return partial(_limit, {kind: most for kind, most in wanted.items() if most is not None})


def _limit(wanted: Mapping[int, int]) -> None:
    """Set limits of this process, which is the child between fork and exec; none is raised above its hard limit."""
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        # Processor time: the soft limit sends SIGXCPU, by which `_checked` knows the reason, the hard one SIGKILL.
        highest = most + (kind == resource.RLIMIT_CPU)
        if hard != resource.RLIM_INFINITY:
            highest = min(highest, hard)
        resource.setrlimit(kind, (min(most, highest), highest))


def wait(name: str, process: "subprocess.Popen[bytes]", bounds: Bounds, written: Sequence[Path], hint: str = "") -> int:
    """Wait for a program to end and return its exit status; then no process of its session is left running.

    `name` and `hint` are for messages, `written` are the files whose size is checked. Raises LimitError if the program
    takes too long, as soon as one of the files is too large, or if a limit ended it.
    """
    end = time.monotonic() + bounds.seconds
    try:
        while (left := end - time.monotonic()) > 0:
            with suppress(subprocess.TimeoutExpired):
                return _checked(name, process.wait(min(left, _POLL_S)), bounds, written, hint)
            _check_written(name, bounds, written)
        raise LimitError(f"{name} took more than {bounds.seconds:g} seconds", hint=hint)
    finally:
        end_session(process)


def _checked(name: str, status: int, bounds: Bounds, written: Sequence[Path], hint: str) -> int:
    """Return an exit status; raise LimitError if it says that a limit ended the program."""
    if status == -signal.SIGXCPU:
        raise LimitError(f"{name} took more than {bounds.processor_s} seconds of processor time", hint=hint)
    _check_written(name, bounds, written)
    return status


def _check_written(name: str, bounds: Bounds, written: Sequence[Path]) -> None:
    if any(file.exists() and file.stat().st_size > bounds.output for file in written):
        raise LimitError(f"{name} wrote more than {bounds.output:,} bytes", hint="Let it look at less")


def end_session(process: "subprocess.Popen[bytes]") -> None:
    """Kill all processes of a program that was started in a session of its own."""
    with suppress(ProcessLookupError, PermissionError):  # none is left; macOS then says EPERM
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

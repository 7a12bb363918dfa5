"""A git process that somebody else started for this one, which may start none."""

import os

from gate.core import broker
from gate.git.process import Order


class BrokeredProcess:
    """A `gate.git.process.GitProcess` whose process is another's child."""

    def __init__(self, number: int, status: int) -> None:
        self._number = number
        self._status = os.fdopen(status, "rb")
        self._ended: int | None = None

    def wait(self) -> int:
        """Return the status, once it has one."""
        if self._ended is None:
            with self._status:
                self._ended = int(self._status.read() or b"-9")
        return self._ended

    def kill(self) -> None:
        """End it, if it has not ended yet."""
        if self._ended is None:
            broker.ask("end", self._number, type(None))


def start_elsewhere(order: Order, stdin: int, stdout: int, stderr: int) -> BrokeredProcess:
    """Have git started with these descriptors. Raises GateError as `gate.git.process.start_here` does."""
    status, told = os.pipe()
    try:
        number, _ = broker.ask_with_files("git", order, int, (stdin, stdout, stderr, told))
    except BaseException:
        os.close(status)
        raise
    finally:
        os.close(told)
    return BrokeredProcess(number, status)

"""Starting git through the broker, for a worker that may not start programs."""

import os

from gate.core import broker
from gate.core.consulted import note_call
from gate.git.process import Order


class BrokeredProcess:
    """A `gate.git.process.GitProcess` that is a child of the broker."""

    def __init__(self, number: int, status: int) -> None:
        self._number = number
        self._status = os.fdopen(status, "rb")
        self._ended: int | None = None

    def wait(self) -> int:
        """Wait for its end and return its exit status."""
        if self._ended is None:
            with self._status:  # the broker writes the status to this pipe; nothing is in it if the broker was killed
                self._ended = int(self._status.read() or b"-9")
        return self._ended

    def kill(self) -> None:
        """Have the broker end it, unless it has ended."""
        if self._ended is None:
            broker.ask("end", self._number, type(None))


def start_by_broker(order: Order, stdin: int, stdout: int, stderr: int) -> BrokeredProcess:
    """Have the broker start git with these descriptors. Raises GateError as `gate.git.process.start_here` does."""
    note_call(f"git:{order.command}")
    status, broker_end = os.pipe()
    try:
        number, _ = broker.ask_with_files("git", order, int, (stdin, stdout, stderr, broker_end))
    except BaseException:
        os.close(status)
        raise
    finally:
        os.close(broker_end)
    return BrokeredProcess(number, status)

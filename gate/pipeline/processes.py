"""Starting the processes of workers: by fork where there is one, without `multiprocessing`, whose import takes 3 ms."""

import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Collection
from typing import Any, NoReturn, Protocol, cast

_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


class Process(Protocol):
    """A process that was started here, as `multiprocessing` describes one."""

    @property
    def pid(self) -> int | None:
        """Its number."""

    @property
    def exitcode(self) -> int | None:
        """None while it runs, then its status; -N if signal N ended it."""

    def kill(self) -> None:
        """End it at once."""

    def join(self) -> None:
        """Wait for its end."""


class ForkedProcess:
    """A copy of this process that does `work(*arguments)` and ends."""

    def __init__(self, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()  # else what is still unwritten would be written by both
        self._status: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _work_and_end(work, arguments)

    @property
    def exitcode(self) -> int | None:
        """None while it runs, then its status; -N if signal N ended it."""
        self._look(os.WNOHANG)
        return self._status

    def kill(self) -> None:
        """End it at once."""
        if self.exitcode is None:
            os.kill(self.pid, signal.SIGKILL)

    def join(self) -> None:
        """Wait for its end."""
        self._look(0)

    def _look(self, options: int) -> None:
        if self._status is not None:
            return
        process, status = os.waitpid(self.pid, options)
        if process:
            self._status = os.waitstatus_to_exitcode(status)


def _work_and_end(work: Callable[..., None], arguments: tuple[Any, ...]) -> NoReturn:
    status = 1
    try:
        work(*arguments)
        status = 0
    except BaseException:  # noqa: BLE001  (what the parent was at must not go on here as well)
        sys.excepthook(*cast(Any, sys.exc_info()))
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(status)


def start_process(work: Callable[..., None], arguments: tuple[Any, ...]) -> Process:
    """Start a process that does `work(*arguments)`, a function of a module; it ends with this one at the latest."""
    if hasattr(os, "fork"):
        return ForkedProcess(work, arguments)
    from multiprocessing import get_context  # Windows: it starts a new interpreter

    process = get_context("spawn").Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def readable(connections: Collection[socket.socket], timeout_s: float) -> list[socket.socket]:
    """Wait until at least one of the connections can be read, or has ended; return those, none after `timeout_s`."""
    with _Selector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
        return [cast(socket.socket, key.fileobj) for key, _ in selector.select(timeout_s)]

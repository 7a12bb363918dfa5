"""The pool's end of the line to a worker: it never waits for the worker, and reads no more than it may be sent."""

import select
import socket
import struct
import time

MAX_MESSAGE = 256 << 20
"""Bytes of one message of a worker."""
_MAX_SEND_S = 20.0
"""A worker that does not take a message in this time is hung: it has nothing else to do than to take it."""
_PIECE = 1 << 18
_SIZE = struct.Struct("<I")


class Wire:
    """A socket to a worker. The worker's end is a `gate.core.broker.MessageLine`."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        connection.setblocking(False)
        self._come = bytearray()

    def send(self, message: bytes) -> None:
        """Raises OSError if the worker is gone, or does not take it."""
        left = memoryview(_SIZE.pack(len(message)) + message)
        until = time.monotonic() + _MAX_SEND_S
        while left:
            try:
                left = left[self.connection.send(left) :]
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError from None
                select.select([], [self.connection], [], 1.0)

    def receive(self) -> list[bytes]:
        """Return the messages that are whole by now.

        Raises EOFError at the end, ValueError for one that is too large.
        """
        try:
            piece = self.connection.recv(_PIECE)
        except BlockingIOError:
            return []
        if not piece:
            raise EOFError
        self._come += piece
        return list(self._whole())

    def _whole(self) -> list[bytes]:
        found = []
        start = 0
        while len(self._come) - start >= _SIZE.size:
            (size,) = _SIZE.unpack_from(self._come, start)
            if size > MAX_MESSAGE:
                raise ValueError(f"a message of {size:,} bytes")
            end = start + _SIZE.size + size
            if len(self._come) < end:
                break
            found.append(bytes(self._come[start + _SIZE.size : end]))
            start = end
        del self._come[:start]
        return found

    def close(self) -> None:
        self.connection.close()

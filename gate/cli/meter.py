"""The progress of a download on standard error: bytes and rate on one line that changes, only on a terminal."""

import sys
import time
from typing import TextIO

from gate.advisories.download import amount
from gate.core.text import visible

_CLEAR_LINE = "\r\x1b[K"
_MIB = 1 << 20
_EVERY_S = 0.1


class Meter:
    """Shows the progress of the file that is fetched; `gate.advisories.download` calls it."""

    def __init__(self, stream: TextIO | None = None, *, is_quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._is_live = self._stream.isatty() and not is_quiet
        self._name = ""
        self._started = self._shown = 0.0

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """Show that `done` of `total` bytes of the file `name` are fetched."""
        now = time.monotonic()
        if name != self._name:
            self._name, self._started, self._shown = name, now, 0.0
        if self._is_live and (now - self._shown >= _EVERY_S or done == total):
            self._shown = now
            self._stream.write(_CLEAR_LINE + progress_line(name, done, total, now - self._started)[:100])
            self._stream.flush()

    def clear(self) -> None:
        """Clear the line, so that something else can be printed."""
        if self._is_live:
            self._stream.write(_CLEAR_LINE)
            self._stream.flush()


def progress_line(name: str, done: int, total: int | None, seconds: float) -> str:
    """Return `npm/all.zip  12.0 of 80.0 MiB  15%  5.0 MiB/s`."""
    share = f"  {done / total:4.0%}" if total else ""
    rate = f"  {done / _MIB / seconds:,.1f} MiB/s" if seconds > 0 else ""
    return f"{visible(name)}  {amount(done, total)}{share}{rate}"

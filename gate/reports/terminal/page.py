"""A text that is laid out for the stream that it goes to: its width, its colours, its characters."""

import io
import os
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH_OF_A_LOG = 120
"""Columns if the output is no terminal: the usual width of a CI system's log."""
_MANNER = ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR", "TERM", "COLORTERM")
"""Variables by which rich decides on colours and characters."""


class Page(io.StringIO):
    """A text for one stream.

    It is written to the stream as a whole, so that a text of before may take its place, and so that rich, which exits
    with status 1 where a reader hung up, never meets the stream.
    """

    def __init__(self, stream: TextIO, width: int | None = None, *, otherwise: int = WIDTH_OF_A_LOG) -> None:
        """`width` in columns, None: `COLUMNS`, or that of the terminal; `otherwise` that of what is no terminal."""
        super().__init__()
        if isinstance(stream, io.TextIOWrapper):
            # On a terminal that is not UTF-8, characters that it cannot show become escapes instead of a traceback.
            stream.reconfigure(errors="backslashreplace")
        self._stream = stream
        self.width = width or _columns(stream) or otherwise

    def isatty(self) -> bool:
        return self._stream.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream, by which rich chooses the lines of tables."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    @property
    def manner(self) -> list[str | None]:
        """All that the same items look different for."""
        return [str(self.width), str(self.isatty()), self.encoding, *map(os.environ.get, _MANNER)]

    def print(self, item: "RenderableType", *, soft_wrap: bool = False) -> None:
        """Add an item, laid out; with `soft_wrap` its lines stay as long as they are."""
        self._console.print(item, crop=False, soft_wrap=soft_wrap)

    @cached_property
    def _console(self) -> "Console":
        from rich.console import Console  # late: it takes longer to import than many a stage to run

        return Console(file=self, width=self.width, highlight=False, markup=False, emoji=False)


def _columns(stream: TextIO) -> int | None:
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):  # no terminal
        return None

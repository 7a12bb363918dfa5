"""Temporary files without a name: nothing is left of them when the process ends, however it ends."""

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from typing import BinaryIO, cast

from gate.errors import GateError
from gate.images.span import Span


def keep(pieces: Iterable[bytes], name: str, opened: ExitStack) -> Span:
    """Write `pieces` to a file that is gone once `opened` is closed. Raises GateError if there is no room."""
    file = _new_file(name, opened)
    size = 0
    for piece in pieces:
        _write(file, piece, name)
        size += len(piece)
    _write(file, b"", name)
    return Span(file, 0, size, name)


def _new_file(name: str, opened: ExitStack) -> BinaryIO:
    try:
        return cast(BinaryIO, opened.enter_context(tempfile.TemporaryFile(prefix="gate-")))
    except OSError as error:
        raise _no_room(name, error) from error


def _write(file: BinaryIO, piece: bytes, name: str) -> None:
    """Write a piece, or with an empty one all that is still in memory."""
    try:
        file.write(piece)
        if not piece:
            file.flush()
    except OSError as error:
        raise _no_room(name, error) from error


def _no_room(name: str, error: OSError) -> GateError:
    return GateError(
        f"cannot be kept in the folder for temporary files: {error.strerror}",
        path=name,
        hint="Make room there, or set TMPDIR to a folder that has some",
    )

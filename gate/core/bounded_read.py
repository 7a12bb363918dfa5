"""Reading a file that the command line names, up to a bound."""

from pathlib import Path

from gate.core.errors import LimitError, UnreadableError


def read_bounded(path: str, most: int, hint: str = "") -> bytes:
    """Return the content of a file of at most `most` bytes.

    Raises UnreadableError if it cannot be read, and LimitError with `hint` if it is larger.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=path) from error
    if len(content) > most:
        raise LimitError(f"has more than {most:,} bytes", path=path, hint=hint)
    return content

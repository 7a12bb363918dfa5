"""The file of end-of-life dates that a source of advisories may have, in the format of the built-in table."""

from pathlib import Path

from gate.core.end_of_life import MAX_SIZE, EndOfLifeTable, read_table
from gate.core.errors import UnreadableError

END_OF_LIFE = "end_of_life.txt"


def read_dates(path: str, shown: str) -> EndOfLifeTable:
    """Read a file of end-of-life dates; `shown` names it in errors. Raises UnreadableError and LimitError."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=shown) from error
    return read_table(content, shown)

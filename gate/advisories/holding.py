"""Something that a source holds on this machine: an index, or an optional file."""

from datetime import datetime
from pathlib import Path

import msgspec


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and when it was last compared with its source."""

    name: str
    """A label for the file: letters, digits, dots and dashes."""
    base: str = ""
    """The ecosystem whose index it is; empty for an optional file."""
    path: Path
    checked: datetime


def index_label(base: str) -> str:
    """Return the label of an index: `Rocky-Linux.sqlite`."""
    return f"{base.replace(' ', '-')}.sqlite"

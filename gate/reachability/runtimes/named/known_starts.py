"""Tables of what files start of their own, by the form of their paths."""

import re
from collections.abc import Mapping


class KnownStarts:
    """Patterns of whole paths, each with one of the names of what such a file starts without being given its name."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._rows = [(re.compile(path), re.compile(rf"(?:{names})".encode())) for path, names in table.items()]

    def of(self, path: str) -> "re.Pattern[bytes] | None":
        """Return the names that the first row for a file has, to be matched as a whole; None if there is none."""
        return next((names for file, names in self._rows if file.fullmatch(path)), None)

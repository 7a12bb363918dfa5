"""A release whose end of life can be looked up."""

import msgspec


class Release(msgspec.Struct, frozen=True, array_like=True):
    """A release of a distribution or runtime in an image, and the file that states it."""

    name: str
    """As in the table of end-of-life dates, `gate/core/end_of_life.txt`."""
    version: str
    path: str

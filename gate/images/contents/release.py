"""A release whose end can be looked up."""

import msgspec


class Release(msgspec.Struct, frozen=True, array_like=True):
    """A release of a distribution or a runtime that is in an image, and the file that says so."""

    name: str
    """As in `gate.core.end_of_life.END_OF_LIFE`."""
    version: str
    path: str

"""One of the ways in which a Dockerfile is built."""

import msgspec


class Variant(msgspec.Struct, frozen=True):
    """The build arguments that are given, and the stage that is built."""

    arguments: dict[str, str] = {}
    target: str | None = None
    """Name or number of a stage; None: the last one."""


PLAIN = Variant()
"""As `docker build` does it when nothing else is said."""

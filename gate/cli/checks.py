"""What `gate doctor` says of one thing."""

import msgspec


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one check."""

    about: str
    name: str
    is_well: bool | None
    """None if it is unknown."""
    text: str = ""
    is_needed: bool = False
    """True if without it a run here would be incomplete."""

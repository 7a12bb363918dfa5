"""A place in a file that names an image."""

import msgspec


class Mention(msgspec.Struct, frozen=True):
    """An image, and who runs it."""

    name: str | None
    """None if it is known at deployment time only."""
    of: str
    """As people call it: `service web`, `container web`."""
    line: int

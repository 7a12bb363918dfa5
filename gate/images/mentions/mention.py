"""A place in a file that names an image."""

import msgspec

from gate.model import ContainerStart


class Mention(msgspec.Struct, frozen=True):
    """An image, and who runs it."""

    name: str | None
    """None if it is known at deployment time only."""
    of: str
    """As people call it: `service web`, `container web`."""
    line: int
    starts: tuple[ContainerStart, ...] = ()
    """How it is run, where the file says it."""
    is_built: bool = False
    """True if it is what the file itself has built: no image of that name needs to be there."""

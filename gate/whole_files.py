"""Files written whole or not at all: beside their place, then renamed."""

import os
from pathlib import Path


def write_whole(place: Path, content: bytes) -> None:
    """Write `content` to `place`. Whoever reads it sees the old file or the new one. Raises OSError."""
    beside = place.with_name(f".gate-new-{os.urandom(8).hex()}")
    try:
        with beside.open("xb") as file:
            file.write(content)
        os.replace(beside, place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise

"""Files written whole or not at all: beside their place, then renamed."""

import os
from pathlib import Path


def write_whole(place: Path, content: bytes, mode: int = 0o666) -> None:
    """Write `content` to `place`. Whoever reads it sees the old file or the new one. Raises OSError.

    `mode` is the file's, less what the umask takes.
    """
    beside = place.with_name(f".gate-new-{os.urandom(8).hex()}")
    try:
        with open(beside, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
            file.write(content)
        os.replace(beside, place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise

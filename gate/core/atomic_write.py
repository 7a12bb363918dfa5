"""Atomic writes: the content goes to a temporary file in the same folder, which then takes the final name."""

import os
from pathlib import Path


def write_atomically(place: Path, content: bytes, mode: int = 0o666) -> None:
    """Write `content` to `place`, so that a reader sees either the old file or the new one. Raises OSError.

    `mode` holds the permission bits of a new file, before the umask.
    """
    # In the same folder, because a rename is atomic only within one file system.
    temporary = place.with_name(f".gate-new-{os.urandom(8).hex()}")
    try:
        with open(temporary, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
            file.write(content)
        os.replace(temporary, place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise

"""What runs below a process, and whether it has ended (Linux's /proc)."""

import time
from collections.abc import Collection
from pathlib import Path

WAIT_S = 30
"""How long a process may take to end. Only what does not end at all takes as long."""


def children_of(process: int) -> set[int]:
    """Return the processes below `process`."""
    listing = Path(f"/proc/{process}/task/{process}/children")
    own = {int(word) for word in listing.read_text().split()} if listing.exists() else set()
    return own.union(*(children_of(child) for child in own))


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def left_of(processes: Collection[int]) -> list[int]:
    """Wait until all of them have ended; return those that have not."""
    until = time.monotonic() + WAIT_S
    while any(map(is_alive, processes)) and time.monotonic() < until:
        time.sleep(0.01)
    return [process for process in processes if is_alive(process)]

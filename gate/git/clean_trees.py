"""Working trees that are known to hold nothing untracked, for the time of a run."""

import os

_without: set[str] = set()


def note_no_others(folder: str) -> None:
    """Say that git has just found nothing untracked in a folder, ignored or not."""
    _without.add(os.path.realpath(folder))


def has_no_others(folder: str) -> bool:
    """True if nothing untracked is in a folder, as was found at the beginning of this run."""
    return bool(_without) and os.path.realpath(folder) in _without


def forget() -> None:
    """Know nothing: the run is over, and files may have come."""
    _without.clear()

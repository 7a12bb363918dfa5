"""Working trees that are known to hold no untracked file, during one run: for these a faster git command is enough."""

import os

_without: set[str] = set()


def note_no_others(folder: str) -> None:
    """Note that git has just found no untracked file in a folder, ignored ones included."""
    _without.add(os.path.realpath(folder))


def has_no_others(folder: str) -> bool:
    """True if the folder was noted in this run as one without untracked files."""
    return bool(_without) and os.path.realpath(folder) in _without


def forget() -> None:
    """Forget all folders at the end of a run: files may be added from then on."""
    _without.clear()

"""Whether a place on the disk is part of a repository: then whoever can change the repository wrote what is there."""

import os
from collections.abc import Iterator
from pathlib import Path

from gate.git.repository import Repository


def is_tracked(folder: Path) -> bool:
    """True if a repository holds something of `folder`, or a link that leads to it.

    Raises GateError if the repository that it lies in cannot be asked.
    """
    return any(map(_holds, dict.fromkeys((folder.absolute(), folder.resolve()))))


def _holds(place: Path) -> bool:
    top = next((above for above in (place, *place.parents) if os.path.lexists(above / ".git")), None)
    if top is None:
        return False
    return bool(Repository(str(top)).run("ls-files", "--", *(str(one) for one in (place, *_links(place, top)))))


def _links(place: Path, top: Path) -> Iterator[Path]:
    return (above for above in place.parents if above.is_relative_to(top) and above.is_symlink())

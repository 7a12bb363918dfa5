"""Whether a place on the disk is part of a repository: then whoever can change the repository wrote what is there."""

import os
from collections.abc import Iterable
from pathlib import Path

from gate.git.locate import find_place
from gate.git.repository import Repository


def is_tracked(folder: Path) -> bool:
    """True if a repository holds something of `folder`, or a link that leads to it.

    Raises GateError if the repository that it lies in cannot be asked.
    """
    return any(map(_holds, dict.fromkeys((folder.absolute(), folder.resolve()))))


def _holds(place: Path) -> bool:
    near = (place, *(above for above in place.parents if above.is_symlink()))
    tops = dict.fromkeys(found.top for one in (place, place.parent) if (found := find_place(str(_existing(one)))))
    return any(_tracks(top, near) for top in tops)


def _tracks(top: str, near: Iterable[Path]) -> bool:
    inside = [os.path.relpath(_anchored(one), top) for one in near if _anchored(one).is_relative_to(top)]
    return bool(inside) and bool(Repository(top).run("index of", *inside))


def _existing(folder: Path) -> Path:
    """Return the nearest folder above that is there."""
    return next(one for one in (folder, *folder.parents) if one.is_dir())


def _anchored(path: Path) -> Path:
    """Return a path whose folders are no links; its last name may be one."""
    return path.parent.resolve() / path.name

"""Whether a folder on disk is part of a repository, so that the repository's authors can have written its content."""

import os
from collections.abc import Iterable
from pathlib import Path

from gate.git.locate import find_place
from gate.git.repository import Repository


def is_tracked(folder: Path) -> bool:
    """True if git tracks a file below `folder`, or a link on the way to it.

    Raises GateError if the repository around it cannot be asked.
    """
    return any(map(_holds, dict.fromkeys((folder.absolute(), folder.resolve()))))


def _holds(place: Path) -> bool:
    near = (place, *(above for above in place.parents if above.is_symlink()))
    found = [find_place(str(_existing(one))) for one in (place, place.parent)]
    tops = dict.fromkeys(one.top for one in found if one)
    return any(_tracks(top, near) for top in tops)


def _tracks(top: str, near: Iterable[Path]) -> bool:
    inside = [os.path.relpath(_anchored(one), top) for one in near if _anchored(one).is_relative_to(top)]
    return bool(inside) and bool(Repository(top).run("index of", *inside))


def _existing(folder: Path) -> Path:
    """Return the nearest folder that exists: this one, or one above it."""
    return next(one for one in (folder, *folder.parents) if one.is_dir())


def _anchored(path: Path) -> Path:
    """Return a path with the links of its folders resolved; its last part may be a link."""
    return path.parent.resolve() / path.name

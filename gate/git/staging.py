"""The index as a tree object (git-write-tree(1)), written to our GitView, not to the repository."""

import shutil
import subprocess
from pathlib import Path

from gate.core.errors import UnreadableError
from gate.git.locate import RepositoryPlace
from gate.git.process import find_git
from gate.git.view import view_of

_TIMEOUT_S = 60
"""Seconds that git may take."""


def write_tree(place: RepositoryPlace, index: Path | None = None) -> str:
    """Return the id of the tree that an index (None: the working tree's own) would become as a commit.

    The repository is not changed: git works on a copy of the index and writes objects to the GitView, where this
    process and those forked from it find them. Raises UnreadableError with git's message, for example during a merge
    with conflicts.
    """
    view = view_of(place)
    copy = Path(view.git_dir, "index.copy")
    try:
        shutil.copyfile(index or Path(place.git_dir, "index"), copy)
    except FileNotFoundError:  # nothing has been staged yet
        copy.unlink(missing_ok=True)
    environment = view.environment(in_tree=False) | {
        "GIT_INDEX_FILE": str(copy),
        "GIT_OBJECT_DIRECTORY": view.own_objects,
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": view.objects,
    }
    words = [find_git(place), "write-tree"]
    done = subprocess.run(words, cwd=view.folder, env=environment, capture_output=True, timeout=_TIMEOUT_S)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "backslashreplace").strip()
        hint = "Resolve and stage it first"
        raise UnreadableError(f"what is staged is no tree: {said}", path=place.top, hint=hint)
    return done.stdout.decode().strip()

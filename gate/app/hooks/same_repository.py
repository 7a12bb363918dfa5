"""Checking that the repository that a hook judges is the one that git runs it for."""

import os
from collections.abc import Mapping

from gate.core.errors import UnreadableError
from gate.git import Repository


def check_same(repository: Repository, environment: Mapping[str, str]) -> None:
    """Raise UnreadableError if the hook's environment, set by git, names another repository than `repository`."""
    place = repository.place
    for name, own in (("GIT_DIR", place.git_dir), ("GIT_WORK_TREE", place.top)):
        named = environment.get(name)
        if named and os.path.realpath(named) not in (own, os.path.join(place.top, ".git")):
            raise UnreadableError(
                f"is not the repository that git runs the hook for ({name}={named})",
                path=place.top,
                hint="Run git in the working tree, without another repository in the environment",
            )

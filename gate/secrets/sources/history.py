"""The versions of files that commits add."""

from collections.abc import Iterable

import msgspec

from gate.core.errors import LimitError
from gate.git import ZERO_IDS, Repository
from gate.git.history import CommitChanges, added_commits
from gate.model import CommitRange, Fact
from gate.secrets.sources.files import AddedFile
from gate.trees import shown

MAX_ADDED_FILES = 2_000_000
"""Versions of files that commits may add."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Commits in the order of time, and each version of a file that they bring, once."""

    commits: tuple[CommitChanges, ...]
    files: tuple[AddedFile, ...]
    facts: dict[str, Fact] = {}


def story_of_range(repository: Repository, target: CommitRange) -> Story:
    """Return what the commits of a range add. Raises UnreadableError if its head is not there.

    A commit to leave out that is not there (a force push over what was never fetched) leaves out nothing: more is
    looked at, and the facts say so.
    """
    if target.head in ZERO_IDS:  # a branch is deleted: nothing is added
        return Story(commits=(), files=())
    left_out = [revision for revision in target.exclude if revision not in ZERO_IDS]
    known = dict(zip(left_out, repository.commit_ids(left_out), strict=True))
    lost = [revision for revision, commit in known.items() if commit is None]
    commits = tuple(added_commits(repository, target.head, [commit for commit in known.values() if commit]))
    files = tuple(versions_in(commits, target.name).values())
    return Story(commits=commits, files=files, facts={"unknown_commits_not_left_out": lost} if lost else {})


def versions_in(commits: Iterable[CommitChanges], name: str) -> dict[tuple[str, bytes], AddedFile]:
    """Return each (blob, path) with the commit that brought it first. Raises LimitError."""
    files: dict[tuple[str, bytes], AddedFile] = {}
    for commit in commits:
        for version in commit.added:
            if version not in files:
                files[version] = AddedFile(path=shown(version[1]), blob_id=version[0], commit=commit.id)
        if len(files) > MAX_ADDED_FILES:
            raise LimitError(f"the commits add more than {MAX_ADDED_FILES:,} files", path=name)
    return files


def in_order(files: Iterable[AddedFile], commits: Iterable[CommitChanges]) -> list[AddedFile]:
    """Return files in the order of the commits that brought them, and of their paths."""
    order = {commit.id: number for number, commit in enumerate(commits)}
    return sorted(files, key=lambda file: (order.get(file.commit, -1), file.path, file.blob_id))

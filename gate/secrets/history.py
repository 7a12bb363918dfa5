"""The versions of files in commits: what a range of them adds, or all that the object store holds."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.errors import LimitError
from gate.git import ZERO_IDS, Repository
from gate.git.blobs import blobs_among, list_objects
from gate.git.history import Commit, added_commits, commits_of
from gate.model import CommitRange, Fact, StageError
from gate.secrets.files import AddedFile
from gate.trees import shown

MAX_ADDED_FILES = 2_000_000
"""Versions of files that commits may add."""
UNREACHABLE = "(in no commit)/"
"""Before the id of a blob that no commit holds: added and never committed, or of a branch that is gone."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Commits in the order of time, and each version of a file that they bring, once."""

    commits: tuple[Commit, ...]
    files: tuple[AddedFile, ...]
    facts: dict[str, Fact] = {}
    errors: tuple[StageError, ...] = ()


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
    files = tuple(_versions(commits, target.name).values())
    return Story(commits=commits, files=files, facts={"unknown_commits_not_left_out": lost} if lost else {})


def whole_story(repository: Repository, name: str) -> Story:
    """Return all that the object store holds: of every ref, of HEAD and the reflogs, and in no commit at all."""
    listing = list_objects(repository)
    commits = tuple(commits_of(repository, "--all", "--reflog"))
    versions = _versions(commits, name)
    blobs = blobs_among(listing)
    stored = set(blobs)
    committed = {file.blob_id for file in versions.values()}
    loose = [AddedFile(path=UNREACHABLE + one, blob_id=one, commit="") for one in blobs if one not in committed]
    present = [file for file in versions.values() if file.blob_id in stored]
    newest_first = reversed(present)  # as git stores them: the older ones by what differs from the newer
    return Story(
        commits=commits,
        files=(*newest_first, *loose),
        facts={"blobs": len(blobs), "blobs_in_no_commit": len(loose)},
        errors=(*_shallow(repository), *_absent(len(versions) - len(present))),
    )


def _versions(commits: Iterable[Commit], name: str) -> dict[tuple[str, bytes], AddedFile]:
    """Return each (blob, path) with the commit that brought it first. Raises LimitError."""
    files: dict[tuple[str, bytes], AddedFile] = {}
    for commit in commits:
        for version in commit.added:
            if version not in files:
                files[version] = AddedFile(path=shown(version[1]), blob_id=version[0], commit=commit.id)
        if len(files) > MAX_ADDED_FILES:
            raise LimitError(f"the commits add more than {MAX_ADDED_FILES:,} files", path=name)
    return files


def _shallow(repository: Repository) -> Iterator[StageError]:
    if repository.is_shallow:
        yield StageError(
            title="the clone is shallow, so that most of its history is not here",
            message="Fetch it with `git fetch --unshallow` (in CI: a full checkout), or leave out --history",
        )


def _absent(count: int) -> Iterator[StageError]:
    if count:
        yield StageError(
            title=f"{count:,} versions of files are not in the object store",
            message="The clone is partial: fetch them (`git fetch --refetch --no-filter`), or leave out --history",
        )


def in_order(files: Iterable[AddedFile], commits: Iterable[Commit]) -> list[AddedFile]:
    """Return files in the order of the commits that brought them, and of their paths."""
    order = {commit.id: number for number, commit in enumerate(commits)}
    return sorted(files, key=lambda file: (order.get(file.commit, -1), file.path, file.blob_id))

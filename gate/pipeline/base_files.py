"""Whose files a job reads: the target's own, and those of its bases where they differ.

See `gate.policy.silencing_files`.
"""

import os
import posixpath
from collections.abc import Mapping, Sequence

import msgspec

from gate.core.errors import GateError
from gate.git import Repository
from gate.model import CommitRange, StageResult, Tree, Trust
from gate.pipeline.plan import Job
from gate.policy.file_places import CommitFiles, Disk, FilePlace
from gate.policy.silencing_files import join_strictest
from gate.settings import Settings
from gate.stages import load_stage

MAX_SIZE = 64 << 20
"""Bytes of a file that is compared; a larger one is taken for another than any other."""


class BaseFiles(msgspec.Struct, frozen=True):
    """The trees whose files count for a job besides those of its target."""

    own: Tree
    """The target as a tree: what looks at a base reads its files too."""
    others: tuple[Tree, ...]
    path: str
    """The first file that differs."""


def base_files_of(jobs: Sequence[Job], trust: Trust, settings: Settings) -> dict[int, BaseFiles]:
    """Return by number of the job what differs, for those for which something does."""
    if not trust.is_comparison:
        return {}
    files = {job.stage: _files(job.stage, settings) for job in jobs}
    asked = tuple(path for paths in files.values() for path in paths)
    places = _Places(asked)
    found: dict[int, BaseFiles] = {}
    for number, job in enumerate(jobs):
        bases = trust.bases_of(job.target.name)
        if bases and files[job.stage] and isinstance(job.target, Tree | CommitRange):
            differing = _differing(_as_tree(job.target), bases, files[job.stage], places)
            if differing is not None:
                found[number] = differing
    return found


def _files(stage: str, settings: Settings) -> tuple[str, ...]:
    said_in = getattr(load_stage(stage), "said_in", None)
    return tuple(said_in(settings)) if said_in else ()


def _differing(own: Tree, bases: Sequence[Tree], files: Sequence[str], places: "_Places") -> BaseFiles | None:
    known = [places.of(own).contents(files)]
    others: list[Tree] = []
    for base in bases:
        contents = places.of(base).contents(files)
        if contents not in known:
            known.append(contents)
            others.append(base)
    return BaseFiles(own, tuple(others), _first_difference(known, files)) if others else None


def _as_tree(target: Tree | CommitRange) -> Tree:
    if isinstance(target, CommitRange):
        return Tree(root=target.root, name=target.name, revision=target.head)
    return msgspec.structs.replace(target, only=None)


class _Place:
    """Where the files of a tree are read, below its folder."""

    def __init__(self, place: FilePlace, folder: str) -> None:
        self._place = place
        self._folder = folder

    def contents(self, files: Sequence[str]) -> list[bytes | None]:
        return [self._content(posixpath.normpath(posixpath.join(self._folder, path))) for path in files]

    def _content(self, path: str) -> bytes | None:
        """Return what a file holds, None if there is none. What cannot be read is like nothing else."""
        try:
            return self._place.read(path, MAX_SIZE)
        except GateError as error:
            return f"\0{self._place.commit}: {error}".encode("utf-8", "surrogatepass")


class _Places:
    """The places of trees, each asked once: a range of commits and the tree that it leads to have one place."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = files
        self._known: dict[tuple[str, str | None], _Place] = {}

    def of(self, tree: Tree) -> _Place:
        key = tree.root, tree.revision
        if key not in self._known:
            self._known[key] = self._place_of(tree)
        return self._known[key]

    def _place_of(self, tree: Tree) -> _Place:
        if tree.revision is None:
            return _Place(Disk(tree.root), "")
        repository = Repository(tree.root)
        folder = os.path.relpath(os.path.realpath(tree.root), os.path.realpath(repository.top)).replace(os.sep, "/")
        expected = [posixpath.normpath(posixpath.join(folder, path)) for path in self._files]
        return _Place(CommitFiles(repository, tree.revision, expected), folder)


def _first_difference(known: Sequence[Sequence[bytes | None]], files: Sequence[str]) -> str:
    return next(path for path, contents in zip(files, zip(*known, strict=True), strict=True) if len(set(contents)) > 1)


def with_base_files(jobs: Sequence[Job], base_files: Mapping[int, BaseFiles]) -> list[Job]:
    """Return the jobs, and further ones: the same, by the files of each base."""
    own = [
        msgspec.structs.replace(job, compared=base_files[number].others) if number in base_files else job
        for number, job in enumerate(jobs)
    ]
    further = ((jobs[number], base) for number, files in base_files.items() for base in files.others)
    return [*own, *(msgspec.structs.replace(job, said=base) for job, base in further)]


def joined(results: Sequence[StageResult], count: int, base_files: Mapping[int, BaseFiles]) -> list[StageResult]:
    """Join the results of the first `count` jobs with those of the further ones that `with_base_files` made of them."""
    own, further = list(results[:count]), iter(results[count:])
    for number, files in base_files.items():
        own[number] = join_strictest(own[number], [next(further) for _ in files.others], files.path)
    return own

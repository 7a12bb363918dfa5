"""All that a repository's object store holds, each version of a file looked at once.

Where nothing was found an earlier run's word is taken for a history in which no object and no ref has changed since:
then only those versions are read that held something. `docs/decisions/0006-what-is-cached.md` says what is kept.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from gate.git import Repository
from gate.git.history import Commit, commits_named
from gate.model import Fact, StageError
from gate.secrets.blobs import look_at_blobs
from gate.secrets.cache import Memory
from gate.secrets.detected import Examined
from gate.secrets.files import AddedFile
from gate.secrets.findings import Tally
from gate.secrets.history import in_order, whole_story
from gate.secrets.survey import is_clean
from gate.secrets.traces import Traces, traces

if TYPE_CHECKING:
    from gate.context import Context
    from gate.secrets.trees import Terms

MAX_OPEN = 10_000
"""Versions of files to look at again that are remembered; reading more takes most of the time in any case."""

Counts = Mapping[str, int]
Outcome = Examined | StageError


class KnownHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A whole history, as it can be kept: no secret, nor anything made of one."""

    files: int
    """Versions of files that were wanted."""
    stored: Mapping[str, Fact]
    """Objects and commits that there are."""
    clean: Counts
    """What the tally counts in the versions in which there is nothing to find."""
    open: tuple[AddedFile, ...]
    """Those that hold a secret, or could not be read, in the order of the commits."""
    commits: tuple[str, ...]
    """The commits that bring or remove these, in their order."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """A whole history, looked at."""

    known: KnownHistory
    outcomes: tuple[tuple[AddedFile, Outcome], ...]
    """Of the open versions, in their order."""
    commits: tuple[Commit, ...]
    errors: tuple[StageError, ...] = ()

    def tell(self, tally: Tally) -> None:
        """Give what is open to `tally`."""
        for file, outcome in self.outcomes:
            tally.take(file.path, outcome, file.commit or None)

    def facts(self, tally: Tally) -> dict[str, Fact]:
        """Return the counts of the clean versions and of those in `tally` together, under names of their own."""
        clean, counts = self.known.clean, _counts(tally)
        sums = {name: clean.get(name, 0) + counts.get(name, 0) for name in (*clean, *counts)}
        return {f"history_{name}": count for name, count in (*self.known.stored.items(), *sums.items())}

    def traces(self) -> Traces:
        """Return where each secret came and went."""
        return traces(self.commits, {(file.path, file.blob_id): outcome for file, outcome in self.outcomes})


def look_at_history(repository: Repository, target: str, terms: "Terms", memory: Memory, context: "Context") -> History:
    """Look at a repository's whole history on `terms`; of one that is known only at what is open.

    Raises UnreadableError if a tree of a commit is not there, and LimitError.
    """
    name = _name_of(repository, terms) if memory.is_kept else None
    known = memory.whole(name, KnownHistory) if name else None
    if known is not None:
        return _look_again(known, repository, terms, context)
    history = _look_at_all(repository, target, terms, memory, context)
    is_small = max(len(history.known.open), len(history.commits)) <= MAX_OPEN
    if name and is_small and not history.errors and name == _name_of(repository, terms):  # nobody changed it meanwhile
        memory.keep_whole(name, history.known)
    return history


def _name_of(repository: Repository, terms: "Terms") -> bytes | None:
    """Name all that decides what a history comes to: its objects, and the tips from which its commits are told.

    None for a shallow clone, of which not all is told by these.
    """
    objects = repository.start("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    tips = repository.start("rev-list", "--no-walk=unsorted", "--all", "--reflog")
    name = f"history {objects.digest()} {tips.digest()}"
    return None if repository.is_shallow else terms.name_of(name)


def _look_again(known: KnownHistory, repository: Repository, terms: "Terms", context: "Context") -> History:
    context.progress(f"history: known, but for {len(known.open):,} versions of files")
    outcomes = look_at_blobs(known.open, repository.top, terms.options, Memory(None, terms.options), context)
    return History(
        known=known,
        outcomes=tuple((file, outcomes[file.path, file.blob_id]) for file in known.open),
        commits=tuple(commits_named(repository, known.commits)),
    )


def _look_at_all(repository: Repository, target: str, terms: "Terms", memory: Memory, context: "Context") -> History:
    story = whole_story(repository, target)
    wanted = [file for file in story.files if terms.wants(file.path)]
    context.progress(f"history: {len(story.commits):,} commits, {len(wanted):,} versions of files")
    outcomes = look_at_blobs(wanted, repository.top, terms.options, memory, context)
    clean, found = Tally(target), []
    for file in wanted:
        outcome = outcomes[file.path, file.blob_id]
        if isinstance(outcome, Examined) and is_clean(outcome):
            clean.take(file.path, outcome)
        else:
            found.append(file)
    found = in_order(found, story.commits)
    blobs = {file.blob_id for file in found}
    commits = tuple(commit for commit in story.commits if commit.touching(blobs))
    known = KnownHistory(
        files=len(wanted),
        stored={**story.facts, "commits": len(story.commits)},
        clean=_counts(clean),
        open=tuple(found),
        commits=tuple(commit.id for commit in commits),
    )
    told = tuple((file, outcomes[file.path, file.blob_id]) for file in found)
    return History(known=known, outcomes=told, commits=commits, errors=story.errors)


def _counts(tally: Tally) -> Counts:
    return {name: value for name, value in tally.facts().items() if isinstance(value, int)}

"""All that a repository's object store holds, each version of a file looked at once.

Of a history that an earlier run knows only what is new is looked at, and those versions that held something: what was
found out of some commits and all before them holds for whatever is built on them, in this repository or another.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from gate.core.cache import key_of
from gate.git import Repository
from gate.git.blobs import blobs_among, ids_among, list_ids, list_objects, tags_among
from gate.git.history import CommitChanges, commits_named, list_commits, tips_of
from gate.model import Fact, StageError
from gate.secrets.results.detected import Examined
from gate.secrets.results.findings import Tally
from gate.secrets.results.summary import Counts, added, counts_of, sum_of
from gate.secrets.sources.blobs import look_at_blobs, sum_batch, sum_blobs
from gate.secrets.sources.cache import SecretsCache
from gate.secrets.sources.commits import Traces, traces
from gate.secrets.sources.files import AddedFile
from gate.secrets.sources.history import in_order, versions_in
from gate.secrets.sources.history_cache import NOTHING, HistoryPart, KnownHistory, Versions
from gate.secrets.sources.names import SecretInName, look_at_names, texts_of
from gate.trees import shown

if TYPE_CHECKING:
    from gate.context import Context
    from gate.secrets.sources.trees import ScanTerms

UNREACHABLE = "(in no commit)/"
"""Before the id of a blob that no commit holds: added and never committed, or of a branch that is gone."""

Outcome = Examined | StageError
Outcomes = Mapping[tuple[str, str], Outcome]
"""By path and blob id."""


class WholeHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A whole history, looked at."""

    known: KnownHistory
    outcomes: tuple[tuple[AddedFile, Outcome], ...]
    """Of the open versions, in the order of the commits that brought them."""
    commits: tuple[CommitChanges, ...]
    """Those that bring or remove these, in their order."""
    in_names: tuple[SecretInName, ...] = ()
    """What is written about commits and tags with a secret in it."""
    errors: tuple[StageError, ...] = ()

    @property
    def files(self) -> int:
        """Versions of files that were wanted."""
        return self.known.committed.files + self.known.loose.files

    def tell(self, tally: Tally) -> None:
        """Give what is open to `tally`."""
        for file, outcome in self.outcomes:
            tally.take(file.path, outcome, file.commit or None)
        for found in self.in_names:
            tally.take(found.written.path, found.examined, found.written.commit)

    def facts(self, tally: Tally) -> dict[str, Fact]:
        """Return the counts of the clean versions and of those in `tally` together, under names of their own."""
        known = self.known
        counts = added(added(known.committed.clean, known.loose.clean), counts_of(tally))
        stored = {"blobs": known.blobs, "blobs_in_no_commit": known.blobs_in_no_commit, "commits": known.count}
        return {f"history_{name}": count for name, count in (*stored.items(), *sorted(counts.items()))}

    def traces(self) -> Traces:
        """Return where each secret came and went."""
        return traces(self.commits, {(file.path, file.blob_id): outcome for file, outcome in self.outcomes})


class HistoryListing:
    """A history that git lists while other work goes on.

    All is read from the same tips, which are named before the objects are listed: what is added meanwhile is in no
    commit yet.
    """

    def __init__(self, repository: Repository, terms: "ScanTerms", memory: SecretsCache, context: "Context") -> None:
        """Raises UnreadableError if a commit is not there."""
        self.repository = repository
        self.terms = terms
        self.memory = memory
        self.is_shallow = repository.is_shallow
        self.key = terms.name_of(f"history of {repository.top}") if memory.is_kept and not self.is_shallow else None
        self.known = memory.known([self.key], KnownHistory).get(self.key, NOTHING) if self.key else NOTHING
        if self.known is NOTHING:
            context.prepare(sum_batch, repository.top, terms.options)
        self.tips = tuple(tips_of(repository))
        is_same = self.tips == self.known.tips
        self._ids = list_ids(repository) if is_same else None
        self._objects = None if is_same else list_objects(repository)
        self.added: Iterator[CommitChanges] = iter(())
        """The commits that are not known."""
        self.order = self.known.commits
        """All commits, parents first; if none has been added those that matter."""
        if not is_same:
            self._list_commits()

    def start_again(self) -> None:
        """Take nothing for known."""
        self.known = NOTHING
        self._list_commits()

    def _list_commits(self) -> None:
        self.order = tuple(list_commits(self.repository, self.tips))
        if not set(self.known.tips).issubset(self.order):  # what is gone may be all that brought what is known
            self.known = NOTHING
        known = self.known.tips
        added = list_commits(self.repository, self.tips, known) if known else self.order
        self.added = commits_named(self.repository, added)

    @cached_property
    def is_known(self) -> bool:
        """True if neither the tips nor any object came or went."""
        return self._ids is not None and self._named(self._ids.output()) == self.known.name

    @cached_property
    def objects(self) -> bytes:
        """All objects of the store, reachable or not."""
        return (self._objects or list_objects(self.repository)).output()

    @property
    def name(self) -> bytes:
        """A name for all that decides what the history comes to."""
        return self._named(ids_among(self.objects))

    def _named(self, ids: bytes) -> bytes:
        return key_of(*self.tips, ids)

    def wanted(self, files: Iterable[AddedFile]) -> list[AddedFile]:
        return [file for file in files if self.terms.wants(file.path)]


def look_at_history(listing: HistoryListing, target: str, context: "Context") -> WholeHistory:
    """Look at a repository's whole history; of what is known only at what is open.

    Raises UnreadableError if a tree of a commit is not there, and LimitError.
    """
    if listing.is_known:
        return _look_again(listing, context)
    history = _look_at_rest(listing, target, context)
    if listing.key and history.known.is_small and not history.errors:
        whole = {listing.key: msgspec.structs.replace(history.known, name=listing.name)}
        listing.memory.keep(whole, is_secret=False)
    return history


def _look_again(listing: HistoryListing, context: "Context") -> WholeHistory:
    known = listing.known
    context.progress(f"history: known, but for {len(known.open):,} versions of files")
    _, outcomes = _look_at(known.open, listing, context)
    in_names = _look_at_names(known.texts, listing)
    return _history(known, commits_named(listing.repository, known.commits), outcomes, in_names)


def _look_at_rest(listing: HistoryListing, target: str, context: "Context") -> WholeHistory:
    """Look at the versions that are not known, and at those that are open."""
    known, versions, commits = listing.known, Versions(listing.known.versions), list(listing.added)
    blobs = blobs_among(listing.objects)
    stored = set(blobs)
    if not stored.issuperset(versions.paths):
        listing.start_again()
        return _look_at_rest(listing, target, context)
    new = [file for file in versions_in(commits, target).values() if not versions.has(file)]
    versions.add(new)
    present = [file for file in new if file.blob_id in stored]
    context.progress(f"history: {len(commits):,} new commits, {len(present):,} new versions of files")
    # The newest first, as git stores them: the older ones by what differs from the newer.
    new_part, of_new = _look_at(present[::-1], listing, context)
    _, of_open = _look_at(known.committed.open, listing, context)
    lost = [AddedFile(path=UNREACHABLE + one, blob_id=one, commit="") for one in blobs if one not in versions.paths]
    loose, of_loose = _look_up(lost, listing, context)
    committed = known.committed + new_part
    texts = dict.fromkeys((*known.texts, *(commit.id for commit in commits), *tags_among(listing.objects)))
    in_names = _look_at_names(tuple(texts), listing)
    touching = _touching({file.blob_id for file in committed.open}, commits, listing)
    now = KnownHistory(
        tips=listing.tips,
        count=known.count + len(commits),
        commits=tuple(commit.id for commit in touching),
        texts=tuple(dict.fromkeys(found.written.id for found in in_names)),
        committed=_brought_by(touching, committed),
        loose=loose,
        versions=versions.paths,
        blobs=len(blobs),
        blobs_in_no_commit=len(lost),
    )
    errors = (*_shallow(listing.is_shallow), *_absent(len(new) - len(present)))
    return _history(now, touching, {**of_new, **of_open, **of_loose}, in_names, errors)


def _look_at_names(ids: Sequence[str], listing: HistoryListing) -> tuple[SecretInName, ...]:
    return tuple(look_at_names(texts_of(listing.repository, ids), listing.terms.options))


def _look_at(files: Sequence[AddedFile], listing: HistoryListing, context: "Context") -> tuple[HistoryPart, Outcomes]:
    """Look at those of `files` that are wanted; return what they came to, and each open one."""
    wanted = listing.wanted(files)
    clean, outcomes = sum_blobs(wanted, listing.repository.top, listing.terms.options, context)
    return _part(wanted, clean, outcomes), outcomes


def _look_up(files: Sequence[AddedFile], listing: HistoryListing, context: "Context") -> tuple[HistoryPart, Outcomes]:
    """Do as `_look_at`, but do not read what was clean in an earlier run."""
    wanted = listing.wanted(files)
    outcomes = look_at_blobs(wanted, listing.repository.top, listing.terms.options, listing.memory, context)
    found = sum_of(outcomes[file.path, file.blob_id] for file in wanted)
    others = {(wanted[place].path, wanted[place].blob_id): outcome.value for place, outcome in found.open}
    return _part(wanted, found.clean, others), others


def _part(files: Sequence[AddedFile], clean: Counts, outcomes: Outcomes) -> HistoryPart:
    open_ones = (file for file in files if (file.path, file.blob_id) in outcomes)
    return HistoryPart(files=len(files), clean=clean, open=tuple(in_order(open_ones, ())))


def _brought_by(commits: Sequence[CommitChanges], part: HistoryPart) -> HistoryPart:
    """Return a part whose open versions, all of which these commits bring, name the first to do so."""
    first: dict[tuple[str, str], str] = {}
    for commit in commits:
        for blob_id, path in commit.added:
            first.setdefault((shown(path), blob_id), commit.id)
    files = (msgspec.structs.replace(one, commit=first[one.path, one.blob_id]) for one in part.open)
    return msgspec.structs.replace(part, open=tuple(in_order(files, commits)))


def _touching(blobs: Collection[str], added: Iterable[CommitChanges], listing: HistoryListing) -> list[CommitChanges]:
    """Return the commits that put one of these blobs, or take it away, in their order."""
    known = commits_named(listing.repository, listing.known.commits)
    place = {commit: number for number, commit in enumerate(listing.order)}
    new = (commit for commit in added if commit.touching(blobs))
    return sorted((*known, *new), key=lambda commit: place[commit.id])


def _history(
    known: KnownHistory,
    commits: Iterable[CommitChanges],
    outcomes: Outcomes,
    in_names: tuple[SecretInName, ...],
    errors: tuple[StageError, ...] = (),
) -> WholeHistory:
    return WholeHistory(
        known=known,
        outcomes=tuple((file, outcomes[file.path, file.blob_id]) for file in known.open),
        commits=tuple(commits),
        in_names=in_names,
        errors=errors,
    )


def _shallow(is_shallow: bool) -> Iterator[StageError]:
    if is_shallow:
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

"""What git's index says of a working tree, and which of its files it does not vouch for."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from sys import intern

import msgspec

from gate.core.consulted import note_call
from gate.core.errors import GateError, UnreadableError
from gate.git import Repository
from gate.git.attributes import is_attributes_file, may_convert
from gate.trees.base import shown

_COMPARED = ("H", "0")
"""Tag and stage of what git compares with the disk (`git ls-files -v`). Others are taken on trust, or merges."""
_COMMANDS = ("others", "index with tags", "changed files")
"""What is asked in every case, at once."""


class VouchedFiles(msgspec.Struct, frozen=True):
    """What git's index says of the entries that are on disk as it has them, by their paths."""

    modes: dict[str, str]
    ids: dict[str, str]
    """Ids of their blobs."""
    doubts: dict[bytes, str]
    """By name, tag and stage of those that git does not compare with the disk."""


class IndexListing(msgspec.Struct, frozen=True, dict=True):
    """The index of a working tree, compared with the disk."""

    raw: bytes
    """As git lists it."""
    is_edited: bool
    """True if a tracked file is on disk otherwise."""
    differing: frozenset[bytes]
    """What is on disk otherwise: changed, untracked, converted by a filter, `ident` or an encoding.

    Conversion of line ends does not count: it can hide nothing from a scan.
    """

    def names(self) -> set[bytes]:
        """Return the names that are tracked, or untracked and not ignored."""
        return {line.partition(b"\t")[2] for line in self.raw.split(b"\0")[:-1]} | self.differing

    @cached_property
    def vouched(self) -> VouchedFiles:
        """What git vouches for; each entry stands as `TAG MODE ID STAGE\\tNAME` in the listing."""
        modes: dict[str, str] = {}
        ids: dict[str, str] = {}
        doubts: dict[bytes, str] = {}
        for line in self.raw.split(b"\0")[:-1]:
            head, _, name = line.partition(b"\t")
            tag, mode, blob_id, stage = head.decode("ascii").split(" ")
            if (tag, stage) != _COMPARED:
                doubts[name] = f"{tag} {stage} "
            elif name not in self.differing:
                path = shown(name)
                modes[path], ids[path] = intern(mode), blob_id
        return VouchedFiles(modes, ids, doubts)


class IndexQuestion:
    """What git says of a working tree. Its commands run at once, from the start on, until something waits for them."""

    def __init__(self, repository: Repository, root: str) -> None:
        self._repository, self._root = repository, root
        self._running = {command: repository.start(command, folder=root) for command in _COMMANDS}
        self._outcomes: dict[str, bytes | UnreadableError] = {}
        self.known: IndexListing | None = None
        """The listing, once it was waited for."""

    @cached_property
    def others(self) -> list[bytes]:
        """What is not tracked, ignored or not; a folder without any tracked file is one name, with a slash at its end.

        Raises UnreadableError if git may not list a folder.
        """
        return names_of(self._output("others"))

    @property
    def raw(self) -> bytes:
        """What git lists of the index. Raises UnreadableError if git cannot say."""
        return self._output("index with tags")

    def answer(self) -> IndexListing:
        """Wait for git and return the listing. Raises UnreadableError if git cannot say."""
        for command in _COMMANDS:
            self._wait_for(command)
        if self.known is None:
            is_edited = bool(self._output("changed files"))
            self.known = IndexListing(self.raw, is_edited, frozenset(self._differing()))
        return self.known

    def end(self) -> None:
        """End the commands that nothing waited for."""
        for command, running in self._running.items():
            if command not in self._outcomes:
                running.end()

    def _output(self, command: str) -> bytes:
        outcome = self._wait_for(command)
        if isinstance(outcome, UnreadableError):
            raise outcome
        return outcome

    def _wait_for(self, command: str) -> bytes | UnreadableError:
        if command not in self._outcomes:
            try:
                self._outcomes[command] = self._running[command].output()
            except UnreadableError as error:
                self._outcomes[command] = error
        return self._outcomes[command]

    def _differing(self) -> Iterator[bytes]:
        yield from names_of(self._output("changed files"))
        if self.others:
            yield from self._names("untracked files")
        if self._may_convert():
            yield from self._names("converted files")

    def _names(self, command: str) -> list[bytes]:
        return names_of(self._repository.run(command, folder=self._root))

    def _may_convert(self) -> bool:
        """False if certainly no file is converted; attributes above a folder of a repository are not known."""
        if self._repository.prefix:
            return True
        tracked = (line.partition(b"\t")[2] for line in self.raw.split(b"\0") if line[-1:] in (b"s", b"S"))
        return may_convert(self._repository.place, filter(is_attributes_file, (*tracked, *self.others)))


def names_of(output: bytes) -> list[bytes]:
    """Return the names that NUL ends in git's output."""
    return [name for name in output.split(b"\0") if name]


_questions: dict[str, IndexQuestion] | None = None
"""By root, what was asked of working trees during a run; None outside of one."""


@contextmanager
def listings_of_a_run() -> Iterator[None]:
    """Ask git once for a working tree while this is open; processes that are forked meanwhile have its answer."""
    global _questions
    if _questions is not None:  # within a run that has begun
        yield
        return
    _questions = {}
    try:
        yield
    finally:
        for question in _questions.values():
            question.end()
        _questions = None


def ask_ahead(root: str) -> None:
    """Let git begin, as what git says will be needed; who needs it says what is wrong if it cannot be asked."""
    with suppress(GateError):
        if repository := Repository.find(root):
            question_of(repository, root)


def question_of(repository: Repository, root: str) -> IndexQuestion:
    """Return what was asked of a working tree during this run, or ask now. Raises GateError if git cannot be asked."""
    if _questions is None:
        return IndexQuestion(repository, root)
    if root not in _questions:
        _questions[root] = IndexQuestion(repository, root)
    return _questions[root]


def listing_of(repository: Repository, root: str) -> IndexListing:
    """Return the listing of a working tree: the one of this run, or what git says now. Raises UnreadableError."""
    known = _known(root)
    if known is None:
        return IndexQuestion(repository, root).answer()
    note_call("git:index with tags")  # as if git had been asked: what rests on it rests on every file
    return known


def names_in(repository: Repository, root: str) -> Iterable[bytes]:
    """Return the names of a working tree's files, relative to it: those of this run's listing, or what git says now."""
    known = _known(root)
    return repository.list_files(root) if known is None else known.names()


def commit_in(repository: Repository, root: str, *, as_listed: bool) -> str | None:
    """Return the commit of HEAD if every tracked file of the repository is as in it, as far as git is sure; else None.

    With `as_listed` what counts is how this run's listing found them; else git compares them now, unless they were
    edited when it listed them. Raises UnreadableError if git cannot say.
    """
    known = _known(root)
    if known is not None and (known.is_edited or known.vouched.doubts):
        return None
    if known is not None and as_listed and not repository.path_of(root):
        return repository.commit_of_index()
    return repository.commit_as_it_is()


def vouched_in(root: str) -> Mapping[str, str]:
    """Return the modes of the files that this run's listing vouches for, by their paths; nothing without one."""
    known = _known(root)
    return {} if known is None else known.vouched.modes


def _known(root: str) -> IndexListing | None:
    """Return the listing that this process, or the one that it was forked from, has waited for."""
    question = (_questions or {}).get(root)
    return question.known if question else None

"""What a working tree holds and no stage looks at (`Unseen`): every report states it, a setting can forbid it."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from gate.core.errors import GateError, UnreadableError, as_stage_error
from gate.core.lazy_regex import lazy_regex
from gate.git import Repository
from gate.git.running import Running
from gate.model import StageError, Target, Tree, Unseen
from gate.trees.base import shown
from gate.trees.index import IndexQuestion, names_of, question_of

MOST_NAMED = 20
"""Paths of a kind that a report names."""
_NAMED_IN_WORDS = 3
"""Paths of a kind that a message names."""
_KIND_NAMES = {
    "submodules": "submodules",
    "repositories": "other repositories",
    "sparse": "files that are not checked out",
    "ignored": "files or folders that are ignored",
    "excluded": "files or folders that this machine's own rules exclude",
    "unlisted": "folders that git may not list",
}
_IN_TREE = lazy_regex(rb"(?:^|(?<=\0))160000 commit [0-9a-f]+\t([^\0]*)\0")
_SPARSE = (b"S ", b"s ")
"""The tag of files that are not on disk, in git's listing of the index."""
_SUBMODULE = b"160000 "
"""The mode of submodules, in that listing behind the tag."""


class UnseenWatch:
    """Asks git what is not looked at, for all targets at once, while the stages are already at work.

    Revisions can leave out submodules only, and git is asked about these only where a setting refuses them.
    """

    def __init__(self, targets: Iterable[Target], refused: Collection[str]) -> None:
        trees = [one for one in targets if isinstance(one, Tree) and one.only is None]
        self._asked = {one.name: _Question(one) for one in trees if one.revision is None or "submodules" in refused}

    def answers(self) -> dict[str, tuple[Unseen, ...]]:
        """Wait for git, and return by the target's name what is not looked at."""
        return {name: tuple(question.answers()) for name, question in self._asked.items()}

    def errors(self) -> dict[str, StageError]:
        """Return by the target's name why git cannot say which files belong to it."""
        return {name: question.error for name, question in self._asked.items() if question.error is not None}


class _Question:
    """The git commands that run for one target, and what their outputs mean."""

    def __init__(self, target: Tree) -> None:
        self._root = target.root
        self._leaves: Running | None = None
        self._index: IndexQuestion | None = None
        self._why_ignored: Running | None = None
        self._within: list[bytes] = []
        self._repository: Repository | None = None
        self.error: StageError | None = None
        self._unlisted: str | None = None
        try:
            self._repository = Repository.find(target.root)
            if self._repository is not None:
                self._start(self._repository, target)
        except GateError as error:
            self.error = as_stage_error(error)

    def _start(self, repository: Repository, target: Tree) -> None:
        if target.revision is not None:
            tree = f"{repository.full_id(target.revision)}:{repository.path_of(target.root).removesuffix('/')}"
            self._leaves = repository.start("leaves", tree)
            return
        self._index = question_of(repository, target.root)
        try:
            others = self._index.others
        except UnreadableError as error:  # a folder without the right to list it; the stages report it too
            self._unlisted = error.path or ""
            return
        if not others:
            return
        root = os.fsencode(target.root)
        self._within = [
            name for name in others if name.endswith(b"/") and os.path.lexists(os.path.join(root, name, b".git"))
        ]
        questions = "".join(f"{os.fsdecode(name)}\0" for name in others if name not in self._within)
        self._why_ignored = repository.start("why ignored", lines=[questions], folder=target.root)
        self._plain_folders = {name for name in others if name.endswith(b"/")}.difference(self._within)

    def answers(self) -> Iterator[Unseen]:
        try:
            yield from list(self._answers())
        except UnreadableError as error:
            self._unlisted = error.path or ""
        if self._unlisted is not None:
            yield Unseen(kind="unlisted", count=1, paths=(self._unlisted,))

    def _answers(self) -> Iterator[Unseen]:
        if self._leaves is not None:
            yield from _unseen("submodules", _IN_TREE.findall(self._leaves.output()))
        if self._index is not None:
            sparse, submodules = _not_on_disk(self._index.raw)
            yield from _unseen("submodules", submodules)
            yield from _unseen("sparse", sparse)
        if self._why_ignored is not None:
            yield from self._left_out(self._why_ignored.output())

    def _left_out(self, verbose: bytes) -> Iterator[Unseen]:
        """Yield what ignore rules leave out, those of the repository and of this machine, and other repositories.

        `verbose` is the output of `git check-ignore --verbose`.
        """
        whose = _sources(verbose)
        names = list(whose)
        if not self._plain_folders <= whose.keys():  # some folder is not ignored as a whole, but perhaps in part
            assert self._repository is not None
            names = names_of(self._repository.run("ignored", folder=self._root))
            questions = "".join(f"{os.fsdecode(name)}\0" for name in names)
            whose = _sources(self._repository.run("why ignored", lines=[questions], folder=self._root))
            listing = self._repository.run("files", folder=self._root)
            self._within = [name for name in names_of(listing) if name.endswith(b"/")]
        yield from _unseen("repositories", [name for name in self._within if name not in whose])
        yield from _unseen("ignored", [name for name in names if not _is_machine(whose.get(name, b""))])
        yield from _unseen("excluded", [name for name in names if _is_machine(whose.get(name, b""))])


def _sources(verbose: bytes) -> dict[bytes, bytes]:
    """Return by the name of what is ignored the file with the rule; a rule that begins with ! ignores nothing."""
    fields = verbose.split(b"\0")
    found = zip(fields[3::4], fields[::4], fields[2::4], strict=False)
    return {name: source for name, source, pattern in found if not pattern.startswith(b"!") and name != b"\n"}


def _is_machine(source: bytes) -> bool:
    """True for a rule of this machine: the GitView holds these under an absolute path, others are relative."""
    return source.endswith(b"/info/exclude") and os.path.isabs(source)


def _not_on_disk(index: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the names of files that a sparse checkout leaves out, and of submodules."""
    lines = index.split(b"\0")
    sparse = [line for line in lines if line.startswith(_SPARSE)]
    submodules = [line for line in lines if line.startswith(_SUBMODULE, 2) and not line.startswith(_SPARSE)]
    return [_name_in(line) for line in sparse], [_name_in(line) for line in submodules]


def _name_in(line: bytes) -> bytes:
    return line.partition(b"\t")[2]


def _unseen(kind: str, names: Sequence[bytes]) -> Iterator[Unseen]:
    if names:
        paths = tuple(shown(name.rstrip(b"/")) for name in sorted(set(names))[:MOST_NAMED])
        yield Unseen(kind=kind, count=len(set(names)), paths=paths)  # type: ignore[arg-type]


def notices(unseen: Mapping[str, Sequence[Unseen]]) -> Iterator[str]:
    """Yield a line for each target in which something is not looked at that its own ignore rules do not ignore."""
    for target, kinds in unseen.items():
        parts = [_described(one) for one in kinds if one.kind != "ignored"]
        if parts:
            yield f"Not looked at in {target}: {'; '.join(parts)}"


def _described(one: Unseen) -> str:
    named = ", ".join(one.paths[:_NAMED_IN_WORDS]) + (", …" if one.count > _NAMED_IN_WORDS else "")
    return f"{one.count:,} {_KIND_NAMES[one.kind]} ({named})"


def refusals(kinds: Sequence[Unseen], refused: Sequence[str]) -> Iterator[str]:
    """Yield an error for each kind that is not looked at although a setting refuses that."""
    for one in kinds:
        if one.kind in refused or (refused and one.kind == "unlisted"):
            yield f"not looked at: {_described(one)}"

"""What lies in a working tree and is not looked at: said in every report, and refused where a setting says so."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from gate.errors import GateError, UnreadableError, as_stage_error
from gate.git import Repository
from gate.git.running import Running
from gate.model import StageError, Target, Tree, Unseen
from gate.trees.base import shown

MOST_NAMED = 20
_IN_TREE = re.compile(rb"(?:^|(?<=\0))160000 commit [0-9a-f]+\t([^\0]*)\0")
_LISTED = re.compile(
    rb"(?:^|(?<=\0))(?:(S) [0-7]+ [0-9a-f]+ [0-9]\t|[A-Za-z] 160000 [0-9a-f]+ ([0-9])\t|(\?) (?=[^\0]*/\0))([^\0]*)\0"
)
"""Of what git lists: what is not on disk, submodules, and names that end with a slash: other repositories."""


class UnseenWatch:
    """Asks git about targets while the stages are at work; about revisions only where it is refused."""

    def __init__(self, targets: Iterable[Target], refused: Collection[str]) -> None:
        trees = [one for one in targets if isinstance(one, Tree) and one.only is None]
        self._asked = {one.name: _Question(one) for one in trees if one.revision is None or "submodules" in refused}

    def answers(self) -> dict[str, tuple[Unseen, ...]]:
        """Return by the target's name what is not looked at."""
        return {name: tuple(question.answer()) for name, question in self._asked.items()}

    def errors(self) -> dict[str, StageError]:
        """Return by the target's name why git cannot say whose files it holds."""
        return {name: question.error for name, question in self._asked.items() if question.error is not None}


class _Question:
    def __init__(self, target: Tree) -> None:
        self._running: dict[str, Running] = {}
        self.error: StageError | None = None
        try:
            repository = Repository.find(target.root)
            if repository is not None:
                self._running = _start(repository, target)
        except GateError as error:
            self.error = as_stage_error(error)

    def answer(self) -> Iterator[Unseen]:
        if not self._running:
            return
        try:
            told = {name: running.output() for name, running in self._running.items()}
        except UnreadableError as error:  # a folder that may not be listed: the stages say so too
            yield Unseen(kind="unlisted", count=1, paths=(error.path or "",))
            return
        if "leaves" in told:
            yield from _unseen("submodules", _IN_TREE.findall(told["leaves"]))
            return
        yield from _listed(told["tracked and others"])
        ignored = _names(told["ignored"])
        own = set(_names(told["ignored by the repository"])) if "ignored by the repository" in told else set(ignored)
        yield from _unseen("ignored", [name for name in ignored if name in own])
        yield from _unseen("excluded", [name for name in ignored if name not in own])


def _start(repository: Repository, target: Tree) -> dict[str, Running]:
    if target.revision is None:
        return {name: repository.start(name, folder=target.root) for name in _commands(repository)}
    tree = f"{repository.full_id(target.revision)}:{repository.path_of(target.root).removesuffix('/')}"
    return {"leaves": repository.start("leaves", tree)}


def _commands(repository: Repository) -> Sequence[str]:
    """Return what is asked; who leaves something out only if there is more than one who could."""
    both = ("tracked and others", "ignored")
    return (*both, "ignored by the repository") if repository.has_rules_of_the_machine else both


def _listed(listing: bytes) -> Iterator[Unseen]:
    found: dict[str, list[bytes]] = {"submodules": [], "repositories": [], "sparse": []}
    for sparse, submodule, _, name in _LISTED.findall(listing):
        found["sparse" if sparse else "submodules" if submodule else "repositories"].append(name)
    yield from _unseen("submodules", found["submodules"])
    yield from _unseen("repositories", found["repositories"])
    yield from _unseen("sparse", found["sparse"])


def _names(listing: bytes) -> list[bytes]:
    return [name for name in listing.split(b"\0") if name]


def _unseen(kind: str, names: Sequence[bytes]) -> Iterator[Unseen]:
    if names:
        paths = tuple(shown(name.rstrip(b"/")) for name in sorted(set(names))[:MOST_NAMED])
        yield Unseen(kind=kind, count=len(set(names)), paths=paths)  # type: ignore[arg-type]


def told(unseen: Mapping[str, Sequence[Unseen]]) -> Iterator[str]:
    """Yield a line for each target of which something is left out that the repository's own rules do not ignore."""
    for target, kinds in unseen.items():
        parts = [_words(one) for one in kinds if one.kind != "ignored"]
        if parts:
            yield f"Not looked at in {target}: {'; '.join(parts)}"


_NAMED_IN_WORDS = 3
_WORDS = {
    "submodules": "submodules",
    "repositories": "other repositories",
    "sparse": "files that are not checked out",
    "ignored": "files or folders that are ignored",
    "excluded": "files or folders that this machine's own rules exclude",
    "unlisted": "folders that git may not list",
}


def _words(one: Unseen) -> str:
    named = ", ".join(one.paths[:_NAMED_IN_WORDS]) + (", …" if one.count > _NAMED_IN_WORDS else "")
    return f"{one.count:,} {_WORDS[one.kind]} ({named})"


def refusals(kinds: Sequence[Unseen], refused: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with a target of which something is left out that may not be."""
    for one in kinds:
        if one.kind in refused or (refused and one.kind == "unlisted"):
            yield f"not looked at: {_words(one)}"

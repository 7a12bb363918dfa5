"""What a run judged, named by its bytes."""

from collections.abc import Iterable, Sequence

from gate.errors import GateError
from gate.model import CommitRange, Image, ImageLayer, Input, StageResult, Target, Tree

_FACTS = {"manifest": "sha256", "image_id": "imageId"}
"""Facts of the image stage that name an image, and the kinds of digest that they are."""


def inputs_of(targets: Iterable[Target], results: Sequence[StageResult]) -> tuple[Input, ...]:
    """Return one input a target. One whose bytes nobody can name has no digest."""
    return tuple(
        Input(target=target.name, digests=_digests(target, results), layers=_layers(target, results))
        for target in targets
    )


def _layers(target: Target, results: Sequence[StageResult]) -> tuple[ImageLayer, ...]:
    return next((one.layers for one in results if one.target == target.name and one.layers), ())


def _digests(target: Target, results: Sequence[StageResult]) -> dict[str, str]:
    match target:
        case Image():
            return image_digests(
                {name: value for one in results if one.target == target.name for name, value in one.facts.items()}
            )
        case Tree(revision=revision):
            return {_kind_of(revision, target.root): revision} if revision else tree_digests(target.root)
        case CommitRange(head=commit):
            return {"gitCommit": commit}


def _kind_of(revision: str, root: str) -> str:
    """Return what the id names: a commit, or a tree as of what is staged."""
    from gate.git import Repository

    return "gitCommit" if Repository(root).commit_id(revision) else "gitTree"


def image_digests(facts: dict[str, object]) -> dict[str, str]:
    """Return the digests among the facts that the image stage tells of an image."""
    return {kind: str(facts[name]).partition(":")[2] for name, kind in _FACTS.items() if name in facts}


def tree_digests(root: str) -> dict[str, str]:
    """Return the commit of a working tree in which no tracked file is changed; nothing for any other."""
    from gate.git import Repository

    try:
        repository = Repository.find(root)
        commit = repository.commit_id("HEAD") if repository else None
        is_changed = bool(repository and commit and repository.run("diff-index", "--name-only", "HEAD"))
    except GateError:
        return {}  # no git: nothing names the bytes
    return {"gitCommit": commit} if commit and not is_changed else {}

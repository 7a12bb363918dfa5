"""What is told of single files: a tree that remembers what was told of a content does not read it again."""

from collections.abc import Callable
from typing import Protocol, TypeGuard, TypeVar

import msgspec

from gate.trees.base import MAX_FILE_SIZE, FileTree

Told = TypeVar("Told")


class Question(msgspec.Struct, frozen=True):
    """What is asked of a file: `name`, and beside content and path all that the answer depends on."""

    name: str
    terms: tuple[str, ...] = ()


class RememberingTree(FileTree, Protocol):
    """A tree that knows what earlier runs were told of its files."""

    def told(
        self,
        path: str,
        question: Question,
        shape: type[Told],
        tell: Callable[[bytes], Told],
        limit: int,
        content: bytes | None = None,
    ) -> Told:
        """Return what `tell` says of a file's content, as `told` does."""


def told(
    tree: FileTree,
    path: str,
    question: Question,
    shape: type[Told],
    tell: Callable[[bytes], Told],
    limit: int = MAX_FILE_SIZE,
    content: bytes | None = None,
) -> Told:
    """Return what `tell` says of the content of the file that `path` resolves to.

    It may have been said in an earlier run, so `tell` depends on content, path and `question` alone, and its answer,
    which msgspec can carry as `shape`, holds nothing of a secret. `content` is the file's, where that is at hand.
    Raises as `FileTree.read` and `tell` do.
    """
    if _remembers(tree):
        return tree.told(path, question, shape, tell, limit, content)
    return tell(tree.read(path, limit) if content is None else content)


def _remembers(tree: FileTree) -> TypeGuard[RememberingTree]:
    return hasattr(tree, "told")  # `isinstance` with a protocol takes longer than many a file

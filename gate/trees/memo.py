"""What is told of single files: a tree that remembers what was told of a content does not read it again."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeGuard, TypeVar

import msgspec

from gate.trees.base import MAX_FILE_SIZE, FileTree

Told = TypeVar("Told")


class Question(msgspec.Struct, Generic[Told], frozen=True):
    """What is asked of a file, and how it is answered."""

    name: str
    shape: type[Told]
    """Of the answer, as msgspec can carry it; it holds nothing of a secret."""
    tell: Callable[[bytes], Told]
    """Answers from a file's content."""
    terms: tuple[str, ...] = ()
    """All that the answer depends on beside content and path."""

    @property
    def key(self) -> tuple[str, ...]:
        """What an answer is remembered under, with the file's path and content."""
        return (self.name, *self.terms)


class RememberingTree(FileTree, Protocol):
    """A tree that knows what earlier runs were told of its files."""

    def told(self, path: str, question: Question[Told], limit: int, content: bytes | None = None) -> Told:
        """Return the answer for the file that `path` resolves to, as `told` does."""


def told(
    tree: FileTree, path: str, question: Question[Told], limit: int = MAX_FILE_SIZE, content: bytes | None = None
) -> Told:
    """Return the answer for the file that `path` resolves to; it may have been given in an earlier run.

    `content` is the file's, where that is at hand. Raises as `FileTree.read` and the question's `tell` do.
    """
    if _remembers(tree):
        return tree.told(path, question, limit, content)
    return question.tell(tree.read(path, limit) if content is None else content)


def _remembers(tree: FileTree) -> TypeGuard[RememberingTree]:
    return hasattr(tree, "told")  # `isinstance` with a protocol takes longer than many a file

"""Analyses of single files, memoised: a tree that knows the answer for a content does not read it again."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeGuard, TypeVar

import msgspec

from gate.trees.base import MAX_FILE_SIZE, FileTree

Answer = TypeVar("Answer")


class Analysis(msgspec.Struct, Generic[Answer], frozen=True):
    """A function of a file's content whose result can be kept."""

    name: str
    shape: type[Answer]
    """Of the answer, as msgspec can carry it; it holds nothing of a secret."""
    function: Callable[[bytes], Answer]
    terms: tuple[str, ...] = ()
    """All that the answer depends on beside content and path."""

    @property
    def key(self) -> tuple[str, ...]:
        """What a result is kept under, with the file's path and content."""
        return (self.name, *self.terms)


class RememberingTree(FileTree, Protocol):
    """A tree that keeps the results of analyses from run to run."""

    def analysed(self, path: str, analysis: Analysis[Answer], limit: int, content: bytes | None = None) -> Answer:
        """Return the result for the file that `path` resolves to, as `analysed` does."""


def analysed(
    tree: FileTree, path: str, analysis: Analysis[Answer], limit: int = MAX_FILE_SIZE, content: bytes | None = None
) -> Answer:
    """Return the result for the file that `path` resolves to; it may be that of an earlier run.

    `content` is the file's, where that is at hand. Raises as `FileTree.read` and the analysis' function do.
    """
    if _remembers(tree):
        return tree.analysed(path, analysis, limit, content)
    return analysis.function(tree.read(path, limit) if content is None else content)


def _remembers(tree: FileTree) -> TypeGuard[RememberingTree]:
    return hasattr(tree, "analysed")  # `isinstance` with a protocol takes longer than many a file

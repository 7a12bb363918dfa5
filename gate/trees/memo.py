"""Memoised analyses of single files: a tree that has the result for a file's content does not read the file again."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeGuard, TypeVar

import msgspec

from gate.trees.base import MAX_FILE_SIZE, FileTree

Answer = TypeVar("Answer")


class Analysis(msgspec.Struct, Generic[Answer], frozen=True):
    """A function of a file's content, whose results can be cached."""

    name: str
    shape: type[Answer]
    """Type of the result, which msgspec has to be able to encode. It must hold no part of a secret."""
    function: Callable[[bytes], Answer]
    terms: tuple[str, ...] = ()
    """All that the result depends on except content and path."""
    is_cheap: bool = False
    """True if a result takes less than the digest of the content, by which it would be found in another layer."""

    @property
    def key(self) -> tuple[str, ...]:
        """The cache key of a result, together with the file's path and content."""
        return (self.name, *self.terms)


class RememberingTree(FileTree, Protocol):
    """A tree that caches the results of analyses from run to run."""

    def analysed(self, path: str, analysis: Analysis[Answer], limit: int, content: bytes | None = None) -> Answer:
        """Return the result for the file that `path` resolves to, as the function `analysed` does."""


def analysed(
    tree: FileTree, path: str, analysis: Analysis[Answer], limit: int = MAX_FILE_SIZE, content: bytes | None = None
) -> Answer:
    """Return the result of an analysis for the file that `path` resolves to, perhaps from an earlier run.

    `content` is the file's, if the caller has read it already. Raises as `FileTree.read` and the function do.
    """
    if remembers(tree):
        return tree.analysed(path, analysis, limit, content)
    return analysis.function(tree.read(path, limit) if content is None else content)


def remembers(tree: FileTree) -> TypeGuard[RememberingTree]:
    """True for a tree that caches the results of analyses."""
    return hasattr(tree, "analysed")  # `isinstance` with a protocol takes longer than many a file

"""Comments are noted where a file is read, and no file is read for them alone."""

from collections.abc import Callable

from gate.model import Tree
from gate.stages.commented import CommentedTree
from gate.trees import FileTree, open_tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]


class _Counting:
    """Counts how often each file is read."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self.walk, self.look_up = tree.walk, tree.look_up
        self.reads: list[str] = []

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        self.reads.append(path)
        return self._tree.read(path, limit)


def test_the_comments_of_what_is_read_are_known_without_a_second_reading(make_tree: MakeTree) -> None:
    counting = _Counting(
        open_tree(
            make_tree({"a.yml": "x: 1 # gate: ignore[GC001] why", "b.yml": "x: 1", "c.yml": "# gate: ignore[A] b"})
        )
    )
    tree = CommentedTree(counting)
    assert list(tree.paths()) == ["a.yml", "b.yml", "c.yml"]
    assert (tree.read("a.yml"), tree.read("b.yml")) == (b"x: 1 # gate: ignore[GC001] why", b"x: 1")
    assert tree.comments == {"a.yml": {1: {"GC001": "# gate: ignore[GC001] why"}}}
    assert counting.reads == ["a.yml", "b.yml"]

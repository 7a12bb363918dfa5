"""A tree with other contents in some files."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from gate.core.errors import LimitError
from gate.model import Tree
from gate.trees import EntryKind, open_tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]


def test_a_replaced_file_has_its_new_content_and_size_everywhere_and_the_disk_stays(make_tree: MakeTree) -> None:
    target = make_tree({"a.txt": "old", "b.txt": "stays"})
    Path(target.root, "link.txt").symlink_to("a.txt")
    tree = open_tree(msgspec.structs.replace(target, replaced=(("a.txt", b"new content"),)))
    assert tree.read("a.txt") == tree.read("link.txt") == b"new content"
    assert tree.read("b.txt") == b"stays"
    assert {one.path: one.size for one in tree.walk() if one.kind is EntryKind.FILE} == {"a.txt": 11, "b.txt": 5}
    entry = tree.look_up("a.txt")
    assert entry is not None
    assert entry.size == 11
    assert Path(target.root, "a.txt").read_text() == "old"


def test_a_limit_counts_for_the_new_content(make_tree: MakeTree) -> None:
    tree = open_tree(msgspec.structs.replace(make_tree({"a": "x"}), replaced=(("a", b"xxxx"),)))
    with pytest.raises(LimitError):
        tree.read("a", 3)


def test_no_file_appears_that_is_not_there(make_tree: MakeTree) -> None:
    tree = open_tree(msgspec.structs.replace(make_tree({"a": "x"}), replaced=(("b", b"y"),)))
    assert tree.look_up("b") is None
    assert [one.path for one in tree.walk()] == ["a"]

"""Which share of a tree's files is looked at."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.model.share import Share, sum_of
from gate.trees import coverage as module
from gate.trees import open_tree
from gate.trees.coverage import measured, measured_entries

FILES = {"a.txt": "1\n2\n", "b/c.txt": "3", "b/d.bin": b"\xff\0\n", "empty": ""}


def test_files_and_lines_are_counted(make_tree: Callable[..., Any]) -> None:
    tree = open_tree(make_tree(FILES))
    share = measured_entries(tree, tree.walk(), lambda path: not path.startswith("b/"))
    assert share == Share(files=2, of_files=4, lines=2, of_lines=4)
    assert share.per_cent == 50


def test_of_much_the_lines_are_told_by_the_size(make_tree: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_READ", 10)
    tree = open_tree(make_tree({"a": "x" * 400, "b": "y" * 81}))
    assert measured(tree, ["a", "b", "b", "gone"], "a".__eq__) == Share(files=1, of_files=2, lines=10, of_lines=13)


def test_the_smaller_share_counts_and_of_nothing_all_is_looked_at() -> None:
    assert Share(files=9, of_files=10, lines=1, of_lines=100).per_cent == 1
    assert Share(files=0, of_files=0, lines=0, of_lines=0).per_cent == 100


def test_shares_are_added_up() -> None:
    share = Share(files=1, of_files=2, lines=3, of_lines=4)
    assert sum_of([None, share, share]) == Share(files=2, of_files=4, lines=6, of_lines=8, least=50)
    assert sum_of([None]) is None

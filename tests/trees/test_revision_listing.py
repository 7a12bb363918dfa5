"""How a revision's leaves are listed: their names as bytes, their sizes, within bounds, once for several stages."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.core.errors import LimitError, UnreadableError
from gate.git import Repository
from gate.model import Tree
from gate.pipeline import job_runs
from gate.pipeline.plan import Job
from gate.stages.commented import CommentedTree
from gate.trees import EntryKind, open_tree
from gate.trees.base import contents_of, file_paths
from gate.trees.revision import RevisionTree

Make = Callable[..., Any]


def tree_of(made: Any) -> Tree:
    return Tree(root=str(made.root), name="t", revision=made.git("rev-parse", "HEAD"))


def revision_tree(made: Any) -> RevisionTree:
    tree = tree_of(made)
    assert tree.revision is not None
    return RevisionTree(tree.root, tree.revision)


def test_names_are_the_same_whatever_bytes_stand_in_them_and_next_to_them(make_repository: Make) -> None:
    made = make_repository()
    made.commit({"first": ""})
    names = [b"a\xc3", b"b\tc", b"d\ne", b"f\\g", b"\xe2\x82", b"\xa9h", "ü".encode()]
    for name in names:
        Path(os.fsdecode(os.fsencode(made.root) + b"/" + name)).write_bytes(name)
    made.git("add", "--all")
    made.git("commit", "-qm", "names")
    shown = {"a\\xc3", "b\tc", "d\ne", "f\\x5cg", "\\xe2\\x82", "\\xa9h", "ü", "first"}
    tree = revision_tree(made)
    assert set(tree.paths()) == shown
    assert tree.read("a\\xc3") == b"a\xc3"


def test_sizes_are_those_of_the_blobs_walked_or_looked_up(make_repository: Make) -> None:
    made = make_repository()
    made.commit({"a": "12345", "inner/b": "", "c": "12345"})
    os.symlink("a", Path(made.root, "link"))
    made.git("add", "--all")
    made.git("commit", "-qm", "link")
    walked = {entry.path: entry for entry in revision_tree(made).walk()}
    assert {path: entry.size for path, entry in walked.items()} == {"a": 5, "c": 5, "inner/b": 0, "link": 1}
    assert (walked["link"].kind, walked["link"].link) == (EntryKind.LINK, "a")
    looker = revision_tree(made)
    assert {path: looker.look_up(path) for path in walked} == walked


def test_many_files_are_read_at_once_as_each_would_be_alone(make_repository: Make) -> None:
    made = make_repository()
    made.commit({"a": "12345", "b": "123456", "inner/c": ""})
    os.symlink("a", Path(made.root, "link"))
    os.symlink("gone", Path(made.root, "dangling"))
    made.git("add", "--all")
    made.git("commit", "-qm", "links")
    expected = {"a": b"12345", "b": None, "inner/c": b"", "link": b"12345", "dangling": None}
    for tree in (revision_tree(made), open_tree(made.tree), CommentedTree(revision_tree(made))):
        assert dict(contents_of(tree, expected, 5)) == expected
        assert file_paths(tree) == ["a", "b", "inner/c"]


def test_a_blob_that_is_not_there_is_told_when_it_is_read(make_repository: Make) -> None:
    made = make_repository()
    made.commit({"a": "a"})
    lines = f"100644 blob {'1' * 40}\tgone\n".encode()
    command = ["git", "-C", str(made.root), "mktree", "--missing"]
    tree_id = subprocess.run(command, input=lines, capture_output=True, check=True).stdout.decode().strip()
    tree = RevisionTree(str(made.root), made.git("commit-tree", "-m", "gone", tree_id).strip())
    assert [(entry.path, entry.size) for entry in tree.walk()] == [("gone", 0)]
    assert tree.look_up("gone") == next(iter(tree.walk()))
    with pytest.raises(UnreadableError, match="not in the object store"):
        tree.read("gone")


def test_a_listing_beyond_a_limit_is_not_read_to_its_end(make_repository: Make) -> None:
    made = make_repository()
    made.commit({f"{'x' * 100}/{number}": "" for number in range(100)})
    with pytest.raises(LimitError, match="more than 1,000 bytes"):
        Repository(str(made.root)).list_tree(str(made.root), "HEAD", limit=1000)
    tree = revision_tree(made)
    assert not tree.list_within(1000)
    assert len(list(tree.paths())) == 100, "who needs it lists it without"


def test_what_several_jobs_look_at_is_listed_before_they_start(
    make_repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_repository()
    made.commit({"a": ""})
    asked: list[tuple[str, ...]] = []
    run = Repository.run

    def counting(self: Repository, *arguments: str, **more: Any) -> bytes:
        asked.extend([arguments] if "leaves" in arguments else [])
        return run(self, *arguments, **more)

    monkeypatch.setattr(Repository, "run", counting)
    open_tree.cache_clear()
    target = tree_of(made)
    job_runs.list_once([Job("dockerfile", target)])
    assert not asked
    job_runs.list_once([Job("dockerfile", target), Job("dependencies", target)])
    assert [entry.path for entry in open_tree(target).walk()] == ["a"]
    assert len(asked) == 1


def test_a_revision_that_is_not_there_is_left_to_the_jobs_to_tell(make_repository: Make) -> None:
    made = make_repository()
    made.commit({"a": ""})
    target = Tree(root=str(made.root), name="t", revision="0" * 40)
    job_runs.list_once([Job("dockerfile", target), Job("dependencies", target)])

"""File trees: what is listed, what is read, and that nothing outside is ever reached."""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import LimitError, UnreadableError
from gate.trees.base import (
    EntryKind,
    FileTree,
    NameHint,
    _with_a_word,
    _with_an_ending,
    join,
    paths_matching,
    raw_name,
    resolve,
    shown,
    walk_named,
)
from gate.trees.revision import RevisionTree
from gate.trees.working import WorkingTree


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / ".gitignore").write_text("ignored.txt\n")
    (root / "tracked.txt").write_text("old")
    (root / "folder").mkdir()
    (root / "folder" / "inner.txt").write_text("inner")
    (root / "link").symlink_to("folder/inner.txt")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "tracked.txt").write_text("new")
    (root / "untracked.txt").write_text("untracked")
    (root / "ignored.txt").write_text("ignored")
    return root


def test_a_working_tree_lists_what_git_tracks_or_would_add(repository: Path) -> None:
    paths = [entry.path for entry in WorkingTree(str(repository)).walk()]
    assert paths == [".gitignore", "folder/inner.txt", "link", "tracked.txt", "untracked.txt"]


def test_a_file_that_was_deleted_is_not_listed(repository: Path) -> None:
    (repository / "tracked.txt").unlink()
    assert "tracked.txt" not in [entry.path for entry in WorkingTree(str(repository)).walk()]


def test_a_folder_of_a_repository_is_a_tree_of_its_own(repository: Path) -> None:
    assert [entry.path for entry in WorkingTree(str(repository / "folder")).walk()] == ["inner.txt"]


def test_a_folder_that_the_repository_ignores_is_a_plain_folder(repository: Path) -> None:
    (repository / ".gitignore").write_text("build/\n")
    (repository / "build" / "deep").mkdir(parents=True)
    (repository / "build" / "deep" / "made.txt").write_text("made")
    assert [entry.path for entry in WorkingTree(str(repository / "build")).walk()] == ["deep/made.txt"]
    assert [entry.path for entry in WorkingTree(str(repository / "build" / "deep")).walk()] == ["made.txt"]


def test_a_plain_folder_lists_everything(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_text("c")
    (tmp_path / "a").write_text("a")
    assert [entry.path for entry in WorkingTree(str(tmp_path)).walk()] == ["a", "b/c"]


def test_a_repository_within_is_named_and_not_entered(repository: Path) -> None:
    for name in ("embedded", "untracked"):
        (repository / name).mkdir()
        (repository / name / "inner.txt").write_text("inner")
        git(repository / name, "init", "-q")
        git(repository / name, "add", "-A")
        git(repository / name, "commit", "-qm", "first")
    git(repository, "add", "embedded")
    others = [entry.path for entry in WorkingTree(str(repository)).walk() if entry.kind is EntryKind.OTHER]
    assert others == ["embedded", "untracked"]


def test_what_a_sparse_checkout_leaves_out_is_named_and_cannot_be_read(repository: Path) -> None:
    (repository / "deleted.txt").write_text("tracked, and deleted")
    git(repository, "add", "deleted.txt")
    git(repository, "sparse-checkout", "set", "--no-cone", "/tracked.txt", "/deleted.txt")
    (repository / "deleted.txt").unlink()
    tree = WorkingTree(str(repository))
    left_out = [entry.path for entry in tree.walk() if entry.kind is EntryKind.OTHER]
    assert left_out == [".gitignore", "folder/inner.txt", "link"]
    with pytest.raises(UnreadableError, match="is not checked out"):
        tree.read("folder/inner.txt")


def test_a_revision_is_read_from_the_object_store(repository: Path) -> None:
    tree = RevisionTree(str(repository), git(repository, "rev-parse", "HEAD"))
    assert [entry.path for entry in tree.walk()] == [".gitignore", "folder/inner.txt", "link", "tracked.txt"]
    assert tree.read("tracked.txt") == b"old"
    assert tree.read("link") == b"inner"


def test_a_revision_of_a_folder_has_names_relative_to_it(repository: Path) -> None:
    tree = RevisionTree(str(repository / "folder"), git(repository, "rev-parse", "HEAD"))
    assert [entry.path for entry in tree.walk()] == ["inner.txt"]
    assert tree.read("inner.txt") == b"inner"


def test_a_walk_by_names_yields_the_same_entries_as_a_whole_one(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    trees: list[FileTree] = [WorkingTree(str(repository)), RevisionTree(str(repository), head)]
    for tree in trees:
        wanted = [entry for entry in tree.walk() if "link" in entry.path or "inner" in entry.path]
        assert list(walk_named(tree, lambda path: "link" in path or "inner" in path)) == wanted
        assert [entry.path for entry in wanted] == ["folder/inner.txt", "link"]


@given(
    st.lists(st.text("ab./", min_size=1, max_size=6), unique=True, max_size=8),
    st.lists(st.text("ab./", max_size=3), min_size=1, max_size=4),
)
def test_no_path_with_an_ending_is_left_out_and_each_is_yielded_once_in_order(
    paths: list[str], endings: list[str]
) -> None:
    found = list(_with_an_ending(paths, endings))
    assert set(found) >= {path for path in paths if path.endswith(tuple(endings))}
    assert found == [path for path in paths if path in found]


def test_a_path_with_another_ending_is_left_out() -> None:
    assert list(_with_an_ending(["a.py", "b/go.mod", "c.md"], ("go.mod", ".txt"))) == ["b/go.mod"]


@given(st.lists(st.text("aB./k\u212a", min_size=1, max_size=6), unique=True, max_size=8))
def test_no_path_with_a_word_is_left_out_and_each_is_yielded_once_in_order(paths: list[str]) -> None:
    found = list(_with_a_word(paths, ("ab", "k", "bk")))
    assert set(found) >= {path for path in paths if re.search("ab|k", path, re.IGNORECASE)}
    assert found == [path for path in paths if path in found]
    if all(map(str.isascii, paths)):
        assert found == [path for path in paths if re.search("ab|k", path, re.IGNORECASE)]


@given(st.lists(st.text("aB./k\u212a", min_size=1, max_size=6), unique=True, max_size=8))
def test_a_path_that_matches_any_of_the_hints_is_yielded_in_its_place(paths: list[str]) -> None:
    found = paths_matching(paths, [NameHint(words=("ab",)), NameHint(words=("k",), endings=("./b", "k"))])
    matching = re.compile(r".*ab|.*k.*\./b\Z|.*k\Z", re.IGNORECASE)
    assert set(found) >= set(filter(matching.match, paths))
    assert list(found) == [path for path in paths if path in found]


def test_a_hint_with_an_ending_leaves_other_paths_out() -> None:
    paths = ["Makefile.am", "a/TILTFILE", "notes.md", "tool.mk", "x.SH", "y.py"]
    hints = [NameHint(words=("makefile",)), NameHint(words=("tilt", ".sh"), endings=("file", ".sh"))]
    assert paths_matching(paths, hints) == ["Makefile.am", "a/TILTFILE", "x.SH"]


def test_git_starts_nothing_that_the_repository_names(repository: Path) -> None:
    mark = repository.parent / "executed"
    git(repository, "config", "core.fsmonitor", f"touch {mark}")
    git(repository, "config", "core.hooksPath", str(repository))
    assert list(WorkingTree(str(repository)).walk())
    assert not mark.exists()


def test_a_link_is_followed_inside_and_never_out(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "folder" / "file").write_text("inside")
    (root / "in").symlink_to("folder")
    (root / "out").symlink_to("../secret")
    (root / "absolute").symlink_to(tmp_path / "secret")
    (root / "loop").symlink_to("loop")
    tree = WorkingTree(str(root))
    assert tree.read("in/file") == b"inside"
    for path in ("out", "absolute", "loop", "../secret", "folder/../../secret", "in/../../secret"):
        assert resolve(tree, path) is None
        with pytest.raises(UnreadableError):
            tree.read(path)


def test_pipes_and_sockets_are_listed_but_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        tree = WorkingTree(str(tmp_path))
        assert {entry.path: entry.kind for entry in tree.walk()} == {"pipe": EntryKind.OTHER, "socket": EntryKind.OTHER}
        with pytest.raises(UnreadableError, match="not a file"):
            tree.read("pipe")


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 101)
    with pytest.raises(LimitError, match="101 bytes"):
        WorkingTree(str(tmp_path)).read("big", limit=100)


def test_a_name_that_is_no_text_can_be_listed_and_read(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff\\b\n"))).write_bytes(b"content")
    tree = WorkingTree(str(tmp_path))
    (entry,) = tree.walk()
    assert entry.path == "a\\xff\\x5cb\n"
    assert tree.read(entry.path) == b"content"


@given(st.binary(max_size=40))
def test_every_name_survives_being_shown(raw: bytes) -> None:
    text = shown(raw)
    assert raw_name(text) == raw
    text.encode()


@given(st.text("ab./", max_size=12), st.text("ab./", max_size=12))
def test_a_joined_path_never_leaves_the_tree(folder: str, relative: str) -> None:
    path = join(folder.strip("/."), relative)
    assert path is None or not (path.startswith("/") or ".." in path.split("/"))

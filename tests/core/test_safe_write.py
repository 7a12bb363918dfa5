"""Files are written whole or not at all, and through no link of a repository."""

import os
from pathlib import Path

import pytest

from gate.core.errors import GateError
from gate.core.safe_write import LinkError, is_git_name, resolve_user_path, write_below, write_user_path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A working tree of git with links to a folder and a file outside of it."""
    outside, root = tmp_path / "outside", tmp_path / "checkout"
    outside.mkdir()
    (outside / "private").write_text("mine")
    (root / ".git").mkdir(parents=True)
    (root / "folder").symlink_to(outside)
    (root / "file").symlink_to(outside / "private")
    return root


@pytest.mark.parametrize("path", ["folder/new", "folder/private", "file", "a/../folder/private"])
def test_no_link_of_a_checkout_is_followed(checkout: Path, path: str) -> None:
    (checkout / "a").mkdir()
    with pytest.raises(LinkError):
        write_user_path(str(checkout / path), b"theirs")
    with pytest.raises(GateError):
        write_below(str(checkout), path, b"theirs")
    assert (checkout.parent / "outside/private").read_text() == "mine"
    assert os.listdir(checkout.parent / "outside") == ["private"]


def test_a_link_of_the_users_own_is(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_user_path(str(tmp_path / "link/a.json"), b"report")
    assert (tmp_path / "real/a.json").read_bytes() == b"report"
    assert resolve_user_path(str(tmp_path / "link/b.json")) == str(tmp_path.resolve() / "real/b.json")


def test_a_file_is_replaced_in_one_step_and_nothing_else_is_left(checkout: Path) -> None:
    for content in (b"one", b"two"):
        write_below(str(checkout), "deep/er/a.txt", content)
    assert (checkout / "deep/er/a.txt").read_bytes() == b"two"
    assert os.listdir(checkout / "deep/er") == ["a.txt"]
    with pytest.raises(FileExistsError):
        write_below(str(checkout), "deep/er/a.txt", b"three", is_new=True)
    assert (checkout / "deep/er/a.txt").read_bytes() == b"two"


@pytest.mark.parametrize("path", ["../a", "a/../b", "/a", "a//b", ".git/config", "a/.GIT/config", "git~1/config", "."])
def test_a_path_of_a_repository_stays_below_its_root_and_out_of_git(checkout: Path, path: str) -> None:
    with pytest.raises(GateError, match="no place for the gate"):
        write_below(str(checkout), path, b"x")


def test_a_folder_or_a_pipe_is_no_file_to_replace(checkout: Path) -> None:
    os.mkfifo(checkout / "pipe")
    for name in (".gitlab", "pipe"):
        (checkout / ".gitlab").mkdir(exist_ok=True)
        with pytest.raises(GateError, match="no regular file"):
            write_below(str(checkout), name, b"x")


def test_missing_folders_are_made_if_asked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_user_path(str(tmp_path / "a/b.json"), b"x")
    write_user_path(str(tmp_path / "a/b.json"), b"x", makes_folders=True)
    assert (tmp_path / "a/b.json").read_bytes() == b"x"


@pytest.mark.parametrize("name", [".git", ".GIT", ".git.", ".git ", ".git::$INDEX_ALLOCATION", "git~1", ".g\u200cit"])
def test_every_spelling_of_git_s_folder_is_known(name: str) -> None:
    assert is_git_name(name)


@pytest.mark.parametrize("name", [".github", "git", ".gitignore", "a.git", "git~3"])
def test_other_names_are_other_names(name: str) -> None:
    assert not is_git_name(name)

"""Which repository a folder belongs to."""

import subprocess
from pathlib import Path

import pytest

from gate.git import Repository, process


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def test_a_folder_belongs_to_the_repository_above_it(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "link").symlink_to("deep")
    for folder in ("", "deep/er", "link"):
        found = Repository.find(str(tmp_path / folder))
        assert found is not None
        assert found.top == str(tmp_path)


def test_a_working_tree_whose_repository_is_elsewhere_is_one_too(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    git(tmp_path / "tree", "init", "--separate-git-dir", str(tmp_path / "elsewhere"))
    found = Repository.find(str(tmp_path / "tree"))
    assert found is not None
    assert found.top == str(tmp_path / "tree")


def test_a_bare_repository_has_no_working_tree_to_belong_to(tmp_path: Path) -> None:
    git(tmp_path, "init", "--bare")
    assert Repository.find(str(tmp_path)) is None


def test_git_is_not_started_where_there_is_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "Popen", lambda *_, **__: pytest.fail("was started"))
    assert Repository.find(str(tmp_path)) is None

"""A place that a repository holds something of, itself or by a link, is the repository's word."""

import subprocess
from pathlib import Path

import pytest

from gate.app.project import open_project
from gate.core.errors import ConfigError
from gate.git.tracked import is_tracked


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("kept/gate/answers", "own/gate/answers"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to("own")
    (tmp_path / "own-link").symlink_to("kept")
    for words in (["init", "-q"], ["add", "kept", "link"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "tracked"),
    [
        ("kept/gate", True),
        ("kept", True),
        ("link/gate", True),
        ("own-link/gate", True),
        ("own/gate", False),
        ("nowhere/gate", False),
        (".", True),
    ],
)
def test_what_is_tracked(root: Path, folder: str, tracked: bool) -> None:
    assert is_tracked(root / folder) is tracked


def test_what_lies_in_no_repository_is_not(tmp_path: Path) -> None:
    assert not is_tracked(tmp_path / "a")


def test_a_cache_that_comes_with_the_repository_is_not_used(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "own"))
    open_project(str(root), flags={})
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "kept"))
    with pytest.raises(ConfigError, match="the cache is part of the repository, which could forge cached answers"):
        open_project(str(root), flags={})

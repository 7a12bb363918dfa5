"""Our readers say what GitPython's say of the same repository; and why the gate itself uses ours."""

from collections.abc import Callable
from pathlib import Path

import git
import pytest

from gate.git.repository import Repository
from gate.trees.revision import RevisionTree
from gate.trees.working import WorkingTree
from tests.conftest import GitRepository

FILES = {"README.md": "hello\n", "api/app.py": "x = 1\n" * 500, "api/deep/empty": "", "name with blank": "ü\n"}


@pytest.fixture
def made(make_repository: Callable[..., GitRepository]) -> GitRepository:
    repository = make_repository()
    repository.commit(dict(FILES))
    repository.commit({"api/app.py": "x = 2\n", "README.md": None})
    return repository


@pytest.mark.parametrize("is_packed", [False, True])
def test_commits_trees_and_blobs_are_the_same(made: GitRepository, is_packed: bool) -> None:
    if is_packed:
        made.git("gc", "--quiet")
    theirs, ours = git.Repo(made.root), Repository(str(made.root))
    commits = list(theirs.iter_commits("HEAD"))
    assert ours.commit_ids(["HEAD", "HEAD~1"]) == [commit.hexsha for commit in commits]
    assert ours.merge_base("HEAD", "HEAD~1") == theirs.merge_base("HEAD", "HEAD~1")[0].hexsha
    for commit in commits:
        blobs = {item.path: item for item in commit.tree.traverse() if item.type == "blob"}
        tree = RevisionTree(str(made.root), commit.hexsha)
        assert {entry.path for entry in tree.walk()} == set(blobs)
        for path, blob in blobs.items():
            content = blob.data_stream.read()
            assert tree.read(path) == ours.content_of(blob.hexsha, 1 << 20) == content


def test_gitpython_starts_what_a_configuration_names_and_we_do_not(made: GitRepository, tmp_path: Path) -> None:
    started = tmp_path / "started"
    made.git("config", "core.fsmonitor", f"touch '{started}'; true")
    assert [entry.path for entry in WorkingTree(str(made.root)).walk()]
    assert not started.exists()
    git.Repo(made.root).is_dirty()
    assert started.exists()

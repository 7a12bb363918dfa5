"""Where the repository's own word is read: the base's object store, the disk, or nowhere."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.errors import ConfigError, UnreadableError, UsageError
from gate.git import Repository
from gate.policy.file_places import CommitFiles, Disk
from gate.policy.trusted_sources import comparison_with, trusted_sources_of

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Return a function that runs git in a new repository at `tmp_path`."""
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")

    def run(*words: str) -> str:
        done = subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    return run


def commit(git: Git, folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    return git("rev-parse", "HEAD")


def place(folder: Path, revision: str, *expected: str) -> CommitFiles:
    repository = Repository.find(str(folder))
    assert repository is not None
    return CommitFiles(repository, revision, expected)


@pytest.mark.parametrize("expected", [(), ("a/b.yaml", "c.yaml"), ("a/gone.yaml",)])
def test_a_commit_is_read_whatever_the_disk_holds(git: Git, tmp_path: Path, expected: tuple[str, ...]) -> None:
    made = commit(git, tmp_path, {"a/b.yaml": "base\n", "c.yaml": "c\n"})
    (tmp_path / "a/b.yaml").write_text("changed\n")
    (tmp_path / "d.yaml").write_text("new\n")
    base = place(tmp_path, made, *expected)
    assert base.read("a/b.yaml") == b"base\n"
    assert base.read("d.yaml") is None
    assert base.read("a/gone.yaml") is None
    assert base.files_below("a") == ["a/b.yaml"]
    with pytest.raises(ConfigError, match="not a regular file"):
        base.read("a")


def test_links_of_a_commit_lead_within_it_or_nowhere(git: Git, tmp_path: Path) -> None:
    (tmp_path / "in.yaml").symlink_to("a/b.yaml")
    (tmp_path / "out.yaml").symlink_to("../secret")
    (tmp_path / "folder").symlink_to("a")
    base = place(tmp_path, commit(git, tmp_path, {"a/b.yaml": "base\n"}))
    assert base.read("in.yaml") == b"base\n"
    assert base.read("folder/b.yaml") == b"base\n"
    with pytest.raises(ConfigError, match="out of the repository"):
        base.read("out.yaml")


def test_a_blob_that_is_not_in_the_store_is_an_error(git: Git, tmp_path: Path) -> None:
    made = commit(git, tmp_path, {"a.yaml": "base\n"})
    name = git("rev-parse", "HEAD:a.yaml")
    (tmp_path / ".git/objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(UnreadableError, match="object store"):
        place(tmp_path, made).read("a.yaml")


def test_the_disk_is_not_left_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("x")
    (tmp_path / "top").mkdir()
    (tmp_path / "top/a.yaml").symlink_to("../outside.yaml")
    with pytest.raises(ConfigError, match="out of the repository"):
        Disk(str(tmp_path / "top")).read("a.yaml")


def test_the_merge_base_and_the_tip_are_compared_with(git: Git, tmp_path: Path) -> None:
    first = commit(git, tmp_path, {"a": "1"})
    git("checkout", "-q", "-b", "change")
    commit(git, tmp_path, {"b": "2"})
    git("checkout", "-q", "main")
    tip = commit(git, tmp_path, {"c": "3"})
    git("checkout", "-q", "change")
    repository = Repository.find(str(tmp_path))
    assert repository is not None
    compared = comparison_with(repository, "x", "main")
    assert (compared.bases, compared.nothing_came) == ((first, tip), "")
    git("checkout", "-q", "-b", "old", first)
    assert comparison_with(repository, "x", "main").nothing_came == "after HEAD"
    assert comparison_with(repository, "x", "HEAD").nothing_came == "since HEAD"


def test_a_base_where_nothing_is_compared_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--since"):
        trusted_sources_of(str(tmp_path), "base", None)


@pytest.mark.parametrize(
    "named", ["ci/policy.yaml", "./ci/../ci/policy.yaml", "{top}/ci/policy.yaml", "{link}/ci/policy.yaml"]
)
def test_a_file_of_the_checkout_is_known_by_every_name(
    git: Git, tmp_path: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = commit(git, tmp_path, {"ci/policy.yaml": "base\n"})
    git("checkout", "-q", "-b", "change")
    commit(git, tmp_path, {"ci/policy.yaml": "changed\n"})
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    repository = Repository.find(str(tmp_path))
    assert repository is not None
    trusted = trusted_sources_of(str(tmp_path), None, comparison_with(repository, "x", base))
    path = Path(named.format(top=tmp_path, link=link))
    assert trusted.text(path) == "base\n"
    assert trusted.inside(path) == "ci/policy.yaml"
    assert os.path.exists(path)

"""The state of a working tree: it changes with names, kinds and contents, and with nothing else."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.trees import state as module
from gate.trees.state import TreeState, digest_of, stamp_of, state_of
from tests.conftest import GitRepository

FILES: dict[str, str | bytes | None] = {"a.py": "1\n", "b/c.py": "22\n", ".gitignore": "*.log\n"}


@pytest.fixture
def repository(make_repository: Callable[..., GitRepository]) -> GitRepository:
    made = make_repository()
    made.commit(FILES)
    return made


def known(repository: GitRepository) -> TreeState:
    found = state_of(str(repository.root))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda root: os.utime(root / "a.py", (1, 1)),
        lambda root: (root / "x.log").write_text("ignored"),
        lambda root: (root / "a.py").write_text("1\n"),
        lambda root: (root / "empty").mkdir(),
    ],
    ids=["touched", "an ignored file", "written again", "an empty folder"],
)
def test_what_no_stage_sees_changes_nothing(repository: GitRepository, change: Callable[[Path], object]) -> None:
    before = known(repository)
    change(repository.root)
    assert known(repository) == before


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda root: (root / "a.py").write_text("2\n"), "a.py"),
        (lambda root: (root / "b/c.py").write_text("333\n"), "b/c.py"),
    ],
    ids=["of the same size", "of another size"],
)
def test_a_change_of_content_changes_one_id(
    repository: GitRepository, change: Callable[[Path], object], path: str
) -> None:
    before = known(repository)
    change(repository.root)
    after = known(repository)
    assert after.listing == before.listing
    assert {one for one in after.ids if after.ids[one] != before.ids[one]} == {path}
    others = [one for one in before.ids if one != path]
    assert digest_of(after, others) == digest_of(before, others)
    assert digest_of(after, [path]) != digest_of(before, [path])


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "new.py").write_text(""),
        lambda root: (root / "a.py").unlink(),
        lambda root: (root / "a.py").chmod(0o755),
        lambda root: (root / "a.py").rename(root / "d.py"),
        lambda root: ((root / "a.py").unlink(), (root / "a.py").symlink_to("b/c.py")),
        lambda root: ((root / "a.py").unlink(), os.mkfifo(root / "a.py")),
        lambda root: (root / ".gitignore").write_text("*.log\n*.py\n") and (root / "n.txt").write_text(""),
    ],
    ids=["new", "gone", "made a program", "renamed", "a link", "a pipe", "new beside what is ignored"],
)
def test_names_and_kinds_are_the_listing(repository: GitRepository, change: Callable[[Path], object]) -> None:
    before = known(repository)
    change(repository.root)
    assert known(repository).listing != before.listing


def test_a_commit_of_what_stands_there_changes_no_state_of_it(repository: GitRepository) -> None:
    (repository.root / "a.py").write_text("3\n")
    dirty = known(repository)
    repository.git("commit", "-qam", "x")
    clean = known(repository)
    assert clean.listing == dirty.listing
    assert clean.ids["a.py"] != dirty.ids["a.py"]  # of another form, as git vouches for it now


def test_a_filter_is_no_word_of_git_on_the_disk(repository: GitRepository) -> None:
    repository.commit({".gitattributes": "*.py ident\n"})
    assert known(repository).ids["a.py"].startswith("own:")


def test_too_much_to_read_is_not_known(repository: GitRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository.root / "big").write_bytes(b"x" * 20)
    monkeypatch.setattr(module, "MOST_BYTES", 19)
    assert state_of(str(repository.root)) is None
    monkeypatch.setattr(module, "MOST_BYTES", 20)
    assert state_of(str(repository.root)) is not None
    monkeypatch.setattr(module, "MOST_READ", 0)
    assert state_of(str(repository.root)) is None


def test_outside_of_git_nothing_is_known(tmp_path: Path) -> None:
    assert state_of(str(tmp_path)) is None


def test_stamps(tmp_path: Path) -> None:
    assert stamp_of(str(tmp_path), "a") == "none"
    assert stamp_of(str(tmp_path), "a\\x00b") == "none"
    (tmp_path / "a").write_text("1")
    first = stamp_of(str(tmp_path), "a")
    (tmp_path / "a").write_text("2")
    os.utime(tmp_path / "a", ns=(1, 1))
    assert stamp_of(str(tmp_path), "a") != first
    (tmp_path / "f").mkdir()
    folder = stamp_of(str(tmp_path), "f")
    (tmp_path / "f/x").write_text("")
    assert stamp_of(str(tmp_path), "f") == folder

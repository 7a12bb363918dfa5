"""Files that settings name, as they stand at the base: copies in the cache, of the last commits alone."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.errors import ConfigError
from gate.policy.files import MOST_KEPT, key_file
from gate.policy.trusted_sources import TrustedSources, comparison_with, trusted_sources_of

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Return a function that runs git in a new repository."""
    root = tmp_path / "repository"
    root.mkdir()
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")

    def run(*words: str) -> str:
        done = subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    return run


@pytest.fixture
def compared(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], TrustedSources]:
    """Return a function that commits a key, changes it, and gives what the comparison trusts."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "repository"

    def make(text: str) -> TrustedSources:
        from gate.git import Repository

        (root / "gate.pub").write_text(text)
        git("add", "-A")
        git("commit", "-q", "-m", "x")
        (root / "gate.pub").write_text("the change's\n")
        repository = Repository.find(str(root))
        assert repository is not None
        return trusted_sources_of(str(root), "base", comparison_with(repository, str(root), "HEAD"))

    return make


def test_a_key_is_a_copy_of_the_base_s(compared: Callable[[str], TrustedSources], tmp_path: Path) -> None:
    place = Path(key_file(compared("the base's\n"))(tmp_path / "repository/gate.pub"))

    assert place.read_text() == "the base's\n"
    assert place.is_relative_to(tmp_path / "cache")


def test_a_key_that_only_the_change_has_is_none(
    compared: Callable[[str], TrustedSources], git: Git, tmp_path: Path
) -> None:
    trusted = compared("the base's\n")
    (tmp_path / "repository/new.pub").write_text("x")
    git("add", "new.pub")

    with pytest.raises(ConfigError, match="counts once it is merged"):
        key_file(trusted)(tmp_path / "repository/new.pub")


def test_copies_of_the_commits_that_were_used_last_stay(
    compared: Callable[[str], TrustedSources], tmp_path: Path
) -> None:
    key = tmp_path / "repository/gate.pub"
    made: list[Path] = []
    for number in range(MOST_KEPT + 3):
        made.append(Path(key_file(compared(f"{number}\n"))(key)).parent)
        os.utime(made[-1], (number, number))

    kept = {one.name for one in made[-1].parent.iterdir()}

    assert len(kept) == MOST_KEPT
    assert kept == {one.name for one in made[-MOST_KEPT:]}

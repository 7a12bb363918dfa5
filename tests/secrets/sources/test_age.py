"""Since when a secret is there, by git.

Goes through `gate/git/blame.py`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.git import Repository as Git
from gate.git.blame import _day, blame
from gate.model import Finding, Tree
from gate.pipeline.context import LocalContext
from gate.stages import secrets

AWS = "AKIA" + "Z7VRSQ5TJN2XMPLQ"
DAY = "2025-05-06T23:30:00-05:00"

Repository = Any
Make = Callable[..., Repository]


@pytest.fixture
def find(make_context: Callable[..., LocalContext]) -> Callable[[Tree], Finding]:
    """A function that returns the one finding of a tree."""

    def only(target: Tree) -> Finding:
        (found,) = secrets.run(target, make_context()).findings
        return found

    return only


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_a_finding_names_the_commit_that_brought_its_line(make_repository: Make, find: Any, form: str) -> None:
    repository = make_repository("repository", f"--object-format={form}")
    brought = repository.commit({"odd :name.py": f"{AWS}\n"}, when=DAY)
    repository.commit({"odd :name.py": f"above\n{AWS}\n"})
    found = find(repository.tree)
    assert found.message.endswith(f"; there since 2025-05-06 (commit {brought[:12]}, ada@example.com)")
    assert found.first_seen == "2025-05-06"


def test_what_git_said_is_kept_until_there_is_another_commit(
    make_repository: Make, find: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = make_repository()
    repository.commit({"a.py": AWS}, when=DAY)
    first = find(repository.tree)
    with monkeypatch.context() as patched:
        patched.setattr("gate.secrets.sources.age.origin_of", None)
        assert find(repository.tree) == first
    repository.git("commit", "-q", "--amend", "--date", "2024-01-01T00:00:00+00:00", "--no-edit")
    assert (first.first_seen, find(repository.tree).first_seen) == ("2025-05-06", "2024-01-01")


def test_below_the_root_of_the_repository(make_repository: Make, find: Any) -> None:
    repository = make_repository()
    repository.commit({"inner/a.py": AWS}, when=DAY)
    assert find(Tree(root=str(repository.root / "inner"), name="inner")).first_seen == "2025-05-06"


def test_what_is_not_committed_as_it_is_has_no_age(make_repository: Make, find: Any) -> None:
    repository = make_repository()
    (repository.root / "new.py").write_text(AWS)
    assert find(repository.tree).first_seen is None
    repository.commit({"new.py": AWS})
    (repository.root / "new.py").write_text(f"moved\n{AWS}")
    assert find(repository.tree).first_seen is None


def test_without_a_repository_there_is_no_age(make_tree: Callable[[dict[str, str | bytes]], Tree], find: Any) -> None:
    assert find(make_tree({"a.py": AWS})).first_seen is None


def test_in_a_shallow_clone_it_can_be_older(make_repository: Make, find: Any) -> None:
    origin = make_repository("origin")
    origin.commit({"a.py": AWS}, when="2020-01-01T00:00:00+00:00")
    origin.commit({"b.py": "x"}, when=DAY)
    clone = origin.root.parent / "clone"
    origin.git("clone", "-q", "--depth=1", f"file://{origin.root}", str(clone))
    assert "there at least since 2025-05-06" in find(Tree(root=str(clone), name="clone")).message


def test_no_program_of_the_repository_is_run(make_repository: Make, find: Any, tmp_path: Path) -> None:
    repository = make_repository()
    repository.commit({"a.py": AWS, ".gitattributes": "*.py diff=evil filter=evil\n"}, when=DAY)
    for key in ("diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "filter.evil.clean"):
        repository.git("config", key, f"touch {tmp_path}/ran; cat")
    assert find(repository.tree).first_seen == "2025-05-06"
    assert not (tmp_path / "ran").exists()


def test_a_line_or_file_that_is_not_there_has_no_commit(make_repository: Make) -> None:
    repository = make_repository()
    repository.commit({"a": "one\n"})
    assert blame(Git(str(repository.root)), b"a", 2) is None
    assert blame(Git(str(repository.root)), b"b", 1) is None


@pytest.mark.parametrize(
    ("seconds", "zone", "day"),
    [
        ("1746592200", "-0500", "2025-05-06"),
        ("1746592200", "+0000", "2025-05-07"),
        ("99999999999999999", "+0000", "1970-01-01"),
        ("x", "", "1970-01-01"),
        ("0", "+9999", "1970-01-01"),
    ],
)
def test_a_commit_s_time_is_a_day_whatever_it_says(seconds: str, zone: str, day: str) -> None:
    assert _day(seconds, zone) == day

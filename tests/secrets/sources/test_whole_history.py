"""A history that an earlier run has read: the same answer as of one that is read anew, whatever became of it since."""

import os
import random
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.model import CommitRange, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.secrets.sources import whole_history
from tests.secrets.runs import Runs

pytestmark = pytest.mark.one_python

AWS = "AKIA" + "Z7VRSQ5TJN2XMPLQ"
OTHER = "AKIA" + "Q4WKXN7TRB3YMPZD"
CONTENTS = ("x = 1\n", "y = 2\n", f"key = '{AWS}'\n", f"a\nb = '{OTHER}'\n", b"\0", b"caf\xe9", "x = 2\nz\n")

SEEDS = range(3 if os.environ.get("CI") else 8)
"""As with Hypothesis: fewer for a change, as it is elsewhere that faults are looked for."""

Repository = Any
Make = Callable[..., Repository]


class Histories(Runs):
    """Looks at whole histories."""

    def __call__(self, target: Tree | CommitRange, *, cache: bool = True, **settings: Any) -> StageResult:
        return super().__call__(target, cache=cache, history=True, **settings)

    def agree(self, target: Tree, **settings: Any) -> StageResult:
        """Look with the cache, twice, and without it: all come to the same."""
        first, second, anew = self(target, **settings), self(target, **settings), self(target, cache=False, **settings)
        assert msgspec.json.encode(first) == msgspec.json.encode(second) == msgspec.json.encode(anew)
        return anew


@pytest.fixture
def run(make_context: Callable[..., LocalContext], monkeypatch: pytest.MonkeyPatch) -> Histories:
    return Histories(make_context, monkeypatch)


@pytest.fixture
def repository(make_repository: Make) -> Repository:
    made = make_repository()
    made.commit({"a.py": "x = 1\n", "leak.py": f"key = '{AWS}'\n", "logo.png": b"\0", "c.txt": b"\xe9"})
    made.commit({"leak.py": "key = 'from-the-vault'\n", "a.py": "x = 2\n"})
    made.commit({"still.py": f"key = '{OTHER}'\n"})
    return made


def paths(result: StageResult) -> list[str | None]:
    return [finding.location.path for finding in result.findings]


def test_of_an_unchanged_history_only_what_holds_secrets_is_read_again(repository: Repository, run: Histories) -> None:
    assert paths(run.agree(repository.tree)) == ["still.py", "leak.py"]
    run(repository.tree)
    assert sorted(run.looked_at) == ["leak.py", "still.py"]


def test_a_history_without_secrets_is_not_read_again(make_repository: Make, run: Histories) -> None:
    made = make_repository()
    made.commit({"a.py": "x = 1\n"})
    made.commit({"a.py": "x = 2\n"})
    run.agree(made.tree)
    run(made.tree)
    assert run.looked_at == []


# Whatever became of it


def commit(made: Repository, chance: random.Random) -> None:
    made.commit({chance.choice("abc"): chance.choice(CONTENTS), f"{chance.choice('de')}.py": chance.choice(CONTENTS)})


def amend(made: Repository, chance: random.Random) -> None:
    commit(made, chance)
    made.git("reset", "-q", "--soft", "HEAD~")


def new_branch(made: Repository, chance: random.Random) -> None:
    made.git("checkout", "-q", "-B", chance.choice("xyz"), f"HEAD~{chance.randrange(2)}")
    commit(made, chance)


def branches(made: Repository) -> list[str]:
    return sorted({"main", *made.git("branch", "--format=%(refname:short)", "--list", "?").split()})


def merge(made: Repository, chance: random.Random) -> None:
    made.git("merge", "-q", "-X", "ours", "--no-edit", chance.choice(branches(made)))


def delete_branch(made: Repository, chance: random.Random) -> None:
    made.git("checkout", "-q", "--detach")
    made.git("branch", "-D", chance.choice(branches(made)))


def forget(made: Repository, chance: random.Random) -> None:
    forget_commits(made)
    made.git("gc", "-q", "--prune=now")


def forget_commits(made: Repository) -> None:
    made.git("reflog", "expire", "--expire=now", "--all")


def repack(made: Repository, chance: random.Random) -> None:
    made.git("repack", "-a", "-d", "-q")


def leave_loose(made: Repository, chance: random.Random) -> None:
    made.commit({"draft": chance.choice(CONTENTS)})
    made.git("reset", "-q", "--hard", "HEAD~")
    forget_commits(made)


def tag(made: Repository, chance: random.Random) -> None:
    made.git("tag", "-f", "-a", "-m", "tag", chance.choice("vw"), f"HEAD~{chance.randrange(2)}")


def rewrite(made: Repository, chance: random.Random) -> None:
    """Put another commit in the place of the last one, of which no trace is left: as a force push, freshly fetched."""
    made.git("reset", "-q", "--hard", "HEAD~")
    commit(made, chance)
    forget(made, chance)


def replace(made: Repository, chance: random.Random) -> None:
    made.git("replace", "-f", "HEAD", f"HEAD~{chance.randrange(1, 3)}")


def graft(made: Repository, chance: random.Random) -> None:
    Path(made.root, ".git", "info", "grafts").write_text(made.git("rev-parse", "HEAD") + "\n")


def borrow(made: Repository, chance: random.Random) -> None:
    """Take the objects of another repository for one's own, or let go of them."""
    other, alternates = made.root.parent / "other", Path(made.root, ".git", "objects", "info", "alternates")
    if alternates.exists():
        made.git("repack", "-a", "-d", "-q")
        alternates.unlink()
    else:
        alternates.write_text(f"{other}/.git/objects\n")


def write_commit_graph(made: Repository, chance: random.Random) -> None:
    made.git("commit-graph", "write", "--reachable")


DEEDS = (
    *(commit, amend, new_branch, merge, delete_branch, forget, repack, leave_loose, tag),
    *(rewrite, replace, graft, borrow, write_commit_graph),
)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_deeds_the_answer_is_that_of_a_history_read_anew(
    make_repository: Make, run: Histories, seed: int
) -> None:
    chance = random.Random(seed)
    form = f"--object-format={chance.choice(('sha1', 'sha256'))}"
    make_repository("other", form).commit({"o.py": CONTENTS[2], "a": CONTENTS[0]})
    made = make_repository("repository", form)
    for number in range(3):
        made.commit({"a": CONTENTS[number], "b": CONTENTS[-number]})
    for _ in range(6):
        try:
            chance.choice(DEEDS)(made, chance)
        except subprocess.CalledProcessError:  # a branch that is not there, a merge that git refuses
            made.git("reset", "-q", "--hard")
        run.agree(made.tree)


def test_a_history_without_its_refs_is_another(repository: Repository, run: Histories) -> None:
    run.agree(repository.tree)
    repository.git("update-ref", "refs/heads/kept", "HEAD~2")
    repository.git("reset", "-q", "--hard", "HEAD~2")
    repository.git("reflog", "expire", "--expire=now", "--all")
    result = run.agree(repository.tree)
    assert result.facts["history_blobs_in_no_commit"] == 3


def test_what_another_version_of_the_code_saw_is_not_believed(
    repository: Repository, run: Histories, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(repository.tree)
    monkeypatch.setattr("gate.secrets.sources.cache._engine", lambda: b"another")
    run.agree(repository.tree)
    monkeypatch.setattr("gate.secrets.sources.cache._engine", lambda: b"a third")
    run(repository.tree)
    assert {"a.py", "c.txt"} <= set(run.looked_at)


@pytest.mark.parametrize("settings", [{"ignore": ("leak.py",)}, {"paths": ("a.py",)}, {"max_file_size": 10}])
def test_other_settings_are_another_question(repository: Repository, run: Histories, settings: dict[str, Any]) -> None:
    run.agree(repository.tree)
    run.agree(repository.tree, **settings)
    run.agree(repository.tree)


def test_a_shallow_clone_is_never_known(repository: Repository, run: Histories, tmp_path: Path) -> None:
    repository.git("clone", "-q", "--depth=1", f"file://{repository.root}", str(tmp_path / "clone"))
    for _ in range(2):
        assert len(run.agree(Tree(root=str(tmp_path / "clone"), name="clone")).errors) == 1


def test_what_was_known_of_a_whole_clone_is_no_word_of_a_shallow_one(
    repository: Repository, run: Histories, tmp_path: Path
) -> None:
    clone = Tree(root=str(tmp_path / "clone"), name="clone")
    repository.git("clone", "-q", f"file://{repository.root}", clone.root)
    run.agree(clone)
    Path(clone.root, ".git", "shallow").write_text(repository.git("rev-parse", "HEAD") + "\n")
    assert len(run.agree(clone).errors) == 1
    Path(clone.root, ".git", "shallow").unlink()
    assert run.agree(clone).errors == ()


def test_a_clone_that_lacks_blobs_is_never_known(repository: Repository, run: Histories, tmp_path: Path) -> None:
    run(repository.tree)
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.root}", str(tmp_path / "clone"))
    assert len(run.agree(Tree(root=str(tmp_path / "clone"), name="clone")).errors) == 1


def test_a_known_version_that_is_lost_is_an_error_until_it_is_back(repository: Repository, run: Histories) -> None:
    run(repository.tree)
    blob = repository.git("rev-parse", "HEAD~2:a.py")
    place = Path(repository.root, ".git", "objects", blob[:2], blob[2:])
    lost = place.rename(place.parent.parent / "lost")
    for _ in range(2):
        (error,) = run.agree(repository.tree).errors
        assert error.title == "1 versions of files are not in the object store"
    lost.rename(place)
    assert run.agree(repository.tree).errors == ()


def test_a_version_that_could_not_be_read_is_tried_again(repository: Repository, run: Histories) -> None:
    repository.commit({"big": "x" * 200})
    repository.commit({"big": None})
    for _ in range(2):
        assert [error.path for error in run.agree(repository.tree, max_file_size=100).errors] == ["big"]


# What cannot be believed


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE answer SET value = substr(value, 2)",
        "UPDATE answer SET value = x'80'",
        "CREATE TEMP TABLE old AS SELECT value FROM answer;"
        "UPDATE answer SET value = (SELECT value FROM old WHERE old.value <> answer.value)",
        "UPDATE answer SET proof = x'00'",
        "DELETE FROM answer",
    ],
)
def test_what_is_damaged_or_changed_is_read_again(
    repository: Repository, run: Histories, tmp_path: Path, damage: str
) -> None:
    first = run(repository.tree)
    (file,) = (tmp_path / "cache").glob("answers*")
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(damage)
    assert msgspec.json.encode(run(repository.tree)) == msgspec.json.encode(first)
    assert "c.txt" in run.looked_at


def test_what_is_committed_while_a_history_is_listed_is_told_the_next_time(
    repository: Repository, run: Histories, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit_first(*arguments: Any) -> Any:
        repository.commit({"late.py": f"late = '{AWS}{OTHER}'\n", "late2.py": f"late = '{AWS}'\n"})
        repository.commit({"late.py": None, "late2.py": None})
        return list_objects(*arguments)

    list_objects = whole_history.list_objects
    monkeypatch.setattr(whole_history, "list_objects", commit_first)
    assert run(repository.tree).facts["history_blobs_in_no_commit"] == 2
    monkeypatch.undo()
    assert run.agree(repository.tree).facts["history_blobs_in_no_commit"] == 0


# Only what is new is looked at


def test_of_a_history_that_has_grown_only_what_is_new_and_what_holds_secrets_is_read(
    repository: Repository, run: Histories
) -> None:
    run(repository.tree)
    repository.commit({"d.py": "x = 3\n", "a.py": "x = 1\n"})  # the latter as it once was
    run(repository.tree)
    in_the_tree, in_the_history = ["a.py", "d.py"], ["d.py", "leak.py", "still.py"]
    assert sorted(run.looked_at) == sorted([*in_the_tree, *in_the_history])
    run.agree(repository.tree)


def test_a_secret_that_a_known_blob_is_under_another_name_is_found(repository: Repository, run: Histories) -> None:
    left = {"ignore": ("package-lock.json",)}
    repository.commit({"package-lock.json": f"key = '{AWS}'\n\n"})
    assert paths(run.agree(repository.tree, **left)) == ["still.py", "leak.py"]
    repository.commit({"package-lock.json": None, "settings.py": f"key = '{AWS}'\n\n"})
    repository.commit({"settings.py": None})
    (leak,) = (one for one in run.agree(repository.tree, **left).findings if one.location.path == "leak.py")
    assert "settings.py" in leak.message

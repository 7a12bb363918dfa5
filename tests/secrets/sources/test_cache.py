"""Incremental runs: what is known to be clean is not read again, and nothing is believed that could be wrong."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.cache import LocalBackend
from gate.model import StageError, Tree
from gate.pipeline.context import LocalContext
from gate.secrets.results.detected import Examined, FileReading
from gate.secrets.results.findings import Tally
from gate.secrets.results.summary import Survey
from tests.secrets.runs import Runs

AWS = "AKIA" + "Z7VRSQ5TJN2XMPLQ"
OTHER = "AKIA" + "Q4WKXN7TRB3YMPZD"
THIRD = "AKIA" + "J5TRWQ2MZX7KPNLB"

Repository = Any
Make = Callable[..., Repository]


@pytest.fixture
def run(make_context: Callable[..., LocalContext], monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(make_context, monkeypatch)


@pytest.fixture
def repository(make_repository: Make) -> Repository:
    made = make_repository()
    made.commit(
        {"a.py": "x = 1\n", "b.py": "y = 2\n", "leak.py": f"key = '{AWS}'\n", "logo.png": b"\0", "c.txt": b"\xe9"}
    )
    return made


def test_an_unchanged_tree_is_not_read_again(repository: Repository, run: Runs) -> None:
    first = run(repository.tree)
    assert sorted(run.looked_at) == ["a.py", "b.py", "c.txt", "leak.py", "logo.png"]
    assert msgspec.json.encode(run(repository.tree)) == msgspec.json.encode(first)
    assert run.looked_at == []


def test_after_a_change_only_what_changed_is_looked_at(repository: Repository, run: Runs) -> None:
    run(repository.tree)
    (repository.root / "a.py").write_text(f"key = '{OTHER}'\n")
    (repository.root / "new.py").write_text("z = 3\n")
    assert [finding.location.path for finding in run(repository.tree).findings] == ["a.py", "leak.py"]
    assert run.looked_at == ["a.py", "new.py"]


def test_after_a_change_little_is_asked_for(make_repository: Make, run: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_repository()
    made.commit({f"{number}.py": f"x = {number}\n" for number in range(500)} | {"leak.py": f"key = '{AWS}'\n"})
    first = run(made.tree)
    (made.root / "7.py").write_text(f"key = '{OTHER}'\n")
    asked: list[bytes] = []
    get = LocalBackend.get
    monkeypatch.setattr(LocalBackend, "get", lambda self, folder, keys: asked.extend(keys) or get(self, folder, keys))
    second = run(made.tree)
    assert second.facts["files"] == first.facts["files"] == 501
    assert [finding.location.path for finding in second.findings] == ["7.py", "leak.py"]
    assert run.looked_at == ["7.py"]
    assert len(asked) < 150  # the parts, and the files of one of them


def test_a_change_that_keeps_size_and_time_is_seen(repository: Repository, run: Runs) -> None:
    file = repository.root / "a.py"
    file.write_text(f"# {'x' * len(AWS)}\n")
    repository.commit({})
    run(repository.tree)
    before = file.stat()
    file.write_text(f"# {AWS}\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "a.py" in {finding.location.path for finding in run(repository.tree).findings}


def test_a_revision_is_known_by_its_contents(repository: Repository, run: Runs) -> None:
    head = repository.git("rev-parse", "HEAD")
    run(repository.tree)
    run(Tree(root=str(repository.root), name="t", revision=head))
    assert run.looked_at == []


def test_commits_whose_contents_are_known_are_not_read_again(repository: Repository, run: Runs) -> None:
    head = repository.commit({"d.py": "x = 4\n"})
    run(repository.range(head))
    run(repository.range(head))
    assert run.looked_at == []
    repository.commit({"copy/a.py": "x = 1\n"})
    run(repository.range(repository.git("rev-parse", "HEAD"), head))
    assert run.looked_at == ["copy/a.py"], "the same content under another path can mean something else"


def test_without_cache_everything_is_read_and_nothing_kept(repository: Repository, run: Runs, tmp_path: Path) -> None:
    run(repository.tree, cache=False)
    run(repository.tree, cache=False)
    assert sorted(run.looked_at) == ["a.py", "b.py", "c.txt", "leak.py", "logo.png"]
    assert not list((tmp_path / "cache").glob("answers*"))


@pytest.mark.parametrize("settings", [{"mode": "compat"}, {"max_file_size": 1000}])
def test_other_settings_look_again(repository: Repository, run: Runs, settings: dict[str, Any]) -> None:
    run(repository.tree)
    run(repository.tree, **settings)
    assert "a.py" in run.looked_at


def test_another_version_of_the_code_looks_again(
    repository: Repository, run: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(repository.tree)
    monkeypatch.setattr("gate.secrets.sources.cache._engine", lambda: b"another")
    run(repository.tree)
    assert "a.py" in run.looked_at


def test_what_is_ignored_now_and_was_not_before_is_not_told(repository: Repository, run: Runs) -> None:
    run(repository.tree)
    assert run(repository.tree, ignore=("leak.py", "*.png")).findings == ()
    assert run(repository.tree, ignore=("*.png",)).facts["files"] == 4


def test_a_damaged_cache_is_made_anew(repository: Repository, run: Runs, tmp_path: Path) -> None:
    first = run(repository.tree)
    (file,) = (tmp_path / "cache").glob("answers*")
    file.write_bytes(b"\0" * 100)
    assert msgspec.json.encode(run(repository.tree)) == msgspec.json.encode(first)
    run(repository.tree)
    assert run.looked_at == []


def test_an_error_is_not_remembered_as_clean(repository: Repository, run: Runs) -> None:
    (repository.root / "big.txt").write_text("x" * 2000)
    repository.commit({})
    for _ in range(2):
        assert [error.path for error in run(repository.tree, max_file_size=1000).errors] == ["big.txt"]


def test_the_cache_holds_nothing_of_a_secret(repository: Repository, run: Runs, tmp_path: Path) -> None:
    result = run(repository.tree)
    run(repository.tree, history=True)
    (file,) = (tmp_path / "cache").glob("answers*")
    kept = file.read_bytes()
    (found,) = result.findings
    assert found.secret is not None
    assert not any(one.encode() in kept for one in (AWS, AWS[:8], found.secret.hash, found.secret.redacted, found.rule))


def test_the_cache_holds_no_name_with_a_secret(repository: Repository, run: Runs, tmp_path: Path) -> None:
    token = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe0Jc5IE"
    repository.commit({f"{token}.txt": f"key = '{OTHER}'\n", f"{token}.png": b"\0"})
    assert len(run(repository.tree).findings) == 3
    (file,) = (tmp_path / "cache").glob("answers*")
    assert token.encode() not in file.read_bytes()


def test_without_the_key_what_holds_a_secret_is_looked_at(
    repository: Repository, run: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(repository.tree)
    monkeypatch.setattr("gate.core.sealed._key", lambda: b"k" * 32)
    assert msgspec.json.encode(run(repository.tree)) == msgspec.json.encode(first)
    assert run.looked_at == ["leak.py"]


# What git vouches for, and what it does not


def test_a_file_that_git_was_told_to_overlook_is_read(repository: Repository, run: Runs) -> None:
    run(repository.tree)
    for name, option, value in (("a.py", "--assume-unchanged", OTHER), ("b.py", "--skip-worktree", THIRD)):
        repository.git("update-index", option, name)
        (repository.root / name).write_text(f"key = '{value}'\n")
    found = {finding.location.path for finding in run(repository.tree).findings}
    assert found == {"a.py", "b.py", "leak.py"}


def test_a_file_that_a_filter_converts_is_read_from_the_disk(repository: Repository, run: Runs) -> None:
    repository.git("config", "filter.hide.clean", "echo x = 1")
    repository.git("config", "filter.hide.smudge", "cat")
    (repository.root / ".git" / "info").mkdir(exist_ok=True)
    (repository.root / ".git" / "info" / "attributes").write_text("hidden.py filter=hide\n")
    repository.commit({"hidden.py": f"key = '{OTHER}'\n"})
    assert repository.git("show", "HEAD:hidden.py") == "x = 1"
    run(Tree(root=str(repository.root), name="t", revision=repository.git("rev-parse", "HEAD")))
    assert "hidden.py" in {finding.location.path for finding in run(repository.tree).findings}
    assert "hidden.py" in {finding.location.path for finding in run(repository.tree).findings}


def test_no_filter_is_run(repository: Repository, run: Runs, tmp_path: Path) -> None:
    repository.commit({".gitattributes": "*.py filter=evil\n"})
    for key in ("clean", "process"):
        repository.git("config", f"filter.evil.{key}", f"touch {tmp_path}/ran")
    repository.git("config", "filter.evil.required", "true")
    (repository.root / "a.py").write_text("x = 9\n")
    os.utime(repository.root / "b.py", (1, 1))
    run(repository.tree)
    assert not (tmp_path / "ran").exists()
    assert {"a.py", "b.py"} <= set(run.looked_at)


def test_a_folder_below_the_root_and_one_without_git(repository: Repository, run: Runs, tmp_path: Path) -> None:
    repository.commit({"inner/a.py": "x = 1\n", "inner/leak.py": f"'{OTHER}'\n"})
    inner = Tree(root=str(repository.root / "inner"), name="inner")
    for _ in range(2):
        assert [finding.location.path for finding in run(inner).findings] == ["leak.py"]
    assert run.looked_at == []
    subprocess.run(["cp", "-r", str(repository.root / "inner"), str(tmp_path / "plain")], check=True)
    for _ in range(2):
        run(Tree(root=str(tmp_path / "plain"), name="plain"))
        assert sorted(run.looked_at) == ["a.py", "leak.py"]


# What a survey keeps


OUTCOMES = st.one_of(
    st.builds(
        Examined,
        reading=st.sampled_from(FileReading),
        size=st.integers(0, 9),
        encoding=st.sampled_from([None, "utf-8", "latin-1"]),
        dropped=st.dictionaries(st.sampled_from("xy"), st.integers(1, 3)),
    ),
    st.builds(StageError, title=st.just("t"), message=st.just("m")),
)


@given(st.dictionaries(st.text(min_size=1, max_size=3), OUTCOMES, max_size=8))
def test_a_survey_that_was_kept_tells_what_the_first_one_did(outcomes: dict[str, Examined | StageError]) -> None:
    first = Survey()
    for path, outcome in outcomes.items():
        first.add(path, outcome)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(first.seen()), type=type(first.seen()))
    second = Survey()
    second.take(kept)
    for path in kept.open:
        second.add(path, outcomes[path])
    assert told(second) == told(first)
    assert first.files == second.files == len(outcomes)


def told(survey: Survey) -> tuple[Any, ...]:
    tally = Tally("target")
    survey.tell(tally)
    return tally.facts(), tally.findings(), tally.errors

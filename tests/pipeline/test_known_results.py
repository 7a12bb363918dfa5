"""Results that are kept from run to run: what nothing has changed for is not looked at again, and all else is."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate import run
from gate.app.api import judge_targets
from gate.app.project import open_project
from gate.model import Report, Tree
from gate.pipeline import broker_answers, known_answers
from gate.pipeline.isolation.sealing import possible
from gate.pipeline.progress import Progress
from gate.pipeline.workers import Pool
from tests.conftest import GitRepository, cache_home

pytestmark = pytest.mark.skipif(not possible().programs, reason="results are kept where workers are isolated")

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
POD = """apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: a, image: b, securityContext: {privileged: true}}
"""
FILES: dict[str, str | bytes | None] = {
    "Dockerfile": "FROM debian:13\nCOPY key.txt .\nRUN apt-get install -y curl\n",
    "pod.yaml": POD,
    "a/settings.py": 'KEY = "AKIAQWERTYUIOPASDFGH"\n',
    "a/plain.py": "print(1)\n",
    ".gitignore": "*.txt\n",
}


@pytest.fixture
def project(make_repository: Callable[..., GitRepository], own_cache: Path) -> GitRepository:
    repository = make_repository("project")
    repository.commit(FILES)
    return repository


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages that workers were asked for, in the order of the calls."""
    asked: list[str] = []
    plain = Pool.run

    def noting(self: Pool, function: Callable[..., Any], items: list[Any], *shared: Any) -> Iterator[tuple[int, Any]]:
        asked.extend(getattr(item, "stage", "excerpts") for item in items)
        return plain(self, function, items, *shared)

    monkeypatch.setattr(Pool, "run", noting)
    return asked


def judged(folder: Path, now: datetime = NOW, **choices: Any) -> Report:
    return run(str(folder), settings={"offline": True, **choices}, now=now)


def judged_quickly(folder: Path, now: datetime = NOW, rule: str = "medium", **choices: Any) -> Report:
    """Judge by stages that start soon."""
    stages = {"kubernetes": {"rules": {"PSS-privileged": rule}}} | {one: {"enabled": False} for one in SLOW}
    return judged(folder, now, stages=stages, **choices)


def untimed(report: Report) -> Report:
    """Return a report without how long things took."""
    stages = tuple(msgspec.structs.replace(one, duration_s=0.0, started_at="", finished_at="") for one in report.stages)
    return msgspec.structs.replace(report, stages=stages)


SLOW = ["secrets", "dependencies", "ci"]
QUICK = ["dockerfile", "kubernetes", "workspace"]
STAGES = ["dockerfile", "secrets", "dependencies", "kubernetes", "ci", "workspace"]


def test_what_did_not_change_is_not_looked_at_again(project: GitRepository, jobs: list[str]) -> None:
    first = judged(project.root)
    assert jobs[:6] == STAGES
    jobs.clear()
    again = judged(project.root)
    assert jobs == []
    assert untimed(again) == untimed(first)
    assert any(one.excerpt for one in again.findings)
    assert {one.stage for one in again.findings} >= {"dockerfile", "secrets", "kubernetes"}


def test_only_what_looked_at_a_changed_file_looks_again(project: GitRepository, jobs: list[str]) -> None:
    judged(project.root)
    jobs.clear()
    (project.root / "a/plain.py").write_text("print(2)\n")
    judged(project.root)
    assert set(jobs) - {"excerpts"} == {"secrets", "workspace"}  # the one looks at all files, the other at sources


def test_a_file_that_was_asked_for_and_is_not_listed_counts(project: GitRepository, jobs: list[str]) -> None:
    (project.root / ".dockerignore").write_text("a\n")
    project.git("add", "-A")
    judged(project.root)
    jobs.clear()
    (project.root / "key.txt").write_text("ignored by git, copied by the Dockerfile\n")
    judged(project.root)
    consults_it = "dockerfile" in jobs
    jobs.clear()
    (project.root / "key.txt").unlink()
    judged(project.root)
    assert ("dockerfile" in jobs) == consults_it


def test_a_push_that_is_tried_again_is_not_looked_at_again(project: GitRepository, jobs: list[str]) -> None:
    before = project.git("rev-parse", "HEAD")
    head = project.commit({"a/new.py": 'KEY = "AKIAQWERTYUIOPASDFGH"\n', "pod.yaml": POD + "\n"})
    pushed = project.range(head, before)
    tree = Tree(root=pushed.root, name="tree", revision=head)
    flags = {"offline": True, "stages": {one: {"enabled": False} for one in ("dependencies", "ci", "dockerfile")}}
    opened = open_project(pushed.root, flags=flags)

    def judge_push() -> Report:
        return judge_targets(opened, [pushed, tree], {}, Progress(is_quiet=True), now=NOW)

    first = judge_push()
    assert sorted(set(jobs) - {"excerpts"}) == ["kubernetes", "secrets", "workspace"]
    jobs.clear()
    assert untimed(judge_push()) == untimed(first)
    assert set(jobs) <= {"excerpts"}, "of commits no excerpts are kept"
    project.commit({"a/new.py": "print(3)\n"})
    jobs.clear()
    judge_push()
    assert "secrets" in jobs, "there are other refs now"


@pytest.mark.parametrize(
    "change",
    [
        {"now": NOW + timedelta(days=1)},
        {"rule": "low"},
        {"refuse_unseen": ["submodules"]},
    ],
    ids=["day", "rules", "other settings"],
)
def test_settings_and_day_count(project: GitRepository, jobs: list[str], change: dict[str, Any]) -> None:
    judged_quickly(project.root)
    jobs.clear()
    judged_quickly(project.root, **change)
    assert jobs[:3] == QUICK


@pytest.mark.parametrize("name", ["own_code", "installed"])
def test_code_and_what_is_installed_count(
    project: GitRepository, jobs: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    judged_quickly(project.root)
    jobs.clear()
    value = b"another" if name == "own_code" else "another"
    monkeypatch.setattr(known_answers, name, lambda: value)
    judged_quickly(project.root)
    assert jobs[:3] == QUICK


def test_a_program_that_another_replaces_counts(
    project: GitRepository, jobs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged_quickly(project.root)
    jobs.clear()
    monkeypatch.setitem(broker_answers.CHECKED_AGAIN, "shellcheck.find", lambda job, world: "another one")
    judged_quickly(project.root)
    assert "dockerfile" in jobs
    assert "kubernetes" not in jobs


def test_without_a_cache_nothing_is_kept(project: GitRepository, jobs: list[str]) -> None:
    judged_quickly(project.root, cache=False)
    jobs.clear()
    judged_quickly(project.root, cache=False)
    assert jobs[:3] == QUICK


def test_errors_are_not_kept(project: GitRepository, jobs: list[str]) -> None:
    (project.root / "pod.yaml").write_text("kind: Pod\napiVersion: v1\nmetadata: [\n")
    judged_quickly(project.root)
    jobs.clear()
    judged_quickly(project.root)
    assert "kubernetes" in jobs
    assert "dockerfile" not in jobs


def test_folders_outside_of_git_are_looked_at_each_time(project: GitRepository, jobs: list[str]) -> None:
    for place in sorted((project.root / ".git").rglob("*"), reverse=True):
        place.unlink() if not place.is_dir() or place.is_symlink() else place.rmdir()
    (project.root / ".git").rmdir()
    judged_quickly(project.root)
    jobs.clear()
    judged_quickly(project.root)
    assert jobs[:3] == QUICK


def test_a_tree_that_is_edited_while_it_is_judged_is_not_kept(
    project: GitRepository, jobs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Pool.run

    def editing(self: Pool, function: Callable[..., Any], items: list[Any], *shared: Any) -> Iterator[tuple[int, Any]]:
        yield from plain(self, function, items, *shared)
        (project.root / "a/plain.py").write_text("print(3)\n")

    with monkeypatch.context() as patch:
        patch.setattr(Pool, "run", editing)
        judged_quickly(project.root)
    (project.root / "a/plain.py").write_text(str(FILES["a/plain.py"]))
    jobs.clear()
    judged_quickly(project.root)
    assert jobs[:3] == QUICK


def test_the_cache_names_no_secret_and_no_place_of_one(project: GitRepository, own_cache: Path) -> None:
    report = judged(project.root)
    found = [one for one in report.findings if one.secret]
    stored = b"".join(place.read_bytes() for place in (own_cache / "gate").glob("answers-*"))
    assert found
    assert stored
    for one in found:
        assert one.secret is not None
        assert one.secret.hash.encode() not in stored
        assert one.fingerprint.encode() not in stored
    assert b"AKIAQWERTYUIOPASDFGH" not in stored


def test_what_is_kept_is_marked(
    project: GitRepository, own_cache: Path, jobs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged_quickly(project.root)
    jobs.clear()
    monkeypatch.setenv("GATE_CACHE_KEY", "k" * 40)
    judged_quickly(project.root)
    assert jobs[:3] == QUICK


EDITS: dict[str, Callable[[GitRepository], object]] = {
    "secret": lambda own: (own.root / "a/plain.py").write_text('K = "AKIAQWERTYUIOPASDFGX"\n'),
    "plain": lambda own: (own.root / "a/plain.py").write_text("print(1)\n"),
    "same size": lambda own: (own.root / "pod.yaml").write_text(POD.replace("true", "null")),
    "back": lambda own: (own.root / "pod.yaml").write_text(POD),
    "new": lambda own: (own.root / "b.yaml").write_text(POD),
    "gone": lambda own: (own.root / "b.yaml").unlink(missing_ok=True),
    "dockerfile": lambda own: (own.root / "Dockerfile").write_text("FROM debian:latest\nRUN chmod 777 /x\n"),
    "ignored": lambda own: (own.root / "key.txt").write_text("x" * 9),
    "staged": lambda own: own.git("add", "-A"),
    "committed": lambda own: own.git("commit", "-qam", "x", "--allow-empty"),
    "link": lambda own: (own.root / "c.yaml").is_symlink() or (own.root / "c.yaml").symlink_to("pod.yaml"),
    "touched": lambda own: os.utime(own.root / "Dockerfile"),
    "runs": lambda own: (own.root / "a/plain.py").chmod(0o755),
}


@pytest.mark.one_python
@given(edits=st.permutations(sorted(EDITS)))
@example(edits=["same size", "new", "staged", "gone"])
@settings(max_examples=1)
def test_reports_are_those_of_runs_that_know_nothing(
    tmp_path_factory: pytest.TempPathFactory, compiled_patterns: Path, edits: list[str]
) -> None:
    """After any edits a run that may use what is kept says the same as one that may not."""
    base = tmp_path_factory.mktemp("edits")
    repository = GitRepository(base / "project")
    repository.commit(FILES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache_home(base / "cache", compiled_patterns)))
        judged(repository.root)
        for edit in edits[:4]:
            EDITS[edit](repository)
            assert untimed(judged(repository.root)) == untimed(judged(repository.root, cache=False))

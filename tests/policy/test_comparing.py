"""The policies of a change beside those of its base: what only the change names elsewhere is not fetched."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.app.project import Project, open_project
from gate.policy import sources
from gate.policy.changes import describe_change
from tests.policy.test_changes import IN_API

STRICT = b"rules: [{id: strict, why: Strict.}]"
ADDRESS = f"https://policy.example.com/p.yaml#sha256={hashlib.sha256(STRICT).hexdigest()}"
ELSEWHERE = ADDRESS.replace("p.yaml", "q.yaml")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Serve the strict policy at every address; return what was asked for."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    asked: list[str] = []

    def fetch(url: str, *_: object) -> bytes:
        asked.append(url)
        return STRICT

    monkeypatch.setattr(sources, "fetch_file", fetch)
    return asked


@pytest.fixture
def compared(make_repository: Callable[..., Any]) -> Callable[[str, str], Project]:
    """Return a function that opens the project of a change, given the settings of the base and of the change."""

    def make(base: str, head: str) -> Project:
        repository = make_repository()
        repository.commit({"gate.yaml": base})
        repository.git("checkout", "-q", "-b", "change")
        repository.commit({"gate.yaml": head})
        return open_project(str(repository.root), flags={"since": "main"})

    return make


def named(project: Project) -> list[list[str]]:
    """Return the names of the rules of the policies above, of the base and of the change."""
    assert project.change is not None
    sides = (project.change.base, project.change.head)
    return [[rule.id for source in side.sources.above for rule in source.policy.rules] for side in sides]


def test_a_policy_that_both_extend_is_above_both_and_nothing_is_loosened(
    asked: list[str], compared: Callable[[str, str], Project]
) -> None:
    project = compared(f"policy: {{extends: '{ADDRESS}'}}\n", f"jobs: 2\npolicy: {{extends: '{ADDRESS}'}}\n")
    assert named(project) == [["strict"], ["strict"]]
    assert project.change is not None
    assert describe_change(project.change, [IN_API]).loosened == ()


def test_a_policy_elsewhere_that_only_the_change_extends_is_not_asked_for(
    asked: list[str], compared: Callable[[str, str], Project]
) -> None:
    project = compared(f"policy: {{extends: '{ADDRESS}'}}\n", f"policy: {{extends: '{ELSEWHERE}'}}\n")
    assert asked == [ADDRESS.partition("#")[0]]
    assert named(project) == [["strict"], []]
    assert project.change is not None
    (found,) = describe_change(project.change, [IN_API]).loosened
    assert (found.what, found.passes) == (f"policy.extends: {ELSEWHERE}", (IN_API.fingerprint,))


@pytest.mark.parametrize(
    ("base", "head", "enforces"),
    [
        ("policy: {enforce: false}\n", "policy: {enforce: false}\njobs: 2\n", False),
        ("policy: {enforce: false}\n", "jobs: 2\n", True),
        ("jobs: 1\n", "policy: {enforce: false}\n", True),
    ],
)
def test_a_policy_that_only_reports_blocks_once_the_change_says_so(
    compared: Callable[[str, str], Project], base: str, head: str, enforces: bool
) -> None:
    assert [layer.enforce for layer in compared(base, head).policy.layers][:1] == [enforces]


def test_it_is_said_by_which_commit_a_change_is_judged(compared: Callable[[str, str], Project]) -> None:
    project = compared("jobs: 1\n", "jobs: 2\n")
    (commit,) = set(project.base_commits)
    assert any(f"the base, {commit[:12]}; the change can only tighten it" in note for note in project.policy.notes)

"""After a first failed run the command says how to record what is there, in one line on standard error.

Goes through `gate/cli/first_fail.py`, `gate/cli/ci_systems.py`.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Gate

BAD = "FROM debian:latest\nRUN chmod 777 /srv\n"
SUGGESTION = "so that only new findings block"
CI_VARIABLES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository whose first run fails, on a machine that is no CI system."""
    for name in CI_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / "Dockerfile").write_text(BAD)
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    for words in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "start")):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


@pytest.fixture
def said(gate: Gate, project: Path) -> Callable[..., str]:
    """Return a function that runs `gate run`, which has to fail, and returns what it says on standard error."""

    def run(*words: str, cwd: Path = project) -> str:
        done = gate("run", "--offline", "--stage", "dockerfile", *words, cwd=str(cwd))
        assert done.returncode == 1, done.stdout + done.stderr
        assert done.stdout.splitlines()[-1].startswith("FAIL"), "the verdict is the last line"
        return done.stderr

    return run


def test_a_first_fail_names_the_command_for_the_same_targets(said: Callable[..., str], project: Path) -> None:
    suggested = "gate: `gate baseline` records what is there today, so that only new findings block"
    assert suggested in said().splitlines()
    assert "`gate baseline 'a project'`" in said("a project", cwd=project.parent)


def test_the_suggested_command_does_what_it_says(said: Callable[..., str], gate: Gate, project: Path) -> None:
    said()
    assert gate("baseline", "--offline", cwd=str(project)).returncode == 0
    assert gate("run", "--offline", cwd=str(project)).returncode == 0
    (project / "new.Dockerfile").write_text(BAD)
    assert SUGGESTION not in said(), "it has a baseline"


def test_a_project_with_settings_has_been_adopted(said: Callable[..., str], project: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("offline: true\n")
    assert SUGGESTION not in said("--config", str(own))
    (project / "gate.yaml").write_text("offline: true\n")
    assert SUGGESTION not in said()


def test_a_comparison_and_a_quiet_run_suggest_nothing(said: Callable[..., str], project: Path) -> None:
    (project / "new.Dockerfile").write_text(BAD)
    assert SUGGESTION not in said("--since", "HEAD")
    assert SUGGESTION not in said("--quiet")


@pytest.mark.parametrize("variable", CI_VARIABLES)
def test_a_job_of_a_ci_system_suggests_nothing(
    said: Callable[..., str], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setitem(os.environ, variable, "true")
    assert SUGGESTION not in said()


def test_a_run_that_passes_or_could_not_finish_suggests_nothing(gate: Gate, project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\n")
    assert SUGGESTION not in gate("run", "--offline", cwd=str(project)).stderr
    (project / "package-lock.json").write_text("{broken")
    incomplete = gate("run", "--offline", cwd=str(project))
    assert (incomplete.returncode, SUGGESTION in incomplete.stderr) == (3, False)

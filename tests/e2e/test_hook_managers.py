"""Pushes and commits that lefthook and husky hand to the gate, by the snippets of the documentation."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import TOOL_PATH

PAGE = (Path(__file__).parents[2] / "docs/how-to/git-hook.md").read_text()
TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe0Jc5IE"
Run = Callable[..., subprocess.CompletedProcess[str]]


def _lefthook(repository: Any) -> None:
    (settings,) = re.findall(r"^```yaml\n# lefthook\.yml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (repository.folder / "lefthook.yml").write_text(settings)


def _husky(repository: Any) -> None:
    (snippet,) = re.findall(r"^```sh\n(# \.husky/.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for name, script in re.findall(r"^# \.husky/([a-z-]+)\n([^#]*)", snippet, re.MULTILINE):
        place = repository.folder / ".husky" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(script)


MANAGERS = {"lefthook": (_lefthook, ("install",)), "husky": (_husky, ())}


@pytest.fixture(params=MANAGERS)
def repository(request: pytest.FixtureRequest, make_repository: Callable[..., Any], run: Run, tmp_path: Path) -> Any:
    """Return a repository with a remote, whose hooks a manager has installed."""
    write, words = MANAGERS[request.param]
    repository = make_repository({"README": "hello\n", ".gitignore": "_/\n"})
    bare = tmp_path / "bare.git"
    repository.git("clone", "--quiet", "--bare", repository.folder, bare)
    repository.git("remote", "add", "origin", bare)
    repository.git("fetch", "--quiet", "origin")
    write(repository)
    done = run(request.param, *words, cwd=repository.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--no-verify", "--message", "hooks")
    return repository


def test_a_push_goes_through_or_is_stopped(repository: Any, run: Run) -> None:
    done = run("git", "push", "origin", "main", cwd=repository.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gate: PASS" in done.stdout + done.stderr
    (repository.folder / "a.env").write_text(f"GITHUB_TOKEN={TOKEN}\n")
    repository.git("add", "a.env")
    repository.git("commit", "--quiet", "--no-verify", "--message", "secret")
    done = run("git", "push", "origin", "main", cwd=repository.folder)
    assert done.returncode != 0
    assert "a.env:1" in done.stdout + done.stderr
    assert TOKEN not in done.stdout + done.stderr
    assert repository.git("ls-remote", "origin", "main").split()[0] == repository.git("rev-parse", "HEAD~1")


def test_a_commit_is_stopped(repository: Any, run: Run) -> None:
    (repository.folder / "a.env").write_text(f"GITHUB_TOKEN={TOKEN}\n")
    repository.git("add", "a.env")
    done = run("git", "commit", "--message", "secret", cwd=repository.folder)
    assert done.returncode != 0
    assert "a.env:1" in done.stdout + done.stderr


def test_a_push_and_a_commit_are_stopped_if_the_gate_is_not_installed(repository: Any, run: Run) -> None:
    folders = [folder for folder in TOOL_PATH.split(os.pathsep) if not shutil.which("gate", path=folder)]
    without_gate = {"PATH": os.pathsep.join(folders)}
    (repository.folder / "a.txt").write_text("fine\n")
    repository.git("add", "a.txt")
    for words in (("push", "origin", "main"), ("commit", "--message", "change")):
        done = run("git", *words, cwd=repository.folder, env=without_gate)
        assert done.returncode != 0, done.stdout + done.stderr
        assert "gate" in done.stdout + done.stderr

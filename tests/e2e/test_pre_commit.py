"""Commits with the hook `pre-commit`, and both hooks under the pre-commit framework, offline.

Goes through `gate/app/hooks/framework.py`.
"""

import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe0Jc5IE"
SECRET = f"GITHUB_TOKEN={TOKEN}\n"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def repository(make_repository, run):
    """Return a repository whose commits are judged."""
    repository = make_repository({"README": "hello\n", "old.env": SECRET})
    done = run("gate", "hook", "install", "--pre-commit", cwd=repository.folder)
    assert done.returncode == 0, done.stderr
    assert "Every commit is judged now" in done.stdout
    return repository


def _write(repository, path: str, text: str) -> None:
    (repository.folder / path).write_text(text)


@pytest.fixture
def commit(repository, run) -> Run:
    """Return a function that runs `git commit` with options."""
    return lambda *options, **more: run("git", "commit", "-m", "change", *options, cwd=repository.folder, **more)


def _is_refused(done) -> bool:
    return done.returncode != 0 and "The commit is refused" in done.stderr and TOKEN not in done.stderr


def test_what_is_staged_is_judged_and_no_more(repository, commit):
    _write(repository, "a.txt", "fine\n")
    repository.git("add", "a.txt")
    _write(repository, "a.txt", SECRET)
    _write(repository, "b.env", SECRET)
    done = commit()
    assert done.returncode == 0, done.stderr
    assert "gate: PASS" in done.stderr


def test_a_staged_secret_is_refused_though_the_file_is_clean_again(repository, commit):
    _write(repository, "a.env", SECRET)
    repository.git("add", "a.env")
    _write(repository, "a.env", "")
    done = commit()
    assert _is_refused(done)
    assert "a.env:1" in done.stderr
    assert "git commit --no-verify" in done.stderr


def test_what_head_has_does_not_block(repository, commit):
    _write(repository, "old.env", f"# edited\n{SECRET}")
    assert commit("--all").returncode == 0


def test_all_files_are_judged_if_that_is_asked_for(repository, run):
    done = run("gate", "hook", "staged", "--all-files", cwd=repository.folder)
    assert done.returncode == 1
    assert "old.env:1" in done.stderr
    assert "All files were judged" in done.stderr
    assert TOKEN not in done.stderr


def test_commit_all_and_commit_of_a_path_judge_the_index_that_git_makes_for_them(repository, commit):
    _write(repository, "README", SECRET)
    assert _is_refused(commit("--all"))
    assert _is_refused(commit("README"))


def test_the_first_commit_of_a_repository_is_judged_as_a_whole(run, tmp_path):
    run("git", "init", "--quiet", cwd=tmp_path)
    run("gate", "hook", "install", "--pre-commit", cwd=tmp_path)
    (tmp_path / "a.env").write_text(SECRET)
    run("git", "add", "a.env", cwd=tmp_path)
    assert _is_refused(run("git", "commit", "-m", "first", cwd=tmp_path))


def test_in_a_linked_working_tree_its_own_index_is_judged(repository, run, tmp_path):
    repository.git("worktree", "add", "--quiet", tmp_path / "linked")
    (tmp_path / "linked/a.env").write_text(SECRET)
    run("git", "add", "a.env", cwd=tmp_path / "linked")
    assert _is_refused(run("git", "commit", "-m", "change", cwd=tmp_path / "linked"))


def test_in_a_submodule_the_hook_is_the_submodules(make_repository, run):
    inner, outer = make_repository({"README": "inner\n"}, name="inner"), make_repository({"README": "outer\n"})
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.folder, "sub")
    folder = outer.folder / "sub"
    assert run("gate", "hook", "install", "--pre-commit", cwd=folder).returncode == 0
    assert (outer.folder / ".git/modules/sub/hooks/pre-commit").exists()
    assert not (outer.folder / ".git/hooks/pre-commit").exists()
    (folder / "a.env").write_text(SECRET)
    run("git", "add", "a.env", cwd=folder)
    assert _is_refused(run("git", "commit", "-m", "change", cwd=folder))


def test_a_bare_clone_can_hold_the_hook_of_its_working_trees(make_repository, run, tmp_path):
    source = make_repository({"README": "hello\n"})
    bare = tmp_path / "bare.git"
    source.git("clone", "--quiet", "--bare", source.folder, bare)
    assert run("gate", "hook", "install", "--pre-commit", cwd=bare).returncode == 0
    run("git", "worktree", "add", "--quiet", tmp_path / "tree", cwd=bare)
    (tmp_path / "tree/a.env").write_text(SECRET)
    run("git", "add", "a.env", cwd=tmp_path / "tree")
    assert _is_refused(run("git", "commit", "-m", "change", cwd=tmp_path / "tree"))


def test_a_hook_that_was_there_runs_first_and_comes_back(repository, run, commit):
    hook = repository.folder / ".git/hooks/pre-commit"
    run("gate", "hook", "uninstall", cwd=repository.folder)
    assert not hook.exists()
    hook.write_text("#!/bin/sh\necho from the other hook >&2\n")
    hook.chmod(0o755)
    run("gate", "hook", "install", "--pre-commit", cwd=repository.folder)
    done = commit("--allow-empty")
    assert "from the other hook" in done.stderr
    assert "gate: PASS" in done.stderr
    run("gate", "hook", "uninstall", cwd=repository.folder)
    assert "from the other hook" in hook.read_text()


def test_a_merge_with_conflicts_is_refused_in_words(repository, run):
    repository.git("checkout", "--quiet", "-b", "other")
    _write(repository, "README", "one\n")
    repository.git("commit", "--quiet", "--no-verify", "--all", "-m", "one")
    repository.git("checkout", "--quiet", "main")
    _write(repository, "README", "two\n")
    repository.git("commit", "--quiet", "--no-verify", "--all", "-m", "two")
    run("git", "merge", "other", cwd=repository.folder)
    done = run("gate", "hook", "staged", cwd=repository.folder)
    assert done.returncode == 3
    assert "what is staged is no tree" in done.stderr


@pytest.fixture(scope="module")
def hooks_repository(tmp_path_factory, run) -> Path:
    """Return a repository that holds what the framework installs: the project's hooks and its package."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder)
    shutil.copytree(PROJECT / "gate", folder / "gate", ignore=shutil.ignore_patterns("__pycache__"))
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    done = run("git", "commit", "--quiet", "-m", "hooks", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def offline(pip_offline, another_gate, environment, tmp_path_factory) -> dict[str, str]:
    """Return the environment of the framework: no index, and the `gate` that is on the PATH is not the right one."""
    home = str(tmp_path_factory.mktemp("framework"))
    path = f"{another_gate}:{environment['PATH']}"
    return {**pip_offline, "PRE_COMMIT_HOME": home, "PATH": path}


@pytest.fixture
def framework(offline, run) -> Run:
    """Return a function that runs pre-commit offline."""
    return lambda *words, cwd: run("pre-commit", *words, cwd=cwd, env=offline)


def test_the_frameworks_own_run_of_all_files_sees_what_is_committed_already(
    framework, offline, hooks_repository, make_repository, run
):
    revision = run("git", "rev-parse", "HEAD", cwd=hooks_repository).stdout.strip()
    settings = f"repos:\n- repo: {hooks_repository}\n  rev: {revision}\n  hooks: [{{id: gate-staged}}]\n"
    repository = make_repository({".pre-commit-config.yaml": settings, "old.env": SECRET})
    done = framework("run", "--all-files", cwd=repository.folder)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "old.env:1" in done.stdout
    framework("install", cwd=repository.folder)
    _write(repository, "a.txt", "fine\n")
    repository.git("add", "a.txt")
    done = run("git", "commit", "--message", "change", cwd=repository.folder, env=offline)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_framework_judges_commits_and_pushes(framework, offline, hooks_repository, make_repository, run, tmp_path):
    revision = run("git", "rev-parse", "HEAD", cwd=hooks_repository).stdout.strip()
    settings = (
        f"repos:\n- repo: {hooks_repository}\n  rev: {revision}\n  hooks: [{{id: gate-staged}}, {{id: gate-pushed}}]\n"
    )
    repository = make_repository({".pre-commit-config.yaml": settings})
    bare = tmp_path / "bare.git"
    repository.git("clone", "--quiet", "--bare", repository.folder, bare)
    repository.git("remote", "add", "origin", bare)
    repository.git("fetch", "--quiet", "origin")
    done = framework("install", "--hook-type", "pre-commit", "--hook-type", "pre-push", cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    push = partial(run, "git", "push", "origin", "main", cwd=repository.folder, env=offline)
    commit = partial(run, "git", "commit", "--message", "change", cwd=repository.folder, env=offline)
    _write(repository, "a.txt", "fine\n")
    repository.git("add", "a.txt")
    done = commit()
    assert done.returncode == 0, done.stdout + done.stderr
    done = push()
    assert done.returncode == 0, done.stdout + done.stderr
    _write(repository, "a.env", SECRET)
    repository.git("add", "a.env")
    done = commit()
    assert done.returncode != 0
    assert "a.env:1" in done.stdout + done.stderr
    repository.git("commit", "--quiet", "--no-verify", "--message", "secret")
    done = push()
    assert done.returncode != 0
    assert "a.env:1" in done.stdout + done.stderr

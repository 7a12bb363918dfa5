"""Commits with the hook `pre-commit`, and both hooks under the pre-commit framework, offline."""

import subprocess
import sys
from collections.abc import Callable
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


BUILD = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
BACKEND = """\
from zipfile import ZipFile, ZipInfo

NAME = "stand_in-1-py3-none-any.whl"
FILES = {
    "stand_in-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: stand-in\\nVersion: 1\\n",
    "stand_in-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "stand_in-1.dist-info/RECORD": "",
    "stand_in-1.data/scripts/gate": open("program").read(),
}


def build_wheel(folder, *_, **__):
    with ZipFile(folder + "/" + NAME, "w") as wheel:
        for path, text in FILES.items():
            place = ZipInfo(path)
            place.external_attr = 0o755 << 16
            wheel.writestr(place, text)
    return NAME
"""
"""Builds a wheel whose program `gate` is this one, and needs no other package for it."""


@pytest.fixture(scope="session")
def hooks_repository(tmp_path_factory, run, require) -> Path:
    """Return a repository that holds the project's hooks and a package `gate` that is this one."""
    require("pre-commit")
    folder = tmp_path_factory.mktemp("hooks")
    run("git", "init", "--quiet", cwd=folder)
    (folder / ".pre-commit-hooks.yaml").write_text((PROJECT / ".pre-commit-hooks.yaml").read_text())
    (folder / "pyproject.toml").write_text(BUILD)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "program").write_text(f'#!/bin/sh\nexec "{Path(sys.executable).with_name("gate")}" "$@"\n')
    run("git", "add", "--all", cwd=folder)
    done = run("git", "commit", "--quiet", "-m", "hooks", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def framework(hooks_repository, tmp_path, run) -> Run:
    """Return a function that runs pre-commit offline."""
    environment = {"PRE_COMMIT_HOME": str(tmp_path / "framework"), "PIP_NO_INDEX": "1"}
    return lambda *words, cwd: run("pre-commit", *words, cwd=cwd, env=environment)


def test_the_framework_tries_the_hook_on_what_is_staged(framework, hooks_repository, make_repository):
    repository = make_repository({"README": "hello\n"})
    _write(repository, "a.env", SECRET)
    repository.git("add", "a.env")
    done = framework("try-repo", str(hooks_repository), "gate-staged", "--verbose", cwd=repository.folder)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "a.env:1" in done.stdout, done.stdout
    repository.git("rm", "--quiet", "--force", "a.env")
    done = framework("try-repo", str(hooks_repository), "gate-staged", "--verbose", cwd=repository.folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_framework_judges_a_push(framework, hooks_repository, make_repository, run, tmp_path):
    revision = run("git", "rev-parse", "HEAD", cwd=hooks_repository).stdout.strip()
    settings = f"repos:\n- repo: {hooks_repository}\n  rev: {revision}\n  hooks: [{{id: gate-pushed}}]\n"
    repository = make_repository({".pre-commit-config.yaml": settings})
    bare = tmp_path / "bare.git"
    repository.git("clone", "--quiet", "--bare", repository.folder, bare)
    repository.git("remote", "add", "origin", bare)
    repository.git("fetch", "--quiet", "origin")
    done = framework("install", "--hook-type", "pre-push", cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    environment = {"PRE_COMMIT_HOME": str(tmp_path / "framework"), "PIP_NO_INDEX": "1"}
    repository.commit({"a.txt": "fine\n"})
    done = run("git", "push", "origin", "main", cwd=repository.folder, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    repository.commit({"a.env": SECRET})
    done = run("git", "push", "origin", "main", cwd=repository.folder, env=environment)
    assert done.returncode != 0
    assert "a.env:1" in done.stdout + done.stderr

"""`git push` with the hook installed, into a bare repository beside it."""

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.conftest import GitRepository
from tests.processes import children_of, left_of

TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe0Jc5IE"
SECRET = f"GITHUB_TOKEN={TOKEN}\n"
BAD_DOCKERFILE = """\
FROM debian:latest
ADD http://files.example/tool.tgz /opt/
RUN chmod 777 /srv
"""
BROKEN_LOCK = "{broken"


class Clone:
    """A clone with the hook, and the bare repository it pushes to."""

    def __init__(self, repository, bare: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
        self.folder: Path = repository.folder
        self.git = repository.git
        self.commit = repository.commit
        self.bare = bare
        self._run = run

    def gate(self, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return self._run("gate", *arguments, cwd=self.folder, env=env)

    def push(self, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return self._run("git", "push", *(arguments or ("origin", "main")), cwd=self.folder, env=env)

    def on_remote(self, ref: str) -> str:
        """Return the id that the remote has for `ref`, or nothing."""
        return self.git("ls-remote", self.bare, ref).partition("\t")[0]


@pytest.fixture(scope="session")
def hooked(make_once, run) -> Path:
    """Return a folder with `bare.git` and `project`, its only commit pushed there and the hook installed."""

    def make(folder: Path) -> None:
        (folder / "project").mkdir(parents=True)
        repository = GitRepository(folder / "project", run)
        repository.git("init", "--quiet")
        repository.commit({"README": "hello\n"}, "start")
        repository.git("clone", "--quiet", "--bare", ".", folder / "bare.git")
        repository.git("remote", "add", "origin", "../bare.git")
        repository.git("fetch", "--quiet", "origin")
        installed = run("gate", "hook", "install", cwd=repository.folder)
        assert installed.returncode == 0, installed.stderr

    return make_once("hooked", make)


@pytest.fixture
def make_clone(hooked, tmp_path: Path, run) -> Callable[..., Clone]:
    """Return a function that makes a repository with the hook, from which `files` were pushed."""

    def make(files: dict[str, str] | None = None) -> Clone:
        for name in ("project", "bare.git"):
            shutil.copytree(hooked / name, tmp_path / name, symlinks=True)
        clone = Clone(GitRepository(tmp_path / "project", run), tmp_path / "bare.git", run)
        clone.git("remote", "set-url", "origin", clone.bare)
        if files:
            clone.commit(files, "before the hook")
            clone.git("push", "--quiet", "--no-verify", "origin", "main")
        return clone

    return make


@pytest.fixture
def clone(make_clone) -> Clone:
    return make_clone()


def _is_refused(done: subprocess.CompletedProcess[str], words: str = "gate: FAIL") -> bool:
    """True if git did not push because of a hook that said `words`."""
    return done.returncode != 0 and "failed to push some refs" in done.stderr and words in done.stderr


def test_a_clean_push_passes(clone):
    head = clone.commit({"a.txt": "nothing secret\n"})
    done = clone.push()
    assert done.returncode == 0, done.stderr
    assert "gate: PASS" in done.stderr
    assert clone.on_remote("refs/heads/main") == head


def test_a_push_that_adds_a_secret_is_refused_with_place_rule_and_way_out(clone):
    before = clone.on_remote("refs/heads/main")
    clone.commit({"conf/a.env": f"# settings\n{SECRET}"})
    done = clone.push()
    assert _is_refused(done)
    assert clone.on_remote("refs/heads/main") == before
    for part in ("gate: FAIL", "conf/a.env:2", "Fix:", "gate waive", "--no-verify"):
        assert part in done.stderr
    assert TOKEN not in done.stderr + done.stdout


def test_a_secret_that_the_push_adds_and_takes_away_again_is_refused(clone):
    added = clone.commit({"a.env": SECRET})
    clone.commit({"a.env": "GITHUB_TOKEN=\n"})
    done = clone.push()
    assert _is_refused(done)
    assert "a.env:1" in done.stderr
    assert added[:12] in done.stderr
    assert "rebase -i" in done.stderr


def test_what_is_there_already_does_not_block_an_unrelated_change(make_clone):
    clone = make_clone({"a.env": SECRET, "Dockerfile": BAD_DOCKERFILE})
    clone.commit({"b.txt": "new\n"})
    done = clone.push()
    assert done.returncode == 0, done.stderr


def test_what_is_there_already_does_not_block_edits_of_its_own_file(make_clone):
    clone = make_clone({"a.env": SECRET, "Dockerfile": BAD_DOCKERFILE})
    for number in range(3):
        clone.commit({"a.env": f"# edit {number}\n{SECRET}", "Dockerfile": f"# edit {number}\n{BAD_DOCKERFILE}"})
    done = clone.push()
    assert done.returncode == 0, done.stderr


def test_what_is_there_already_and_comes_to_a_further_file_is_refused(make_clone):
    clone = make_clone({"a.env": SECRET})
    clone.commit({"a.env": SECRET + "MORE=1\n", "b.env": SECRET})
    done = clone.push()
    assert _is_refused(done)
    assert "b.env:1 in commit" in done.stderr


def test_taking_away_what_was_there_in_two_steps_does_not_block(make_clone):
    clone = make_clone({"a.env": SECRET})
    clone.commit({"a.env": f"# to be cleaned\n{SECRET}"})
    clone.commit({"a.env": "GITHUB_TOKEN=\n"})
    done = clone.push()
    assert done.returncode == 0, done.stderr


def test_a_worse_dockerfile_is_refused(clone):
    clone.commit({"Dockerfile": BAD_DOCKERFILE})
    done = clone.push()
    assert _is_refused(done)
    assert "Dockerfile:" in done.stderr


def test_only_what_is_committed_is_judged(clone):
    clone.commit({"a.txt": "fine\n"})
    (clone.folder / "a.env").write_text(SECRET)
    assert clone.push().returncode == 0


def test_a_mended_push_passes_after_the_refusal(clone):
    clone.commit({"a.env": SECRET})
    assert _is_refused(clone.push())
    clone.git("reset", "--quiet", "--soft", "HEAD^")
    clone.commit({"a.env": "GITHUB_TOKEN=\n"})
    done = clone.push()
    assert done.returncode == 0, done.stderr


def test_a_waived_finding_does_not_block(clone):
    clone.commit({"a.env": SECRET})
    refused = clone.push().stderr
    waivers = [line.split("gate waive ")[1].split()[0] for line in refused.splitlines() if "gate waive " in line]
    for fingerprint in waivers:
        done = clone.gate("waive", fingerprint, "--owner", "a", "--reason", "a test's", "--until", "2099-01-01")
        assert done.returncode == 0, done.stderr
    clone.commit({}, "the waiver")
    done = clone.push("origin", "main:refs/heads/topic")
    assert done.returncode == 0, done.stderr
    assert _is_refused(clone.push()), "on a protected branch it counts once it is there"


def test_a_new_branch_is_judged_from_where_it_left_the_remote(make_clone):
    clone = make_clone({"a.env": SECRET})
    clone.git("switch", "--quiet", "--create", "feature")
    clone.commit({"b.txt": "fine\n"})
    assert clone.push("origin", "feature").returncode == 0
    clone.git("switch", "--quiet", "--create", "other")
    clone.commit({"c.env": SECRET})
    done = clone.push("origin", "other")
    assert _is_refused(done)
    assert "c.env:1" in done.stderr
    assert "a.env:1" not in done.stderr


def test_a_new_branch_on_a_commit_of_the_remote_is_not_judged(make_clone):
    clone = make_clone({"a.env": SECRET})
    done = clone.push("origin", "main:refs/heads/copy")
    assert done.returncode == 0, done.stderr
    assert "gate:" not in done.stderr


def test_the_first_push_to_an_empty_remote_is_judged_as_a_whole(make_clone, tmp_path):
    clone = make_clone({"a.env": SECRET})
    clone.git("init", "--quiet", "--bare", tmp_path / "empty.git")
    clone.git("remote", "add", "empty", tmp_path / "empty.git")
    done = clone.push("empty", "main")
    assert _is_refused(done)
    assert "a.env:1" in done.stderr


def test_a_push_to_an_address_without_a_name_is_judged(clone):
    clone.commit({"b.env": SECRET})
    done = clone.push(str(clone.bare), "main")
    assert _is_refused(done)
    assert "b.env:1" in done.stderr


def test_what_a_merge_brings_from_the_remote_does_not_block(clone):
    clone.git("switch", "--quiet", "--create", "feature")
    clone.commit({"b.txt": "fine\n"})
    assert clone.push("origin", "feature").returncode == 0
    clone.git("switch", "--quiet", "main")
    clone.commit({"a.env": SECRET, "Dockerfile": BAD_DOCKERFILE})
    assert clone.push("--no-verify", "origin", "main").returncode == 0
    clone.git("switch", "--quiet", "feature")
    clone.git("merge", "--quiet", "--no-edit", "main")
    done = clone.push("origin", "feature")
    assert done.returncode == 0, done.stderr


def test_a_forced_push_is_judged_by_what_it_adds(clone):
    clone.commit({"a.txt": "one\n"})
    assert clone.push().returncode == 0
    clone.git("reset", "--quiet", "--hard", "HEAD^")
    clone.commit({"a.env": SECRET})
    assert _is_refused(clone.push("--force", "origin", "main"))


def test_a_deletion_passes(clone):
    assert clone.push("origin", "main:refs/heads/old").returncode == 0
    done = clone.push("origin", "--delete", "old")
    assert done.returncode == 0, done.stderr
    assert not clone.on_remote("refs/heads/old")


@pytest.mark.parametrize("kind", [("tag",), ("tag", "--annotate", "--message", "one")], ids=["light", "annotated"])
def test_a_tag_is_judged_by_the_commit_it_names(clone, kind):
    clone.commit({"a.env": SECRET})
    clone.git(*kind, "v1")
    done = clone.push("origin", "v1")
    assert _is_refused(done)
    assert "a.env:1" in done.stderr


def test_a_tag_of_something_else_than_a_commit_is_refused_in_words(clone):
    clone.git("tag", "tree", "HEAD^{tree}")
    done = clone.push("origin", "tree")
    assert _is_refused(done, "is not a commit")
    assert "--no-verify" in done.stderr


def test_one_bad_ref_among_several_refuses_all(clone):
    clone.git("branch", "good")
    clone.git("switch", "--quiet", "--create", "bad")
    clone.commit({"a.env": SECRET})
    done = clone.push("origin", "good", "bad")
    assert _is_refused(done)
    assert not clone.on_remote("refs/heads/good")


def test_a_dry_run_is_judged_as_the_push_would_be(clone):
    before = clone.on_remote("refs/heads/main")
    clone.commit({"a.txt": "fine\n"})
    done = clone.push("--dry-run", "origin", "main")
    assert done.returncode == 0, done.stderr
    assert "gate: PASS" in done.stderr
    clone.commit({"a.env": SECRET})
    assert _is_refused(clone.push("--dry-run", "origin", "main"))
    assert clone.on_remote("refs/heads/main") == before


def test_a_shallow_clone_is_judged_by_what_it_adds(make_clone, make_repository, run, tmp_path):
    full = make_clone({"old.env": SECRET})
    full.commit({"a.txt": "second\n"})
    assert full.push().returncode == 0
    run("git", "clone", "--quiet", "--depth", "1", f"file://{full.bare}", tmp_path / "shallow", cwd=tmp_path)
    shallow = Clone(GitRepository(tmp_path / "shallow", run), full.bare, run)
    assert (shallow.folder / ".git/shallow").exists()
    assert shallow.gate("hook", "install").returncode == 0
    head = shallow.commit({"a.txt": "third\n"})
    done = shallow.push()
    assert done.returncode == 0, done.stderr
    assert shallow.on_remote("refs/heads/main") == head
    shallow.commit({"a.env": SECRET})
    done = shallow.push()
    assert _is_refused(done)
    assert "a.env:1" in done.stderr


def test_a_repository_with_sha_256_ids_is_judged(run, tmp_path):
    bare, folder = tmp_path / "bare.git", tmp_path / "project"
    run("git", "init", "--quiet", "--bare", "--object-format=sha256", bare, cwd=tmp_path)
    run("git", "init", "--quiet", "--object-format=sha256", folder, cwd=tmp_path)
    clone = Clone(GitRepository(folder, run), bare, run)
    clone.git("remote", "add", "origin", bare)
    assert clone.gate("hook", "install").returncode == 0
    head = clone.commit({"a.txt": "first\n"})
    done = clone.push()
    assert done.returncode == 0, done.stderr
    assert len(head) == 64
    assert clone.on_remote("refs/heads/main") == head
    clone.commit({"a.env": SECRET})
    assert _is_refused(clone.push())
    clone.git("push", "--quiet", "--no-verify", "origin", "main:refs/heads/other")
    done = clone.push("origin", "--delete", "other")
    assert done.returncode == 0, done.stderr


def test_no_verify_passes_in_an_emergency(clone):
    head = clone.commit({"a.env": SECRET})
    assert clone.push("--no-verify", "origin", "main").returncode == 0
    assert clone.on_remote("refs/heads/main") == head


def test_an_interrupted_push_leaves_nothing_behind(clone, environment, require, tmp_path):
    """As a terminal does for Ctrl-C: every process of the push gets the signal, git and the gate's workers too."""
    text = "".join(f"password_{number} = 'hunter{number * 7919}'\n" for number in range(3000))
    commit = clone.commit({f"{number}.py": text for number in range(120)})
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [require("git"), "push", "origin", "main"]
    settings = {**environment, "TMPDIR": str(temporary)}
    push = subprocess.Popen(
        command,
        cwd=clone.folder,
        env=settings,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # the tests may run under `nohup`
    )
    deadline = time.monotonic() + 30
    while not (workers := _workers_of(push.pid)) and time.monotonic() < deadline:
        time.sleep(0.01)
    everything = children_of(push.pid)
    os.killpg(push.pid, signal.SIGINT)
    _, said = push.communicate(timeout=30)
    assert workers
    assert push.returncode != 0, said
    assert clone.on_remote("refs/heads/main") != commit
    assert left_of(everything) == []
    assert list(temporary.iterdir()) == [], said
    assert list((clone.folder / ".git").rglob("*.lock")) == []
    assert clone.git("status", "--porcelain") == ""


def _workers_of(process: int) -> set[int]:
    """Return the processes that the gate has forked for its work; git and the hook's shell are above it."""
    judging = {one for one in children_of(process) if b"\0hook\0run\0" in _command_of(one)}
    return {worker for one in judging for worker in children_of(one) & judging}


def _command_of(process: int) -> bytes:
    """Return the words of a process's command; none if it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_what_cannot_be_read_refuses_the_push_and_is_named(clone):
    clone.commit({"package-lock.json": BROKEN_LOCK})
    done = clone.push()
    assert _is_refused(done, "gate: INCOMPLETE")
    assert "package-lock.json" in done.stderr
    assert "--no-verify" in done.stderr


def test_settings_that_are_wrong_refuse_the_push_and_are_named(clone):
    clone.commit({"gate.yaml": "no_such_key: 1\n"})
    done = clone.push()
    assert _is_refused(done, "no_such_key")


def test_settings_of_the_repository_hold(clone):
    clone.commit({"gate.yaml": "stages: {secrets: {enabled: false}}\n"})
    assert clone.push().returncode == 0
    clone.commit({"a.env": SECRET})
    done = clone.push()
    assert done.returncode == 0, done.stderr


def test_settings_that_are_pushed_to_a_protected_branch_hide_nothing_that_comes_with_them(clone):
    clone.commit({"gate.yaml": "stages: {secrets: {enabled: false}}\n", "a.env": SECRET})
    assert _is_refused(clone.push())
    assert clone.push("origin", "main:refs/heads/topic").returncode == 0
    assert _is_refused(clone.push()), "that another branch has them already changes nothing"
    assert _is_refused(clone.push("origin", "main:refs/heads/release/1.0"))


def test_a_push_from_a_linked_working_tree_is_judged(clone, run, tmp_path):
    linked = tmp_path / "linked"
    clone.git("worktree", "add", "--quiet", "-b", "linked", linked)
    (linked / "a.env").write_text(SECRET)
    clone.git("-C", linked, "add", "--all")
    clone.git("-C", linked, "commit", "--quiet", "--message", "secret")
    done = run("git", "push", "origin", "linked", cwd=linked)
    assert _is_refused(done)
    assert "a.env:1" in done.stderr


def test_nothing_to_push_says_nothing(clone, run):
    done = run("gate", "hook", "run", "origin", str(clone.bare), cwd=clone.folder)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_porcelain_output_is_gits_alone(clone):
    clone.commit({"a.txt": "fine\n"})
    done = clone.push("--porcelain", "origin", "main")
    assert "gate" not in done.stdout


def test_code_of_the_repository_is_not_run(clone):
    trap = "open('ran', 'w').close()\n"
    clone.commit({"gate/__init__.py": trap, "argparse.py": trap, "msgspec.py": trap, "sitecustomize.py": trap})
    done = clone.push()
    assert done.returncode == 0, done.stderr
    assert not (clone.folder / "ran").exists()


def test_what_the_repository_holds_is_no_plugin(clone):
    allowed = {"GATE_ALLOW": "plugins"}
    trap = "open('ran', 'w').close()\n"
    offered = "[gate.stages]\ntrap = trap\n[gate.dockerfile_rules]\ntrap = trap\n"
    about = "trap-1.dist-info"
    clone.commit({"trap.py": trap, f"{about}/METADATA": "Name: trap\n", f"{about}/entry_points.txt": offered})
    for settings in ("plugins: {trap: {}}\n", "stages: {dockerfile: {plugins: [trap]}}\n"):
        clone.commit({"gate.yaml": settings})
        assert _is_refused(clone.push(), "a repository cannot decide")
        topic = ("origin", "main:refs/heads/topic")
        assert _is_refused(clone.push(*topic, env=allowed), "no installed package offers")
    assert clone.gate("run", env=allowed).returncode == 2
    assert not (clone.folder / "ran").exists()


# The hook as a file


def _write_hook(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def plain(make_repository, tmp_path, run) -> Clone:
    """Return a clone without the hook."""
    repository = make_repository({"README": "hello\n"})
    bare = tmp_path / "bare.git"
    repository.git("init", "--quiet", "--bare", bare)
    repository.git("remote", "add", "origin", bare)
    return Clone(repository, bare, run)


def test_a_hook_that_was_there_runs_first_with_the_same_input_and_can_refuse(plain):
    hook = plain.folder / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    _write_hook(hook, 'printf "%s|" "$@" > seen; cat >> seen; [ ! -e refuse ]')
    assert plain.gate("hook", "install").returncode == 0
    head = plain.git("rev-parse", "HEAD")
    assert plain.push().returncode == 0
    expected = f"origin|{plain.bare}|refs/heads/main {head} refs/heads/main {'0' * 40}\n"
    assert (plain.folder / "seen").read_text() == expected
    (plain.folder / "refuse").touch()
    plain.commit({"b.txt": "fine\n"})
    done = plain.push()
    assert _is_refused(done, "")
    assert "gate:" not in done.stderr


def test_after_a_hook_that_was_there_the_gate_still_refuses(plain):
    _write_hook(plain.folder / ".git/hooks/pre-push", "exit 0")
    plain.gate("hook", "install")
    plain.commit({"a.env": SECRET})
    assert "gate: FAIL" in plain.push().stderr


def test_installing_twice_changes_nothing(plain):
    hook = plain.folder / ".git/hooks/pre-push"
    _write_hook(hook, "exit 0")
    plain.gate("hook", "install")
    first = {path.name: path.read_bytes() for path in hook.parent.glob("pre-push*")}
    assert plain.gate("hook", "install").returncode == 0
    assert {path.name: path.read_bytes() for path in hook.parent.glob("pre-push*")} == first


def test_uninstalling_brings_back_what_was_there(plain):
    hook = plain.folder / ".git/hooks/pre-push"
    _write_hook(hook, "exit 0")
    before = (hook.read_bytes(), stat.S_IMODE(hook.stat().st_mode))
    plain.gate("hook", "install")
    assert plain.gate("hook", "uninstall").returncode == 0
    assert (hook.read_bytes(), stat.S_IMODE(hook.stat().st_mode)) == before
    assert not list(hook.parent.glob("pre-push.*gate*"))


def test_uninstalling_without_a_hook_before_leaves_none(clone):
    clone.gate("hook", "uninstall")
    assert not (clone.folder / ".git/hooks/pre-push").exists()
    clone.commit({"a.env": SECRET})
    assert clone.push().returncode == 0


def test_uninstalling_leaves_a_hook_of_others_alone(plain):
    hook = plain.folder / ".git/hooks/pre-push"
    _write_hook(hook, "exit 7")
    done = plain.gate("hook", "uninstall")
    assert done.returncode == 0
    assert "The gate has no hook" in done.stdout
    assert "exit 7" in hook.read_text()


def test_no_hook_is_lost_when_another_program_wrote_over_the_gates(plain):
    hook = plain.folder / ".git/hooks/pre-push"
    _write_hook(hook, "exit 1")
    plain.gate("hook", "install")
    _write_hook(hook, "exit 2")
    done = plain.gate("hook", "install")
    assert done.returncode == 2
    assert "pre-push.before-gate" in done.stderr
    assert "exit 2" in hook.read_text()
    assert "exit 1" in hook.with_name("pre-push.before-gate").read_text()


@pytest.mark.parametrize("place", [".githooks", "../hooks of many"], ids=["inside", "outside"])
def test_core_hookspath_is_respected(plain, place):
    plain.git("config", "core.hooksPath", plain.folder / place)
    done = plain.gate("hook", "install")
    assert done.returncode == 0, done.stderr
    assert (plain.folder / place / "pre-push").exists()
    assert not (plain.folder / ".git/hooks/pre-push").exists()
    assert ("every repository that uses it" in done.stdout) == place.startswith("..")
    plain.git("add", "--force", ".")
    plain.commit({"a.env": SECRET})
    assert _is_refused(plain.push())


def test_hooks_of_the_whole_system_are_left_alone(plain, tmp_path):
    (tmp_path / "gitconfig").write_text(f"[core]\nhooksPath = {tmp_path}/shared\n")
    done = plain.gate(
        "hook", "install", env={"GIT_CONFIG_SYSTEM": str(tmp_path / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "0"}
    )
    assert done.returncode == 2
    assert "core.hooksPath" in done.stderr
    assert not (tmp_path / "shared").exists()


def test_without_a_repository_there_is_nothing_to_install(run, tmp_path):
    done = run("gate", "hook", "install", cwd=tmp_path)
    assert done.returncode == 2
    assert "repository" in done.stderr


def _make_interpreter_vanish(hook: Path) -> None:
    lines = hook.read_text().splitlines(keepends=True)
    hook.write_text("".join("python=/nowhere/python\n" if line.startswith("python=") else line for line in lines))


def test_when_the_interpreter_is_gone_gate_is_found_on_the_path(clone):
    _make_interpreter_vanish(clone.folder / ".git/hooks/pre-push")
    clone.commit({"a.env": SECRET})
    assert "gate: FAIL" in clone.push().stderr


def test_when_the_gate_is_gone_the_push_is_refused_in_words(clone, require):
    _make_interpreter_vanish(clone.folder / ".git/hooks/pre-push")
    clone.commit({"a.txt": "fine\n"})
    path = os.pathsep.join({str(Path(require(name)).parent) for name in ("git", "sh", "cat")})
    done = clone.push(env={"PATH": path})
    assert _is_refused(done, "not found")
    assert "--no-verify" in done.stderr

"""The command line as scripts meet it: exit status, standard output for findings, standard error for the rest."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.model import Tree
from gate.model.report import VerdictStatus
from tests.cli.conftest import Gate

pytestmark = pytest.mark.every_python

BAD_DOCKERFILE = "FROM debian:latest\nRUN chmod 777 /srv\n"
MakeTree = Callable[[dict[str, str | bytes]], Tree]


def judged(gate: Gate, root: str, *words: str) -> dict[str, object]:
    gate("run", root, "--offline", "--report", f"json={root}/../report.json", *words)
    report: dict[str, object] = json.loads((Path(root).parent / "report.json").read_text())
    return report


def test_every_verdict_has_its_exit_status() -> None:
    assert {one.value: one.exit_status for one in VerdictStatus} == {"pass": 0, "fail": 1, "incomplete": 3}


def test_version(gate: Gate) -> None:
    assert gate("--version").stdout.startswith("gate ")


def test_help_lists_the_commands(gate: Gate) -> None:
    assert "waive" in gate("--help").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu"], "Did you mean run?"),
        (["run", "--ofline"], "Did you mean --offline?"),
        (["run", "./nowhere"], "no such folder"),
        (["run", "archive:nowhere.tar"], "archive:nowhere.tar: there is no such file"),
        (["run", "readme.txt"], "is a file, not a folder"),
        (["run", "--config", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["run", "--report", "junti=x"], "junit"),
        (["waive", "f", "--reason", "r", "--until", "2099-01-01"], "--owner"),
        (["waive", "f" * 32, "--reason", "r", "--owner", "o", "--until", "tomorrow"], "YYYY-MM-DD"),
        (["waive", "f" * 32, "--reason", "r", "--owner", "o", "--until", "2020-01-01"], "past"),
        (["waive", "DL3008", "--reason", "r", "--owner", "o", "--until", "2099-01-01"], "--rule ID with --path"),
        (["schema"], "{report,config}"),
    ],
)
def test_wrong_usage_is_status_2_and_says_the_right_form(
    gate: Gate, make_tree: MakeTree, words: list[str], said: str
) -> None:
    done = gate(*words, cwd=make_tree({"readme.txt": "x"}).root)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_bad_dockerfile_fails(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    done = gate("run", root, "--stage", "dockerfile")
    assert done.returncode == 1
    assert done.stdout.rstrip().splitlines()[-1].startswith("FAIL")
    assert "dockerfile" in done.stderr


def test_nothing_to_look_at_is_skipped_with_a_reason(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"readme.txt": "x"}).root
    done = gate("run", root, "--stage", "dockerfile")
    assert done.returncode == 0
    assert "no Dockerfile" in done.stdout
    assert "there was nothing to look at" in done.stdout


def test_an_empty_folder_is_no_pass_and_the_message_says_how_it_is_one(gate: Gate, make_tree: MakeTree) -> None:
    done = gate("run", make_tree({}).root, "--offline")
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1].startswith("INCOMPLETE: no stage found anything to check")
    assert "--stage" in done.stdout
    assert "gate explain" not in done.stdout  # which would ask for a fingerprint, and there is none


def test_the_parts_of_a_run_that_found_nothing_are_no_pass_together(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({}).root
    parts = [f"{root}-{index}.json" for index in (1, 2)]
    for index, part in enumerate(parts, 1):
        done = gate("run", root, "--offline", "--shard", f"{index}/2", "--report", f"json={part}")
        assert done.returncode == 0
    assert gate("merge", *parts).returncode == 3


def test_a_broken_lockfile_is_incomplete_and_the_other_stages_report(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE, "package-lock.json": "{broken"}).root
    done = gate("run", root, "--offline")
    assert done.returncode == 3
    assert done.stdout.rstrip().splitlines()[-1].startswith("INCOMPLETE")
    assert "package-lock.json" in done.stdout
    assert "chmod 777" in done.stdout


def test_a_waived_finding_does_not_block(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    for finding in judged(gate, root, "--stage", "dockerfile")["findings"]:  # type: ignore[attr-defined]
        words = ["--reason", "a test", "--owner", "me", "--until", "2099-01-01"]
        assert gate("waive", finding["fingerprint"], *words, cwd=root).returncode == 0
    assert gate("run", root, "--stage", "dockerfile").returncode == 0


def test_since_judges_only_what_came_after(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    commit = ["git", "-C", root, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qam", "change"]
    subprocess.run(["git", "init", "-q", "-b", "main", root], check=True)
    subprocess.run(["git", "-C", root, "add", "-A"], check=True)
    subprocess.run(commit, check=True)
    assert gate("run", root, "--stage", "dockerfile", "--since", "main").returncode == 0
    Path(root, "Dockerfile").write_text("# moved down\n" + BAD_DOCKERFILE)
    assert gate("run", root, "--stage", "dockerfile", "--since", "main").returncode == 0
    Path(root, "Dockerfile").write_text(BAD_DOCKERFILE + "RUN chmod 777 /etc\n")
    assert gate("run", root, "--stage", "dockerfile", "--since", "main").returncode == 1
    assert gate("run", root, "--stage", "dockerfile", "--since", "nowhere").returncode == 2
    Path(root, "Dockerfile").write_text(BAD_DOCKERFILE)
    subprocess.run(["git", "-C", root, "mv", "Dockerfile", "web.Dockerfile"], check=True)
    assert gate("run", root, "--stage", "dockerfile", "--since", "main").returncode == 0


def test_two_runs_give_the_same_report_but_for_the_times(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE, "a.env": "PASSWORD=hunter2hunter2\n"}).root
    words = ("--skip", "dependencies")
    first, second = judged(gate, root, *words), judged(gate, root, *words)
    for report in (first, second):
        for stage in report["stages"]:  # type: ignore[attr-defined]
            del stage["duration_s"], stage["started_at"], stage["finished_at"]
    assert first == second


def test_an_organisations_policy_cannot_be_loosened(gate: Gate, make_tree: MakeTree, tmp_path: Path) -> None:
    root = make_tree(
        {
            "Dockerfile": BAD_DOCKERFILE,
            "gate.yaml": "policy: {rules: [{id: none, why: w, when: {stage: dockerfile}, effect: ignore}]}\n",
        }
    ).root
    policy = tmp_path / "policy.yaml"
    policy.write_text("rules: [{id: strict, why: The team says so., when: {severity: high}}]\n")
    assert gate("run", root, "--stage", "dockerfile").returncode == 0
    assert gate("run", root, "--stage", "dockerfile", "--policy", str(policy)).returncode == 1


def test_an_image_of_the_settings_that_is_not_built_is_incomplete_and_the_others_report(
    gate: Gate, make_tree: MakeTree
) -> None:
    settings = "images: [{ref: 'archive:build/shop.tar'}]\n"
    root = make_tree({"Dockerfile": BAD_DOCKERFILE, "gate.yaml": settings}).root
    done = gate("run", root, "--skip", "dependencies")
    assert done.returncode == 3
    assert "shop.tar: is not there" in done.stdout
    assert "chmod 777" in done.stdout


def test_a_waiver_belongs_to_the_folder_that_is_judged(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"shop/Dockerfile": BAD_DOCKERFILE}).root
    words = ["--reason", "r", "--owner", "o", "--until", "2099-01-01", "--target", "shop"]
    assert gate("waive", "f" * 32, *words, cwd=root).returncode == 0
    assert Path(root, "shop", ".gate", "waivers.yaml").exists()


def test_a_bug_is_incomplete_and_says_where_but_not_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import gate.cli.rules

    def fail(_: object) -> int:
        raise KeyError("the value of a secret")

    monkeypatch.setattr(gate.cli.rules, "run", fail)
    assert gate.cli.main(["rules"]) == 3
    said = capsys.readouterr().err
    assert "internal error (KeyError at" in said
    assert "test_cli.py" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (">&-", 2, "gate: standard output is closed. Redirect it to /dev/null if you do not need it\n"),
        ("> /dev/null 2>&-", 1, ""),
        ("> /dev/full", 3, "gate: the report cannot be printed (No space left on device). Write it with --report\n"),
    ],
)
def test_where_nothing_can_be_printed_it_is_no_pass(
    make_tree: MakeTree, own_cache: Path, words: str, status: int, said: str
) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    command = f"{sys.executable} -m gate run . --offline --stage dockerfile --quiet {words}"
    done = subprocess.run(["sh", "-c", command], cwd=root, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", said)


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    command = f"rmdir {tmp_path / 'gone'}; exec {sys.executable} -m gate rules"
    (tmp_path / "gone").mkdir()
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path / "gone", capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (
        2,
        "gate: the current folder cannot be entered (No such file or directory). Change to another\n",
    )


BROKEN_INSIDE = """
import sys
from gate.pipeline import workers

def broken(*_): raise BrokenPipeError
workers.Pool._receive = broken

from gate.cli import main
sys.exit(main(["run", sys.argv[1], "--stage", "secrets", "--no-cache"]))
"""


def test_a_broken_pipe_inside_is_not_taken_for_a_closed_output(make_tree: MakeTree, own_cache: Path) -> None:
    command = [sys.executable, "-c", BROKEN_INSIDE, make_tree({"a.py": "x = 1\n"}).root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 3
    assert "gate: internal error (BrokenPipeError at" in done.stderr


def test_an_output_that_nobody_reads_is_no_bug(make_tree: MakeTree, own_cache: Path) -> None:
    command = f"{sys.executable} -m gate rules --format markdown 2>err | head -c 1 >/dev/null; cat err"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, cwd=make_tree({}).root
    )
    assert "internal error" not in done.stdout


@pytest.mark.parametrize("command", [("--version",), ("run", ".", "--stage", "dockerfile", "--offline")])
def test_as_a_module_it_imports_nothing_from_the_current_folder(tmp_path: Path, command: tuple[str, ...]) -> None:
    for name in ("typing", "re", "argparse", "msgspec", "yaml", "gc", "atexit"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w')\n")
    done = subprocess.run([sys.executable, "-m", "gate", *command], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()

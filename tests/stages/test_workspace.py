"""The workspace stage as a whole."""

from collections.abc import Callable
from pathlib import Path

from gate import run
from gate.model import StageStatus, Status, Tree
from gate.pipeline.context import LocalContext
from gate.stages import workspace
from tests.conftest import GitRepository

TASKS = '{"tasks": [\n {"label": "a", "command": "make",\n  "runOptions": {"runOn": "folderOpen"}}]}'


def test_a_task_on_open_is_found_and_listed(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    result = workspace.run(make_tree({".vscode/tasks.json": TASKS}), make_context())
    assert {(one.rule, one.location.line) for one in result.findings} == {("GW001", 2)}
    (line,) = result.facts["what_runs"]  # type: ignore[misc]
    assert line.startswith("open: VS Code runs task a: make")


def test_what_cannot_be_read_is_an_error_that_names_it(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    result = workspace.run(make_tree({".vscode/tasks.json": "{"}), make_context())
    (error,) = result.errors
    assert (error.path or "").startswith(".vscode/tasks.json")


def test_a_tree_without_such_files_is_skipped(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    assert workspace.run(make_tree({"a.py": ""}), make_context()).status is StageStatus.SKIPPED


AGENT = '{"permissions": {"allow": ["Bash(*)"]}}'


def test_only_what_a_change_adds_blocks(make_repository: Callable[..., GitRepository], own_cache: Path) -> None:
    repository = make_repository()
    base = repository.commit({"a/.claude/settings.json": AGENT})
    repository.commit({".claude/settings.json": AGENT})
    others = {"dependencies": {"enabled": False}, "secrets": {"enabled": False}}
    report = run(str(repository.root), settings={"offline": True, "since": base, "stages": others})
    found = {one.location.path: (one.status, one.blocking) for one in report.findings if one.stage == "workspace"}
    assert found == {
        "a/.claude/settings.json": (Status.EXISTING, False),
        ".claude/settings.json": (Status.NEW, True),
    }

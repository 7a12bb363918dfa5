"""The workspace stage as a whole."""

from collections.abc import Callable

from gate.model import StageStatus, Tree
from gate.pipeline.context import LocalContext
from gate.stages import workspace

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

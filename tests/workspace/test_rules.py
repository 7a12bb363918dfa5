"""The rules on workspaces: each catches its example, `PATH: text`, and nothing in the corrected one.

They come by `gate/workspace/readers/vscode.py`, and `gate/workspace/what_runs.py` lists them.
"""

import shutil
from collections.abc import Callable

import pytest

from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.stages import workspace
from gate.workspace.rules import all_rules


def caught(example: str, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> set[str]:
    path, _, text = example.partition(": ")
    target = make_tree({path: text})
    result = workspace.run(target, make_context())
    shutil.rmtree(target.root)
    assert not result.errors
    return {one.rule for one in result.findings}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_catches_its_example_and_not_the_corrected_one(
    rule: object, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    about = rule.description  # type: ignore[attr-defined]
    assert about.id in caught(about.bad, make_tree, make_context)
    assert about.id not in caught(about.good, make_tree, make_context)


FEATURES = [
    ("registry.example/tools/node", True),
    ("registry.example:5000/tools/node:latest", True),
    ("registry.example/tools/node:1", False),
    ("registry.example/tools/node@sha256:00", False),
    ("./node", False),
    ("https://tools.example/node.tgz", False),
    ("node", False),
]


@pytest.mark.parametrize(("feature", "is_found"), FEATURES)
def test_a_feature_of_a_container_without_a_version_is_found(
    feature: str, is_found: bool, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    example = f'.devcontainer/devcontainer.json: {{"image": "a", "features": {{"{feature}": {{}}}}}}'
    assert ("GW005" in caught(example, make_tree, make_context)) is is_found


def test_what_the_lockfile_of_a_container_resolved_is_exact(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    lock = '{"features": {"r.example/a": {"version": "1.2.0", "resolved": "r.example/a@sha256:00"}}}'
    files = {
        ".devcontainer.json": '{"features": {"r.example/a": {}, "r.example/b": {}}}',
        ".devcontainer-lock.json": lock,
    }
    (finding,) = workspace.run(make_tree(files), make_context()).findings
    assert "r.example/b has no exact version" in finding.message


@pytest.mark.parametrize(("goal", "is_found"), [("setup", True), ("lint", False)])
def test_what_a_goal_of_make_fetches_is_found_where_it_is_called(
    goal: str, is_found: bool, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    files = {
        ".devcontainer.json": f'{{"initializeCommand": "make {goal}"}}',
        "Makefile": "setup:\n\t@curl -s https://tools.example/setup.sh | sh\nlint:\n\truff check\n",
    }
    findings = workspace.run(make_tree(files), make_context()).findings
    found = [(one.location.path, one.location.line) for one in findings if one.rule == "GW002"]
    assert found == ([("Makefile", 1)] if is_found else [])


HOOKS = '{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "./start.sh"}]}]}}'


@pytest.mark.parametrize(("path", "is_found"), [(".claude/settings.json", True), ("plugins/a/hooks/hooks.json", False)])
def test_a_plugins_hook_does_not_start_with_the_folder(
    path: str, is_found: bool, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    assert ("GW001" in caught(f"{path}: {HOOKS}", make_tree, make_context)) is is_found

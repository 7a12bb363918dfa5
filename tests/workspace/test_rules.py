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

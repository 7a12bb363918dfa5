"""Whether a change edits a pipeline that runs the gate, which `gate/trees/changes.py` may rule out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.ci.judging import edited_pipelines, may_differ
from gate.model import Tree
from gate.trees import FileTree, open_tree
from tests.conftest import GitRepository

PLACE = ".github/workflows/check.yml"
USES = "steps:\n  - uses: octo/security-gate/actions/gate@v1\n"


def tree(folder: Path, files: dict[str, str]) -> FileTree:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    folder.mkdir(exist_ok=True)
    return open_tree(Tree(root=str(folder), name="t"))


@pytest.mark.parametrize(
    ("before", "now", "edited"),
    [
        ({PLACE: USES}, {PLACE: USES + "    continue-on-error: true\n"}, (PLACE,)),
        ({PLACE: USES}, {}, (PLACE,)),
        ({}, {PLACE: USES}, (PLACE,)),
        ({PLACE: USES}, {PLACE: USES}, ()),
        ({PLACE: "steps: [{run: make}]\n"}, {PLACE: "steps: [{run: make all}]\n"}, ()),
        (
            {".gitlab-ci.yml": "x: {script: [gate run .]}\n"},
            {".gitlab-ci.yml": "x: {script: [true]}\n"},
            (".gitlab-ci.yml",),
        ),
        ({".buildkite/pipeline.yml": "steps: [{command: gate run .}]\n"}, {}, (".buildkite/pipeline.yml",)),
        ({".gitlab/ci/gate.yml": "x: {script: [gate run .]}\n"}, {}, (".gitlab/ci/gate.yml",)),
        ({".github/actions/check/action.yml": USES}, {}, (".github/actions/check/action.yml",)),
        ({"docs/check.yml": USES}, {}, ()),
        ({PLACE: "steps: [{run: investigate run}]\n"}, {}, ()),
    ],
)
def test_what_runs_the_gate_and_differs_is_named(
    before: dict[str, str], now: dict[str, str], edited: tuple[str, ...], tmp_path: Path
) -> None:
    assert edited_pipelines(tree(tmp_path / "now", now), [tree(tmp_path / "base", before)]) == edited


def test_without_a_base_nothing_is_edited(tmp_path: Path) -> None:
    assert edited_pipelines(tree(tmp_path / "now", {PLACE: USES}), []) == ()


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({PLACE: "steps: []\n"}, True),
        ({PLACE: None}, True),
        ({"deploy/.gitlab-ci.yml": "x: {script: [gate run .]}\n"}, True),
        ({"src/app.py": "print(1)\n", "docs/page.yml": "a: 1\n"}, False),
    ],
)
@pytest.mark.parametrize("folder", [".", "shop"])
def test_git_says_whether_a_definition_may_differ(
    make_repository: Callable[..., GitRepository], change: dict[str, str | bytes | None], differs: bool, folder: str
) -> None:
    repository = make_repository()

    def commit(files: dict[str, str | bytes | None]) -> Tree:
        revision = repository.commit({f"{folder}/{path}": content for path, content in files.items()})
        return Tree(root=str(repository.root / folder), name="t", revision=revision)

    base = commit({PLACE: USES, "src/app.py": "print()\n"})
    own = commit(change)
    assert may_differ(own, base) is differs
    assert not may_differ(own, own)
    working = Tree(root=own.root, name="t")
    assert may_differ(working, base)

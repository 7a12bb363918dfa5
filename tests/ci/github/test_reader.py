"""Workflows and actions of GitHub, read into `gate/ci/github/model.py`."""

import pytest

from gate.ci.github.model import GithubRepository
from gate.ci.github.reader import is_action_path, is_workflow_path, read_action, read_workflow
from gate.core.yaml_values import read_values

TEXT = """\
on: {pull_request_target: {types: [opened]}, push: }
permissions: {contents: read}
env: {A: one}
jobs:
  first:
    runs-on: {group: large, labels: [self-hosted, linux]}
    permissions: write-all
    environment: {name: production}
    steps:
      - id: get
        uses: actions/checkout@v4
        with: {ref: main}
      - run: |
          make
        working-directory: pr
  second:
    needs: first
    uses: ./.github/workflows/other.yml
    secrets: inherit
"""


def test_a_workflow_is_read_with_its_jobs_and_steps() -> None:
    workflow = read_workflow(read_values(TEXT, ".github/workflows/a.yml")[0])
    assert workflow is not None
    assert workflow.triggers["pull_request_target"].texts("types") == ("opened",)
    first, second = workflow.jobs.values()
    assert (first.is_self_hosted, first.environment, first.permissions.writes()) == (
        True,
        "production",
        ("everything",),
    )
    assert [(step.action, step.reference, step.folder) for step in first.steps] == [
        ("actions/checkout", "v4", ""),
        ("", "", "pr"),
    ]
    assert first.steps[1].script is not None
    assert (second.needs, second.inherits_secrets) == (("first",), True)
    assert second.permissions.writes() == ()
    assert second.permissions.is_stated
    repository = GithubRepository(workflows=(workflow,))
    assert repository.workflow_of("./.github/workflows/a.yml") is workflow
    assert list(repository.named(".github/workflows/a.yml")) == [workflow]


@pytest.mark.parametrize("text", ["on: push\n", "jobs: {a: {}}\n", "on: {}\njobs: {a: {}}\n", "on: push\njobs: [a]\n"])
def test_what_has_no_triggers_or_jobs_is_no_workflow(text: str) -> None:
    assert read_workflow(read_values(text, ".github/workflows/a.yml")[0]) is None


def test_an_action_lies_in_a_folder() -> None:
    action = read_action(read_values("runs: {using: composite, steps: [{run: make}]}\n", "tools/a/action.yml")[0])
    assert action is not None
    repository = GithubRepository(actions={action.folder: action})
    assert repository.action_of("./tools/a") is action
    assert repository.action_of("tools/a@v1") is None
    assert read_action(read_values("runs: twice\n", "action.yml")[0]) is None


@pytest.mark.parametrize(
    ("path", "is_workflow", "is_action"),
    [
        (".github/workflows/a.yml", True, False),
        (".github/workflows/lint/a.yml", False, False),
        ("templates/.github/workflows/a.yml", False, False),
        ("action.yaml", False, True),
        ("tools/action.yml", False, True),
        ("tools/reaction.yml", False, False),
    ],
)
def test_a_file_is_known_by_its_place(path: str, is_workflow: bool, is_action: bool) -> None:
    assert (is_workflow_path(path), is_action_path(path)) == (is_workflow, is_action)

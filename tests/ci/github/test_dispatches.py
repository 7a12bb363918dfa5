"""Paths that go on through a workflow which a step starts (`gate/ci/github/dispatches.py`)."""

from pathlib import Path
from textwrap import indent

import pytest

from gate.ci.github import judge
from gate.model import Severity, Tree
from gate.rules import Hit
from gate.trees import open_tree

TITLE = "${{ github.event.issue.title }}"
FIRST = """
on: {issues: {types: [opened]}}
permissions: {actions: write}
jobs:
  sort:
    runs-on: ubuntu-latest
    steps:
"""
SECOND = """
name: Tell
on:
  workflow_dispatch: {inputs: {note: {}}}
  repository_dispatch: {types: [tell]}
permissions: {contents: write}
jobs:
  tell:
    runs-on: ubuntu-latest
    steps:
      - run: echo "USED"
"""
SECOND_STARTS = SECOND.replace('echo "USED"', 'gh workflow run third.yml -f words="USED"')
COMMAND = 'run: gh workflow run tell.yml --ref main -f note="$TITLE" -f other=1\nenv: {TITLE: "' + TITLE + '"}'
SCRIPT = f"""
uses: actions/github-script@v8
with:
  script: |
    await github.rest.actions.createWorkflowDispatch({{
      ...context.repo, workflow_id: 'tell.yml', ref: 'main', inputs: {{ note: `{TITLE}` }}
    }})
""".strip()
ACTION = f'uses: benc-uk/workflow-dispatch@v1\nwith: {{workflow: Tell, inputs: \'{{"note": "{TITLE}"}}\'}}'
EVENT = (
    f'uses: peter-evans/repository-dispatch@v4\nwith: {{event-type: tell, client-payload: \'{{"note": "{TITLE}"}}\'}}'
)
OF_EVENT = "${{ github.event.client_payload.note }}"


def found(folder: Path, step: str, used: str, second: str = SECOND) -> list[Hit]:
    """Return the paths of text into the second workflow."""
    files = {"sort.yml": f"{FIRST}      - {indent(step, ' ' * 8).lstrip()}\n", "tell.yml": second.replace("USED", used)}
    (folder / ".github/workflows").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / ".github/workflows" / name).write_text(text)
    paths = [f".github/workflows/{path.name}" for path in (folder / ".github/workflows").iterdir()]
    judged = judge(open_tree(Tree(root=str(folder), name="t")), paths, ())
    assert not judged.errors
    return [hit for rule, hit in judged.hits if rule.id == "GC102" and not str(hit.path).endswith("sort.yml")]


IN_ENV = "\nenv: {TITLE: '" + TITLE + "'}"
API = "run: gh api repos/o/r/actions/workflows/tell.yml/dispatches -f ref=main -f 'inputs[note]=" + TITLE + "'"
API_EVENT = 'run: gh api repos/o/r/dispatches -f event_type=tell -f "client_payload[note]=$TITLE"' + IN_ENV
CURL = f"""
run: |
  curl -X POST https://api.github.com/repos/o/r/actions/workflows/tell.yml/dispatches \\
    -d "{{\\"ref\\":\\"main\\",\\"inputs\\":{{\\"note\\":\\"$TITLE\\"}}}}"
env: {{TITLE: "{TITLE}"}}
""".strip()
SCRIPT_EVENT = f"""
uses: actions/github-script@v8
with:
  script: |
    await github.rest.repos.createDispatchEvent({{
      ...context.repo, event_type: 'tell', client_payload: {{ note: `{TITLE}` }}
    }})
""".strip()
THIRD = """
on: {workflow_dispatch: {inputs: {words: {}}}}
permissions: {contents: write}
jobs:
  last:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ inputs.words }}"
"""


def test_a_chain_of_workflows_that_start_one_another_is_followed(tmp_path: Path) -> None:
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/third.yml").write_text(THIRD)
    (hit,) = found(tmp_path, COMMAND, '$NOTE"\n        env:\n          NOTE: "${{ inputs.note }}', SECOND_STARTS)
    assert hit.path == ".github/workflows/third.yml"
    assert "then workflow_dispatch of tell.yml, then workflow_dispatch of third.yml: anyone" in hit.message


@pytest.mark.parametrize(
    ("step", "used"),
    [
        (COMMAND, "${{ inputs.note }}"),
        (API, "${{ inputs.note }}"),
        (API_EVENT, OF_EVENT),
        (CURL, "${{ inputs.note }}"),
        (SCRIPT_EVENT, OF_EVENT),
        (COMMAND, "${{ github.event.inputs.note }}"),
        (SCRIPT, "${{ inputs.note }}"),
        (ACTION, "${{ inputs.note }}"),
        (EVENT, OF_EVENT),
    ],
)
def test_text_is_followed_into_the_workflow_that_a_step_starts(step: str, used: str, tmp_path: Path) -> None:
    (hit,) = found(tmp_path, step, used)
    assert hit.severity is Severity.HIGH
    assert "issues, then " in hit.message
    assert "dispatch of tell.yml: anyone who opens an issue → job tell (called by sort.yml)" in hit.message


@pytest.mark.parametrize(
    ("step", "used", "second"),
    [
        (COMMAND, "${{ inputs.other }}", SECOND),
        (COMMAND, "$NOTE", SECOND),
        (COMMAND.replace("tell.yml", "other.yml"), "${{ inputs.note }}", SECOND),
        (COMMAND.replace(TITLE, "fixed"), "${{ inputs.note }}", SECOND),
        (COMMAND, "${{ inputs.note }}", SECOND.replace("workflow_dispatch: {inputs: {note: {}}}", "push:")),
        (EVENT.replace("type: tell", "type: other"), OF_EVENT, SECOND),
        (COMMAND + "\nif: github.event.issue.author_association == 'MEMBER'", "${{ inputs.note }}", SECOND),
    ],
)
def test_what_is_not_handed_over_is_no_path(step: str, used: str, second: str, tmp_path: Path) -> None:
    assert found(tmp_path, step, used, second) == []

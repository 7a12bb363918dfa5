"""Text that members give by hand and that becomes part of a script: a path of low severity (`GC110`)."""

from collections.abc import Callable

import pytest

from gate.ci.github import judge
from gate.model import Severity, Tree
from gate.rules import Hit
from gate.trees import open_tree

MakeTree = Callable[..., Tree]
PATH = ".github/workflows/a.yml"
CALLED = ".github/workflows/called.yml"
INPUTS = "workflow_dispatch: {inputs: {tag: {type: string}, level: {type: choice, options: [a, b]}, note: {}}}"
SCRIPT = "      - run: git tag %s\n"
OWN = "runs:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.name }}\n      shell: bash\ninputs: {name: {}}\n"
REUSABLE = (
    "on: {workflow_call: {inputs: {name: {type: string}}}}\njobs:\n  tag:\n    runs-on: ubuntu-latest\n"
    "    permissions: {contents: write}\n    steps:\n      - run: git tag ${{ inputs.name }}\n"
)
CALLS = f"on: {{{INPUTS}}}\njobs:\n  a:\n    uses: ./{CALLED}\n    with: {{name: '${{{{ inputs.tag }}}}'}}\n"


def workflow(steps: str, trigger: str = INPUTS, permissions: str = "{contents: write}") -> str:
    head = f"on: {{{trigger}}}\npermissions: {permissions}\njobs:\n  a:\n    runs-on: ubuntu-latest\n"
    return f"{head}    steps:\n{steps}"


def found(make_tree: MakeTree, text: str) -> list[Hit]:
    files = {PATH: text, CALLED: REUSABLE, "own/action.yml": OWN}
    judged = judge(open_tree(make_tree(files)), list(files), ())
    return [hit for rule, hit in judged.hits if rule.id == "GC110"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (workflow(SCRIPT % "${{ inputs.tag }}"), "the input tag becomes part of the script"),
        (workflow(SCRIPT % "${{ github.event.inputs.note }}"), "the input note becomes part of the script"),
        (
            workflow(SCRIPT % "${{ inputs.tag }}", permissions="{}").replace("git tag", "X=${{ secrets.X }} git tag"),
            "X",
        ),
        (workflow("      - uses: ./own\n        with: {name: '${{ inputs.tag }}'}\n"), "of own as inputs.name"),
        (
            workflow(SCRIPT % "${{ github.event.client_payload.tag }}", "repository_dispatch: {}"),
            "the caller gives as tag",
        ),
        (CALLS, "job tag (called by a.yml)"),
    ],
)
def test_text_of_a_member_in_a_script_of_a_job_that_holds_much(make_tree: MakeTree, text: str, words: str) -> None:
    (hit,) = found(make_tree, text)
    assert hit.severity is Severity.LOW
    assert "a member" in hit.message
    assert words in hit.message


@pytest.mark.parametrize(
    "text",
    [
        workflow(SCRIPT % "${{ inputs.level }}"),
        workflow(SCRIPT % '"$TAG"' + "        env: {TAG: '${{ inputs.tag }}'}\n"),
        workflow(SCRIPT % "${{ inputs.tag }}", permissions="{contents: read}"),
        workflow(SCRIPT % "${{ inputs.other }}"),
        workflow(SCRIPT % "${{ inputs.tag }}", "push: {}"),
    ],
    ids=["one of a list", "a variable", "a token that reads", "not asked for", "not by hand"],
)
def test_what_is_harmless_is_no_path(make_tree: MakeTree, text: str) -> None:
    assert found(make_tree, text) == []

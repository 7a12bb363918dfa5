"""What jobs need of their token, by what their steps do (`gate/ci/github/token_needs.py`)."""

from collections.abc import Callable
from textwrap import indent

import pytest

from gate.ci.github import read_repository
from gate.ci.github.token_needs import permissions_of
from gate.model import Tree
from gate.trees import open_tree

MakeTree = Callable[..., Tree]
PATH = ".github/workflows/a.yml"
CHECKOUT = "uses: actions/checkout@v4"
FORGETS = f"{CHECKOUT}\nwith: {{persist-credentials: false}}"
TOKEN = "${{ secrets.GITHUB_TOKEN }}"
OWN = "runs:\n  using: composite\n  steps:\n    - uses: peter-evans/create-pull-request@v7\n"


def text_of(*steps: str, more: str = "") -> str:
    listed = "".join(f"      - {indent(step, ' ' * 8).lstrip()}\n" for step in steps)
    return f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n{more}    steps:\n{listed}"


def answer(make_tree: MakeTree, text: str) -> tuple[list[str], str]:
    """Return what the fix of a workflow adds, and why there is none."""
    tree = open_tree(make_tree({PATH: text, "own/action.yml": OWN}))
    repository, reading = read_repository(tree, [PATH, "own/action.yml"])
    (fix,) = permissions_of(repository, reading.texts)
    return ["".join(change.text.split()) for change in fix.changes], fix.why_not


@pytest.mark.parametrize(
    ("steps", "needs"),
    [
        (("run: make test",), []),
        ((CHECKOUT, "run: make test"), ["permissions:contents:read"]),
        ((FORGETS, "run: ./release.sh"), ["permissions:contents:read"]),
        ((CHECKOUT, "uses: softprops/action-gh-release@v2"), ["permissions:contents:write"]),
        (("uses: ./own",), ["permissions:contents:writepull-requests:write"]),
        (("uses: pre-commit/action@v3.0.1",), []),
        (("uses: actions/deploy-pages@v4",), ["permissions:id-token:writepages:write"]),
        (("uses: actions/stale@v9",), ["permissions:actions:writeissues:writepull-requests:write"]),
    ],
)
def test_each_job_gets_what_its_steps_need(make_tree: MakeTree, steps: tuple[str, ...], needs: list[str]) -> None:
    assert answer(make_tree, text_of(*steps)) == (["permissions:{}", *needs], "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (text_of("uses: octo/tool@v1"), "what octo/tool@v1 needs"),
        (text_of(CHECKOUT, "run: ./build.sh"), "may use the token that the checkout leaves on disk"),
        (text_of(CHECKOUT, "run: npm run release"), "may use the token that the checkout leaves on disk"),
        (text_of("run: gh pr list"), "uses the token, and what for is not known"),
        (text_of(f"run: make\nenv: {{TOKEN: '{TOKEN}'}}"), "uses the token, and what for is not known"),
        (text_of(f"uses: ./own\nwith: {{token: '{TOKEN}'}}"), "what ./own needs"),
        (text_of("uses: actions/dependency-review-action@v4\nwith: {comment-summary-in-pr: always}"), "these inputs"),
        (text_of("uses: golangci/golangci-lint-action@v8\nwith: {only-new-issues: true}"), "these inputs"),
        (text_of(f"uses: pre-commit/action@v2\nwith: {{token: '{TOKEN}'}}"), "these inputs"),
        (text_of("run: make", more=f"    env: {{TOKEN: '{TOKEN}'}}\n"), "the job a hands its token"),
        (f"on: push\nenv: {{T: '{TOKEN}'}}\njobs:\n  a: {{steps: []}}\n", "every step gets the token"),
        ("{on: push, jobs: {a: {steps: []}}}\n", "not written in blocks"),
        ("on: push\njobs:\n  a:\n    uses: octo/shop/.github/workflows/b.yml@v1\n", "which the job a calls"),
        ("on: push\njobs:\n  a: {runs-on: b, steps: []}\n", "the job a is not written as a block"),
    ],
)
def test_what_is_not_known_is_no_fix_and_is_said(make_tree: MakeTree, text: str, why: str) -> None:
    changes, said = answer(make_tree, text)
    assert not changes
    assert why in said

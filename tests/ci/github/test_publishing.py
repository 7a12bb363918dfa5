"""Which jobs can publish nothing (`gate/ci/github/publishing.py`), and what follows for remarks on their caches."""

from collections.abc import Callable

import pytest

from gate.ci.github import read_repository
from gate.ci.github.audits import audit_rule
from gate.ci.github.joined import of_releases
from gate.ci.github.publishing import jobs_without_release
from gate.ci.model import JobLines
from gate.model import Severity, Tree, Worth
from gate.rules import Hit
from gate.trees import open_tree

PATH = ".github/workflows/a.yml"
READS = "permissions: {contents: read}\n"
TESTS = "  tests:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/cache@v4\n      - run: make test\n"
OTHER = "  other:\n    needs: tests\n    runs-on: ubuntu-latest\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (READS + "jobs:\n" + TESTS, [(5, 9)]),
        ("jobs:\n" + TESTS, [(4, 8)]),
        ("permissions: {contents: write}\njobs:\n" + TESTS, []),
        ("jobs:\n" + TESTS + "      - run: ./release.sh\n      - uses: octo/tool@v1\n", []),
        (READS + "jobs:\n" + TESTS + "        env: {KEY: '${{ secrets.NPM }}'}\n", []),
        (READS + "jobs:\n" + TESTS.replace("make test", "cargo publish"), []),
        (READS + "jobs:\n" + TESTS + OTHER + "    uses: ./.github/workflows/release.yml\n", []),
        (READS + "jobs:\n" + TESTS + OTHER + "    permissions: {id-token: write}\n    steps: [{run: make}]\n", []),
    ],
)
def test_a_job_can_publish_nothing_without_rights_steps_and_followers(
    make_tree: Callable[..., Tree], text: str, lines: list[tuple[int, int]]
) -> None:
    tree = open_tree(make_tree({PATH: "on: {push: {tags: ['*']}}\n" + text}))
    repository, _ = read_repository(tree, [PATH])
    assert [(one.first, one.last) for one in jobs_without_release(repository)] == lines


@pytest.mark.parametrize(("rights", "is_lowered"), [("contents: write", False), ("checks: write", True)])
def test_another_workflow_may_publish_the_artifacts(
    make_tree: Callable[..., Tree], rights: str, is_lowered: bool
) -> None:
    after = f"on: {{workflow_run: {{workflows: [Tests]}}}}\npermissions: {{{rights}}}\njobs:\n{TESTS}"
    files = {PATH: f"name: Tests\non: push\n{READS}jobs:\n{TESTS}", ".github/workflows/b.yml": after}
    repository, _ = read_repository(open_tree(make_tree(files)), list(files))
    assert (PATH in {one.path for one in jobs_without_release(repository)}) is is_lowered


@pytest.mark.parametrize(
    ("arguments", "publishes"), [("release --clean", True), ("release --clean --skip=publish", False), ("check", False)]
)
def test_goreleaser_publishes_unless_it_is_a_dry_run(
    make_tree: Callable[..., Tree], arguments: str, publishes: bool
) -> None:
    step = f"uses: goreleaser/goreleaser-action@v6\n        with: {{args: '{arguments}'}}"
    text = "on: {push: {tags: ['*']}}\n" + READS + "jobs:\n" + TESTS.replace("- run: make test", f"- {step}")
    repository, _ = read_repository(open_tree(make_tree({PATH: text})), [PATH])
    assert list(jobs_without_release(repository)) == ([] if publishes else [JobLines(PATH, 5, 10)])


def test_only_remarks_on_releases_are_lowered_there() -> None:
    hits = [(audit_rule(id, ""), Hit(message="m", path=PATH, line=5)) for id in ("cache-poisoning", "artipacked")]
    lowered, other = of_releases(hits, [JobLines(PATH, 4, 8)])
    assert (lowered[1].severity, lowered[1].worth) == (Severity.LOW, Worth.LOW)
    assert other == hits[1]
    assert of_releases(hits, [JobLines(PATH, 6, 8)]) == hits

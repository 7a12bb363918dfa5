"""Third parties of GitHub's workflows, and what they receive for certain (`gate/ci/github/parties.py`)."""

from collections.abc import Callable

import pytest

from gate.ci.github import judge
from gate.ci.github.parties import parties_of
from gate.ci.third_parties import third_parties
from gate.declarations.ci import CiSettings
from gate.declarations.section import ThirdPartySettings
from gate.model import Severity, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import ci
from gate.trees import open_tree

MakeTree = Callable[..., Tree]
WORKFLOW = ".github/workflows/a.yml"
PIN = "0123456789abcdef0123456789abcdef01234567"
DIGEST = "sha256:" + "ab" * 32


def found(make_tree: MakeTree, jobs: str, **actions: str) -> list[str]:
    """Return the columns of all third parties of a workflow with these jobs, without their places."""
    text = f"on: push\njobs:\n{jobs}"
    files = {WORKFLOW: text} | {f"tools/{name}/action.yml": action for name, action in actions.items()}
    judged = judge(open_tree(make_tree(files)), sorted(files), ())
    assert judged.errors == ()
    return [party.text.rpartition(" | ")[0] for party in third_parties([judged])]


def steps(make_tree: MakeTree, *lines: str, **actions: str) -> list[str]:
    listed = "".join(f"      - {line}\n" for line in lines)
    return found(make_tree, f"  a:\n    runs-on: ubuntu-latest\n    steps:\n{listed}", **actions)


@pytest.mark.parametrize(
    ("line", "party"),
    [
        ("uses: octo/tool@v1", "action | octo/tool | v1 | not pinned |  | octo"),
        (f"uses: octo/tools/sub@{PIN} # v1", f"action | octo/tools/sub | {PIN} | pinned |  | octo"),
        ("uses: docker://ghcr.io/octo/tool:1", "image | ghcr.io/octo/tool | 1 | not pinned |  | ghcr.io"),
        (f"uses: docker://alpine@{DIGEST}", f"image | alpine | {DIGEST} | pinned |  | library"),
        (
            "{uses: octo/tool@v1, with: {key: '${{ secrets.KEY }}'}}",
            "action | octo/tool | v1 | not pinned | secrets | octo",
        ),
        (
            "{uses: octo/tool@v1, env: {KEY: \"${{ secrets.KEY || 'none' }}\"}}",
            "action | octo/tool | v1 | not pinned | secrets | octo",
        ),
        (
            "{uses: octo/tool@v1, with: {is: \"${{ secrets.KEY != '' }}\", token: '${{ secrets.GITHUB_TOKEN }}'}}",
            "action | octo/tool | v1 | not pinned |  | octo",
        ),
    ],
)
def test_a_step_names_a_party_with_its_pin_and_what_it_gets(make_tree: MakeTree, line: str, party: str) -> None:
    assert steps(make_tree, line) == [party]


@pytest.mark.parametrize(
    "line",
    ["uses: ./tools/own", "uses: ../other", "run: make", "{uses: ./tools/missing, with: {a: '${{ secrets.A }}'}}"],
)
def test_what_is_of_the_repository_is_no_party(make_tree: MakeTree, line: str) -> None:
    assert steps(make_tree, line, own="runs: {using: node20, main: index.js}\n") == []


def test_an_action_gets_the_code_that_a_step_before_it_checked_out(make_tree: MakeTree) -> None:
    got = steps(make_tree, "uses: octo/before@v1", "uses: actions/checkout@v4", "uses: octo/later@v1")
    assert got == [
        "action | octo/before | v1 | not pinned |  | octo",
        "action | actions/checkout | v4 | not pinned | code | actions",
        "action | octo/later | v1 | not pinned | code | octo",
    ]


@pytest.mark.parametrize(
    ("repository", "receives"),
    [("octo/public", ""), ("${{ github.event.pull_request.head.repo.full_name }}", "code"), ("", "code")],
)
def test_the_code_of_another_repository_is_not_its_own(make_tree: MakeTree, repository: str, receives: str) -> None:
    checkout = f"{{uses: actions/checkout@v4, with: {{repository: '{repository}'}}}}"
    got = steps(make_tree, checkout, "uses: octo/tool@v1")
    assert got[1] == f"action | octo/tool | v1 | not pinned | {receives} | octo"


def test_an_action_of_the_repository_hands_on_its_inputs_and_what_it_checks_out(make_tree: MakeTree) -> None:
    own = """runs:
  using: composite
  steps:
    - {uses: octo/first@v1, with: {key: '${{ inputs.Key }}'}}
    - {uses: octo/second@v1, with: {key: '${{ inputs.other }}'}}
    - uses: actions/checkout@v4
"""
    got = steps(make_tree, "{uses: ./tools/own, with: {KEY: '${{ secrets.KEY }}'}}", "uses: octo/after@v1", own=own)
    assert got == [
        "action | octo/after | v1 | not pinned | code | octo",
        "action | octo/first | v1 | not pinned | secrets | octo",
        "action | octo/second | v1 | not pinned |  | octo",
        "action | actions/checkout | v4 | not pinned | code | actions",
    ]


def test_actions_that_use_one_another_in_a_circle_come_to_an_end(make_tree: MakeTree) -> None:
    loop = "runs: {using: composite, steps: [{uses: ./tools/%s}, {uses: ./tools/%s}, {uses: octo/tool@v1}]}\n"
    got = steps(make_tree, "uses: ./tools/one", one=loop % ("two", "two"), two=loop % ("one", "one"))
    assert got == ["action | octo/tool | v1 | not pinned |  | octo"] * 2


def test_the_image_of_a_docker_action_is_one_and_its_own_dockerfile_is_not(make_tree: MakeTree) -> None:
    image = "runs: {using: docker, image: 'docker://octo/tool:1'}\n"
    assert steps(make_tree, "run: make", one=image, two="runs: {using: docker, image: Dockerfile}\n") == [
        "image | octo/tool | 1 | not pinned |  | octo"
    ]


CONTAINERS = """\
  a:
    runs-on: ubuntu-latest
    strategy: {matrix: {image: ['debian:12', 'octo/build:1'], include: [{image: 'ghcr.io/octo/x:2'}]}}
    container: %s
    services:
      db: {image: 'postgres:17', env: {PASSWORD: '${{ secrets.DB }}'}}
      queue: {image: 'redis:7'}
      own: {image: 'ghcr.io/${{ github.repository }}/fake:1'}
    steps: [{uses: actions/checkout@v4}]
"""


def test_containers_get_what_their_job_has_and_services_what_they_are_given(make_tree: MakeTree) -> None:
    got = found(make_tree, CONTAINERS % "{image: 'octo/build:1'}")
    assert got == [
        "image | octo/build | 1 | not pinned | code | octo",
        "service | postgres | 17 | not pinned | secrets | library",
        "service | redis | 7 | not pinned |  | library",
        "action | actions/checkout | v4 | not pinned | code | actions",
    ]


def test_an_image_that_the_matrix_lists_is_each_of_them(make_tree: MakeTree) -> None:
    got = found(make_tree, CONTAINERS % "'${{ matrix.image }}'")
    assert [line for line in got if line.startswith("image")] == [
        "image | debian | 12 | not pinned | code | library",
        "image | ghcr.io/octo/x | 2 | not pinned | code | ghcr.io",
        "image | octo/build | 1 | not pinned | code | octo",
    ]
    assert "image | ${{ inputs.image }} |  | not pinned | code | " in found(
        make_tree, CONTAINERS % "${{ inputs.image }}"
    )


@pytest.mark.parametrize(
    ("rest", "receives"),
    [
        ("", "code"),
        ("secrets: inherit", "code, secrets"),
        ("secrets: {key: '${{ secrets.KEY }}'}", "code, secrets"),
        ("secrets: {key: '${{ secrets.GITHUB_TOKEN }}'}", "code"),
    ],
)
def test_a_workflow_of_others_decides_what_runs(make_tree: MakeTree, rest: str, receives: str) -> None:
    got = found(make_tree, f"  a:\n    uses: octo/ci/.github/workflows/x.yml@main\n    {rest}\n")
    assert got == [f"workflow | octo/ci/.github/workflows/x.yml | main | not pinned | {receives} | octo"]
    assert found(make_tree, f"  a:\n    uses: ./.github/workflows/x.yml\n    {rest}\n") == []


def test_a_secret_in_the_environment_of_a_job_reaches_every_action(make_tree: MakeTree) -> None:
    job = "  a:\n    env: {KEY: '${{ secrets.KEY }}'}\n    steps: [{uses: octo/tool@v1}]\n"
    assert found(make_tree, job) == ["action | octo/tool | v1 | not pinned | secrets | octo"]


@pytest.mark.parametrize(
    ("line", "receives", "service"),
    [
        ("uses: actions/upload-artifact@v4", "artifacts", "GitHub artifacts"),
        ("uses: codecov/codecov-action@v5", "results", "Codecov"),
        ("uses: github/codeql-action/upload-sarif@v3", "results", "GitHub code scanning"),
        ("{uses: docker/build-push-action@v6, with: {push: true}}", "artifacts", "container registry"),
        ("{uses: docker/build-push-action@v6, with: {outputs: 'type=registry'}}", "artifacts", "container registry"),
        (
            "{uses: docker/build-push-action@v6, with: {push: '${{ github.ref == 1 }}'}}",
            "artifacts",
            "container registry",
        ),
        ("{uses: docker/build-push-action@v6, with: {push: false}}", "", ""),
        ("uses: docker/build-push-action@v6", "", ""),
        ("{uses: goreleaser/goreleaser-action@v6, with: {args: release --clean}}", "artifacts", "GitHub releases"),
        ("{uses: goreleaser/goreleaser-action@v6, with: {args: release --snapshot}}", "", ""),
        ("uses: snyk/actions/node@v1", "results", "Snyk"),
        ("uses: snyk/actions/setup@v1", "", ""),
        ("uses: getsentry/action-release@v3", "artifacts", "Sentry"),
        ("uses: getsentry/craft@v2", "", ""),
        ("uses: datadog/junit-upload-github-action@v2", "results", "Datadog"),
        ("uses: datadog/dd-octo-sts-action@v1", "", ""),
    ],
)
def test_a_known_action_names_what_it_sends_to(make_tree: MakeTree, line: str, receives: str, service: str) -> None:
    columns = [row.split(" | ") for row in steps(make_tree, line)]
    assert [row[4] for row in columns if row[0] == "action"] == [receives]
    assert [row[1] for row in columns if row[0] != "action"] == [service] * bool(service)


def test_nothing_takes_part_where_nothing_is_used() -> None:
    from gate.ci.github.model import GithubRepository

    assert parties_of(GithubRepository()) == ((), frozenset())


TWO = f"""\
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@{PIN}
      - uses: octo/tool@{PIN}
      - uses: octo/other@{PIN}  # gate: ignore[GC090] asked in 2026
"""


@pytest.mark.parametrize(("allow", "lines"), [(("actions",), [7]), (("actions", "octo"), []), ((), [])])
def test_the_stage_lists_them_and_refuses_what_the_project_does_not_allow(
    make_tree: MakeTree, make_context: Callable[..., LocalContext], allow: tuple[str, ...], lines: list[int]
) -> None:
    settings = CiSettings(third_parties=ThirdPartySettings(allow=allow))
    result = ci.run(make_tree({WORKFLOW: TWO}), make_context(stages=Stages(ci=settings)))
    assert result.facts["third_parties"] == [
        f"action | {name} | {PIN} | pinned | code | {name.partition('/')[0]} | {WORKFLOW}:{line}"
        for name, line in (("actions/checkout", 6), ("octo/tool", 7), ("octo/other", 8))
    ]
    refused = [one for one in result.findings if one.rule == "GC090"]
    assert [(one.severity, one.location.line) for one in refused] == [(Severity.HIGH, line) for line in lines]
    assert {one.location.line for one in result.silenced if one.rule == "GC090"} == ({8} if lines else set())

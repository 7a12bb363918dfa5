"""What the readers of CI systems understand of their files.

`gate/ci/azure.py`, `gate/ci/bitbucket.py`, `gate/ci/buildkite.py`, `gate/ci/circleci.py`, `gate/ci/drone.py` and
`gate/ci/tekton.py`, over `gate/ci/definitions.py`, with the families of rules in `gate/ci/families.py`.
"""

from collections.abc import Callable

import pytest

from gate.ci import azure, bitbucket, buildkite, circleci, drone, tekton
from gate.ci.model import SystemJudged
from gate.ci.systems import SYSTEMS, load_system
from gate.model import Severity, Tree
from gate.trees import open_tree

MakeTree = Callable[..., Tree]
DIGEST = "sha256:" + "0f" * 32


def judged(system: str, files: dict[str, str], make_tree: MakeTree) -> SystemJudged:
    module = load_system(system)
    paths = [path for path in files if module.is_definition(path)]
    assert paths
    return module.judge(open_tree(make_tree(files)), paths, ())


def parties(result: SystemJudged) -> list[tuple[str, str, str, bool]]:
    return [(one.kind, one.name, one.reference, one.is_pinned) for one in result.third_parties]


@pytest.mark.parametrize(
    ("is_definition", "path", "expected"),
    [
        (azure.is_definition, "azure-pipelines.yml", True),
        (azure.is_definition, "ci/azure-pipelines-release.yaml", True),
        (azure.is_definition, ".azure-pipelines/win.yml", True),
        (azure.is_definition, "docs/azure-pipelines.md", False),
        (bitbucket.is_definition, "bitbucket-pipelines.yml", True),
        (bitbucket.is_definition, "examples/bitbucket-pipelines.yml", False),
        (buildkite.is_definition, ".buildkite/pipeline.release.yml", True),
        (buildkite.is_definition, ".buildkite/hooks/pre-command", False),
        (circleci.is_definition, ".circleci/continue.yml", True),
        (circleci.is_definition, "template/.circleci/config.yml", False),
        (drone.is_definition, ".drone.yml", True),
        (drone.is_definition, ".woodpecker/test.yaml", True),
        (drone.is_definition, "drone.yml", False),
        (drone.is_definition, "linter/.woodpecker/test.yaml", False),
        (tekton.is_definition, ".tekton/push.yaml", True),
        (tekton.is_definition, "deploy/pipelines/build.yaml", True),
        (tekton.is_definition, "ci/my-taskrun.yaml", True),
        (tekton.is_definition, "deploy/multitasking.yaml", False),
        (tekton.is_definition, "vendor/github.com/tektoncd/pipeline/a.yaml", False),
    ],
)
def test_definitions_are_known_by_their_path(is_definition: Callable[[str], bool], path: str, expected: bool) -> None:
    assert is_definition(path) is expected


def test_circleci_names_orbs_and_images_with_what_they_receive(make_tree: MakeTree) -> None:
    config = """version: 2.1
orbs:
  slack: circleci/slack@4.12.5
  own: {orbs: {tools: team/tools@dev:first}, jobs: {}}
jobs:
  build:
    docker: [{image: cimg/go:1.22}]
    steps:
      - checkout
      - run: |
          make
          curl https://tools.example/i | sh
workflows:
  all:
    jobs: [build, {slack/on-hold: {context: chat}}]
"""
    result = judged("circleci", {".circleci/config.yml": config}, make_tree)
    assert parties(result) == [
        ("orb", "circleci/slack", "4.12.5", True),
        ("orb", "team/tools", "dev:first", False),
        ("image", "cimg/go", "1.22", False),
    ]
    assert result.third_parties[0].receives == ("code", "secrets")
    assert [(job.name, job.line) for job in result.jobs] == [("build", 11)]


def test_a_step_behind_an_alias_is_one_script(make_tree: MakeTree) -> None:
    config = """version: 2.1
make: &make {run: make}
jobs: {a: {steps: [*make]}, b: {steps: [*make]}}
"""
    assert len(judged("circleci", {".circleci/config.yml": config}, make_tree).jobs) == 1


def test_a_setup_workflow_continues_with_what_is_not_known(make_tree: MakeTree) -> None:
    result = judged("circleci", {".circleci/config.yml": "version: 2.1\nsetup: true\njobs: {}\n"}, make_tree)
    assert result.not_resolved == (".circleci/config.yml:2: the configuration that the setup workflow continues with",)


def test_azure_follows_templates_of_the_repository_once_and_says_what_is_missing(make_tree: MakeTree) -> None:
    files = {
        "azure-pipelines.yml": "steps:\n- template: ci/a.yml\n- template: ci/missing.yml\n- template: x.yml@shared\n",
        "ci/a.yml": "steps:\n- template: a.yml\n- template: /ci/b.yml\n",
        "ci/b.yml": "steps:\n- bash: |\n    echo $(Build.SourceVersionMessage)\n- task: Team.Tool@2\n",
    }
    result = judged("azure", files, make_tree)
    assert [hit.path for rule, hit in result.hits if rule.id == "GC401"] == ["ci/b.yml"]
    assert parties(result) == [("plugin", "Team.Tool", "2", False)]
    assert result.not_resolved == (
        "azure-pipelines.yml:4: the template x.yml@shared",
        "azure-pipelines.yml:3: the template ci/missing.yml",
    )


def test_azure_reads_scripts_in_the_inputs_of_tasks(make_tree: MakeTree) -> None:
    pipeline = "steps:\n- task: AzureCLI@2\n  inputs:\n    inlineScript: |\n      az group list\n"
    assert [(job.script, job.line) for job in judged("azure", {"azure-pipelines.yml": pipeline}, make_tree).jobs] == [
        ("az group list\n", 5)
    ]


@pytest.mark.parametrize(
    ("environment", "severity"), [("{A: b}", Severity.MEDIUM), ("{A: {from_secret: a}}", None)], ids=["none", "secrets"]
)
def test_a_branch_in_a_command_of_drone_blocks_where_the_step_has_secrets(
    make_tree: MakeTree, environment: str, severity: Severity | None
) -> None:
    command = "commands: ['note ${CI_COMMIT_SOURCE_BRANCH}']"
    text = f"steps:\n- {{name: note, image: 'alpine:3', environment: {environment}, {command}}}\n"
    result = judged("drone", {".woodpecker.yml": text}, make_tree)
    assert [hit.severity for rule, hit in result.hits if rule.id == "GC701"] == [severity]


def test_bitbucket_knows_the_steps_of_stages_and_parallel_groups(make_tree: MakeTree) -> None:
    pipeline = """image: {name: team/build:2}
pipelines:
  pull-requests:
    '**':
      - parallel:
          steps:
            - step: {script: [{pipe: atlassian/aws-s3-deploy:1.1.0, variables: {KEY: $KEY}}]}
      - stage:
          deployment: production
          steps:
            - step: {script: [./deploy]}
"""
    result = judged("bitbucket", {"bitbucket-pipelines.yml": pipeline}, make_tree)
    assert parties(result) == [
        ("image", "team/build", "2", False),
        ("plugin", "atlassian/aws-s3-deploy", "1.1.0", False),
    ]
    assert result.third_parties[1].receives == ("code", "secrets")
    assert "GC605" in {rule.id for rule, _ in result.hits}


def test_buildkite_reads_a_bare_list_groups_and_plugins(make_tree: MakeTree) -> None:
    pipeline = f"""- group: all
  steps:
    - label: build
      command: |
        make
        buildkite-agent pipeline upload ci/more.yml
      plugins:
        - docker#v5.1.0: {{image: 'team/build@{DIGEST}'}}
        - ./own
        - team/tools#{"0f" * 20}
        - $CI_TOOLKIT
"""
    result = judged("buildkite", {".buildkite/pipeline.yml": pipeline}, make_tree)
    assert parties(result) == [
        ("plugin", "docker", "v5.1.0", False),
        ("image", "team/build", DIGEST, True),
        ("plugin", "team/tools", "0f" * 20, True),
    ]
    assert [one.owner for one in result.third_parties] == ["buildkite-plugins", "team", "team"]
    assert result.not_resolved == (".buildkite/pipeline.yml:5: steps that build uploads",)


def test_drone_reads_every_document_and_woodpecker_its_mapping(make_tree: MakeTree) -> None:
    files = {
        ".drone.yml": "kind: secret\nname: a\n---\nkind: pipeline\nsteps: [{name: a, image: 'team/push:1'}]\n",
        ".woodpecker.yml": "steps: {test: {image: golang, commands: [go test], secrets: [token]}}\n",
    }
    result = judged("drone", files, make_tree)
    assert parties(result) == [("plugin", "team/push", "1", False), ("image", "golang", "", False)]
    assert result.third_parties[1].receives == ("code", "secrets")


def test_tekton_names_what_resolvers_and_annotations_fetch(make_tree: MakeTree) -> None:
    run = """apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: push
  annotations:
    pipelinesascode.tekton.dev/task: "[git-clone:0.9, .tekton/own.yaml, https://git.example/team/tasks/raw/main/a.yaml]"
spec:
  pipelineSpec:
    tasks:
      - name: build
        taskRef: {resolver: hub, params: [{name: name, value: buildah}, {name: version, value: '0.5'}]}
"""
    result = judged(
        "tekton", {".tekton/push.yaml": run, ".tekton/k8s.yaml": "apiVersion: v1\nkind: Secret\n"}, make_tree
    )
    assert parties(result) == [
        ("include", "hub:task/buildah", "0.5", False),
        ("include", "git-clone", "0.9", False),
        ("include", "https://git.example/team/tasks/raw/main/a.yaml", "main", False),
    ]
    assert result.files == 1


@pytest.mark.parametrize(
    ("system", "path"),
    [
        ("azure", "azure-pipelines.yml"),
        ("bitbucket", "bitbucket-pipelines.yml"),
        ("buildkite", ".buildkite/pipeline.yml"),
        ("circleci", ".circleci/config.yml"),
        ("drone", ".drone.yml"),
        ("tekton", ".tekton/a.yaml"),
    ],
)
class TestFilesThatAreNone:
    def test_what_cannot_be_parsed_is_an_error_that_names_it(self, system: str, path: str, make_tree: MakeTree) -> None:
        result = judged(system, {path: "steps: [\n"}, make_tree)
        assert [(error.path or "").partition(":")[0] for error in result.errors] == [path]

    def test_a_template_is_a_note(self, system: str, path: str, make_tree: MakeTree) -> None:
        result = judged(system, {path: "{{ if .Go }}\nsteps: {}\n{{ end }}\n"}, make_tree)
        assert not result.errors
        assert result.not_definitions == (f"{path}: a template; what it becomes is not known",)

    @pytest.mark.parametrize("text", ["", "- 1\n- [a]\n", "steps: 7\njobs: [1]\n", "a: &a {b: [1]}\nsteps: *a\n"])
    def test_other_shapes_are_neither_findings_nor_crashes(
        self, system: str, path: str, text: str, make_tree: MakeTree
    ) -> None:
        result = judged(system, {path: text}, make_tree)
        assert not result.hits
        assert not result.errors


def test_each_system_is_a_module_that_can_be_loaded() -> None:
    assert all(callable(load_system(name).judge) for name in SYSTEMS)


def test_the_shell_of_an_agent_is_no_image(make_tree: MakeTree) -> None:
    pipeline = "labels: {platform: darwin/arm64}\nsteps: [{name: a, image: bash, commands: [make]}]\n"
    assert judged("drone", {".woodpecker.yml": pipeline}, make_tree).third_parties == ()


def test_an_image_that_moves_and_has_secrets_is_one_finding(make_tree: MakeTree) -> None:
    pipeline = "steps:\n- {name: a, image: team/push, settings: {token: {from_secret: token}}}\n"
    pipeline += "- {name: b, image: node, commands: [make], secrets: [token]}\n"
    result = judged("drone", {".drone.yml": pipeline}, make_tree)
    assert [rule.id for rule, _ in result.hits if rule.id in ("GC702", "GC703", "GC704")] == ["GC702", "GC702"]


def test_text_of_an_event_is_followed_into_a_task_that_a_run_holds(make_tree: MakeTree) -> None:
    """`gate/ci/tekton_events.py`: Pipelines as Code fills the run, the run its task."""
    run = """apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: push}
spec:
  params:
    - {name: branch, value: "{{ source_branch }}"}
    - {name: commit, value: "{{ revision }}"}
  pipelineSpec:
    tasks:
      - name: a
        params: [{name: to, value: $(params.branch)}, {name: at, value: $(params.commit)}]
        taskSpec:
          steps:
            - image: a
              script: |
                git checkout $(params.at)
                git push origin HEAD:$(params.to)
"""
    result = judged("tekton", {".tekton/push.yaml": run}, make_tree)
    (hit,) = [hit for rule, hit in result.hits if rule.id == "GC810"]
    assert (hit.line, hit.evidence) == (17, ("to", "{{ source_branch }}"))


def test_what_has_the_name_of_a_kind_of_tektons_is_read_by_what_it_says(make_tree: MakeTree) -> None:
    task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec: {steps: [{image: a:1, script: make}]}\n"
    files: dict[str, str | bytes] = {
        "ci/tasks/a.yaml": task,
        "ci/tasks/b.yaml": "a: [",
        "roles/tasks/main.yml": "- {}\n",
    }
    tree = open_tree(make_tree(files))
    found = tekton.judge(tree, sorted(files), ())
    assert (found.files, found.errors, [job.path for job in found.jobs]) == (1, (), ["ci/tasks/a.yaml"])

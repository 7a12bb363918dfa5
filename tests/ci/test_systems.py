"""Which files a CI system reads by itself, and that the hints by which they are looked for leave none of them out."""

from collections.abc import Callable

from gate.ci.systems import NAMES_OF_DEFINITIONS, SYSTEMS, is_definition, load_system
from gate.model import Tree
from gate.trees import open_tree, walk_named

PATHS = {
    "github": [".github/workflows/ci.yml", ".github/workflows/ci.yaml", "action.yaml", ".github/dependabot.yml"],
    "gitlab": [".gitlab-ci.yml", "sub/.gitlab-ci.yaml", "templates/deploy.gitlab-ci.yml"],
    "circleci": [".circleci/config.yml", ".circleci/next.yaml"],
    "azure": ["azure-pipelines.yml", ".azure-pipelines/a.yaml", "ci/azure-pipelines-nightly.yml"],
    "bitbucket": ["bitbucket-pipelines.yml"],
    "buildkite": [".buildkite/pipeline.yml", ".buildkite/pipeline.json"],
    "drone": [".drone.yml", ".woodpecker/build.yaml"],
    "jenkins": ["Jenkinsfile", "jenkinsfile.groovy", "Jenkinsfile-release", "release.JENKINSFILE", "a/build.Jenkins"],
    "tekton": [".tekton/push.yaml", "ci/pipelinerun.yml"],
}


def test_each_system_has_its_paths() -> None:
    assert PATHS.keys() == SYSTEMS.keys()
    assert [path for name, paths in PATHS.items() for path in paths if not load_system(name).is_definition(path)] == []


def test_no_hint_leaves_a_definition_out(make_tree: Callable[[dict[str, str | bytes]], Tree]) -> None:
    wanted = sorted(path for paths in PATHS.values() for path in paths)
    others = ["src/a.py", "README.md", "values.yaml", "package.json", "docs/jenkins.md"]
    tree = open_tree(make_tree(dict.fromkeys([*wanted, *others], "x\n")))
    found = [entry.path for entry in walk_named(tree, is_definition, *NAMES_OF_DEFINITIONS)]
    assert sorted(found) == wanted

"""Text of others that a variable or parameter carries into a script, of another job too (`gate/ci/carried.py`)."""

from collections.abc import Callable

import pytest

from gate.ci.carried import carriers
from gate.ci.systems import load_system
from gate.model import Severity, Tree
from gate.trees import open_tree

AZURE = """
trigger: [main]
VARIABLES
jobs:
- job: first
  steps: [{bash: 'echo "##vso[task.setvariable variable=said;isOutput=true]VALUE"', name: set}]
- job: second
  variables: {told: "$[ dependencies.first.outputs['set.said'] ]"}
  steps: [{bash: SCRIPT}]
"""
CIRCLE = """
version: 2.1
commands:
  note:
    parameters: {text: {type: string}}
    steps: [{run: SCRIPT}]
jobs:
  build:
    parameters: {title: {type: string}}
    docker: [{image: cimg/base:2024.01}]
    steps: [{note: {text: "<< parameters.title >>"}}]
workflows: {all: {jobs: [{build: {title: "VALUE"}}]}}
"""
JENKINS = "pipeline { agent any\n environment { TITLE = VALUE }\n stages { stage('a') { steps { sh SCRIPT } } } }\n"
TITLE = "<< pipeline.event.github.pull_request.title >>"
OF_LOG = 'sh(returnStdout: true, script: "git log -1 --pretty=%B").trim()'

CARRIED = [
    (
        "azure",
        AZURE.replace("VARIABLES", "variables: {note: $(Build.SourceVersionMessage)}"),
        "./tell $(note)",
        ["GC401"],
    ),
    ("azure", AZURE.replace("VALUE", "$BUILD_SOURCEVERSIONMESSAGE"), "./tell $(told)", ["GC401"]),
    ("azure", AZURE.replace("VALUE", "$BUILD_SOURCEVERSIONMESSAGE"), "./tell $(other)", []),
    ("azure", AZURE.replace("VALUE", "$BUILD_BUILDID"), "./tell $(told)", []),
    ("circleci", CIRCLE.replace("VALUE", TITLE), 'echo "<< parameters.text >>"', ["GC501"]),
    ("circleci", CIRCLE.replace("VALUE", TITLE), 'echo "<< parameters.other >>"', []),
    ("circleci", CIRCLE.replace("VALUE", "fixed"), 'echo "<< parameters.text >>"', []),
    ("jenkins", JENKINS.replace("VALUE", '"${env.CHANGE_TITLE}"'), '"./tell ${TITLE}"', ["GC301"]),
    ("jenkins", JENKINS.replace("VALUE", OF_LOG), '"./tell ${TITLE}"', ["GC301"]),
    ("jenkins", JENKINS.replace("VALUE", "'CHANGE_TITLE'"), '"./tell ${TITLE}"', []),
    ("jenkins", JENKINS.replace("VALUE", "env.CHANGE_TITLE.replaceAll('x', '')"), '"./tell ${TITLE}"', []),
    ("jenkins", JENKINS.replace("VALUE", "env.CHANGE_TITLE"), "'./tell \"$TITLE\"'", []),
]
PATHS = {"azure": "azure-pipelines.yml", "circleci": ".circleci/config.yml", "jenkins": "Jenkinsfile"}


@pytest.mark.parametrize(("system", "text", "script", "rules"), CARRIED)
def test_text_is_followed_to_the_script_that_uses_it(
    system: str, text: str, script: str, rules: list[str], make_tree: Callable[..., Tree]
) -> None:
    quoted = script if system == "jenkins" else "'" + script.replace("'", "''") + "'"
    whole = text.replace("SCRIPT", quoted).replace("VARIABLES\n", "")
    path = PATHS[system]
    judged = load_system(system).judge(open_tree(make_tree({path: whole})), [path], ())
    assert not judged.errors
    found = [hit for rule, hit in judged.hits if rule.id in ("GC401", "GC501", "GC301")]
    assert [rule.id for rule, _ in judged.hits if rule.id in ("GC401", "GC501", "GC301")] == rules
    assert all("others write it" in hit.message for hit in found)


def test_a_message_that_git_is_asked_for_is_of_those_who_push(make_tree: Callable[..., Tree]) -> None:
    text = JENKINS.replace("VALUE", OF_LOG).replace("SCRIPT", '"./tell ${TITLE}"')
    judged = load_system("jenkins").judge(open_tree(make_tree({"Jenkinsfile": text})), ["Jenkinsfile"], ())
    assert [hit.severity for rule, hit in judged.hits if rule.id == "GC301"] == [Severity.MEDIUM]


def test_names_that_lead_to_one_another_in_a_circle_come_to_an_end() -> None:
    values = [("a", "b"), ("b", "a"), ("c", "title"), ("d", "c")]
    assert carriers(values, lambda text: text if text == "title" else "", lambda text: [text]) == {
        "c": "title",
        "d": "title",
    }

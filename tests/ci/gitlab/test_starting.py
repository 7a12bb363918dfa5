"""When a job runs, by `rules`, `only`, `except` and the workflow: a merge request, any branch, a tag."""

from collections.abc import Callable

import pytest

from gate.ci.gitlab.pipelines import GitlabDefinitions
from gate.ci.gitlab.starting import BRANCH, MERGE_REQUEST, TAG, outcomes, runs_unasked
from gate.model import Tree
from gate.trees import open_tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]
MR = 'workflow: {rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]}\n'


def started(make_tree: MakeTree, text: str, files: dict[str, str] | None = None) -> set[str]:
    """Return which starts make the job named `job` run unasked."""
    definitions = GitlabDefinitions(open_tree(make_tree({".gitlab-ci.yml": text, **(files or {})})))
    definitions.add(".gitlab-ci.yml")
    (job,) = (one for pipeline in definitions.pipelines for one in pipeline.jobs if one.name == "job")
    starts = {"mr": MERGE_REQUEST, "branch": BRANCH, "tag": TAG}
    return {name for name, start in starts.items() if runs_unasked(job, start)}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", {"branch", "tag"}),
        ("when: manual", set()),
        ("only: [merge_requests]", {"mr"}),
        ("only: [branches]", {"branch"}),
        ("only: [main]", set()),
        ("only: [/^some-.*$/]", {"branch"}),
        ("only: [tags, /^release/]", {"tag"}),
        ("only: ['main@group/shop', 'branches@group/shop']", set()),
        ("except: [branches]", {"tag"}),
        ("except: [main]", {"branch", "tag"}),
        ("only: {refs: [branches], variables: [$CI_COMMIT_REF_PROTECTED == 'true']}", set()),
        ("only: {variables: [$NOT_STATED]}", set()),
        ("only: {changes: [a]}", {"branch", "tag"}),
        ("rules: [{when: never}]", set()),
        ("rules: [{if: $CI_COMMIT_TAG}]", {"tag"}),
        ("rules: [{if: $CI_MERGE_REQUEST_IID}]", {"mr"}),
        ("rules: [{if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH}]", set()),
        ("rules: [{if: $CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH}]", {"branch"}),
        ("rules: [{if: $CI_COMMIT_REF_PROTECTED == 'true'}]", set()),
        ("rules: [{if: $CI_COMMIT_TAG, when: never}, {when: always}]", {"mr", "branch"}),
        ("rules: [{changes: [a], when: manual}, {when: on_success}]", {"mr", "branch", "tag"}),
        ("rules: [{if: $NOT_STATED, when: never}, {when: always}]", set()),
        ("rules: [{if: $NOT_STATED}, {if: $CI_COMMIT_TAG}]", {"tag"}),
        ("rules: [{if: $CI_PIPELINE_SOURCE == 'schedule'}]", set()),
        ("rules: [{when: manual}]", set()),
        ("when: manual\n  rules: [{if: $CI_COMMIT_TAG}]", set()),
        ("variables: {DEPLOY: 'yes'}\n  rules: [{if: $DEPLOY == 'yes'}]", {"mr", "branch", "tag"}),
    ],
)
def test_a_job_runs_for_the_starts_that_its_rules_mean(make_tree: MakeTree, keys: str, expected: set[str]) -> None:
    assert started(make_tree, f"job:\n  script: [make]\n  {keys}\n") == expected


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        (MR, {"mr"}),
        ("workflow: {rules: [{if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH}]}\n", set()),
        ("workflow: {rules: [{if: $CI_COMMIT_TAG, when: never}, {when: always}]}\n", {"mr", "branch"}),
    ],
)
def test_a_workflow_decides_for_jobs_without_rules(make_tree: MakeTree, workflow: str, expected: set[str]) -> None:
    assert started(make_tree, f"{workflow}job:\n  script: [make]\n") == expected


def test_a_job_of_a_child_pipeline_runs_where_its_parent_does(make_tree: MakeTree) -> None:
    text = "start:\n  trigger: {include: /child.yml}\n  rules: [{if: $CI_MERGE_REQUEST_IID}]\n"
    child = "job:\n  script: [make]\n  rules: [{if: $CI_PIPELINE_SOURCE == 'parent_pipeline'}]\n"
    assert started(make_tree, text, {"child.yml": child}) == {"mr"}


def test_a_manual_job_is_offered_where_its_rules_say(make_tree: MakeTree) -> None:
    text = "job:\n  script: [make]\n  rules: [{if: $CI_MERGE_REQUEST_IID, when: manual}]\n"
    definitions = GitlabDefinitions(open_tree(make_tree({".gitlab-ci.yml": text})))
    definitions.add(".gitlab-ci.yml")
    (job,) = definitions.pipelines[0].jobs
    assert outcomes(job, MERGE_REQUEST) == {"manual"}
    assert outcomes(job, BRANCH) == frozenset()

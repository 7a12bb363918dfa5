"""Whether an outsider's event gets past a condition."""

import pytest

from gate.ci.github.conditions import CHECK, LABEL, Passage, Situation, both, passes

TARGET = Situation("pull_request_target", ("opened", "labeled"))


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "github.event_name == 'pull_request_target'",
        "github.event_name != 'push' && always()",
        "github.repository == 'octo/tool'",
        "github.actor != 'dependabot[bot]'",
        "github.event.pull_request.head.repo.full_name != github.repository",
        "github.event.pull_request.head.repo.fork",
        '!contains(fromJSON(\'["OWNER", "MEMBER"]\'), github.event.pull_request.author_association)',
    ],
)
def test_it_gets_past(condition: str) -> None:
    assert passes(condition, TARGET).value is True


@pytest.mark.parametrize(
    "condition",
    [
        "github.event_name == 'push'",
        "github.event.pull_request.head.repo.full_name == github.repository",
        "${{ !github.event.pull_request.head.repo.fork }}",
        "github.event.pull_request.user.login == 'dependabot[bot]'",
        "github.event.pull_request.merged == true",
        'contains(fromJSON(\'["OWNER", "MEMBER"]\'), github.event.comment.author_association)',
        "github.event.comment.author_association == 'OWNER' && true",
        "github.event.action == 'closed'",
        "contains('push release', github.event_name)",
        "false",
    ],
)
def test_it_does_not_get_past(condition: str) -> None:
    assert passes(condition, TARGET).value is False


@pytest.mark.parametrize(
    ("condition", "guards"),
    [
        ("contains(github.event.pull_request.labels.*.name, 'ok')", {LABEL}),
        ("github.event.label.name == 'ok'", {LABEL}),
        ("needs.check.outputs.is-member == 'true'", {CHECK}),
        ("steps.permission.outputs.result", {CHECK}),
        ("needs.build.outputs.number == '7'", set()),
        ("startsWith(github.event.comment.body, '/run')", set()),
        ("contains(github.event.comment.author_association, 'CONTRIBUTOR')", set()),
        ("github.event.action == 'opened'", set()),
        ("vars.ENABLED == 'true'", set()),
        ("this is no expression", set()),
    ],
)
def test_it_may_get_past(condition: str, guards: set[str]) -> None:
    assert passes(condition, TARGET) == Passage(None, frozenset(guards))


def test_a_guard_on_one_of_two_ways_is_none() -> None:
    label = "contains(github.event.pull_request.labels.*.name, 'ok')"
    assert passes(f"{label} || startsWith(github.head_ref, 'x')", TARGET).guards == frozenset()
    assert passes(f"{label} && startsWith(github.head_ref, 'x')", TARGET).guards == {LABEL}


def test_the_event_before_is_known() -> None:
    after = Situation("workflow_run", (), "pull_request")
    assert passes("github.event.workflow_run.event == 'push'", after).value is False
    assert passes("github.event.workflow_run.conclusion == 'success'", after).value is None
    assert passes("github.event.workflow_run.conclusion == 'skipped'", after).value is False


def test_both_conditions_have_to_be_passed() -> None:
    assert both(Passage(True), Passage(None, frozenset({LABEL}))).guards == {LABEL}
    assert both(Passage(True), Passage(False)).value is False
    assert passes("github.event_name == 'push'", Situation("")).value is None

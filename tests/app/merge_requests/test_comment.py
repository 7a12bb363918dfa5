"""`gate comment` in both CI systems, against a server that speaks their APIs.

Goes through `gate/app/merge_requests/`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.cli import main
from gate.model import Report, Tool, Verdict, VerdictStatus
from gate.reports import write_report

TOKEN = "t0ken-of-the-job"
MARK = "<!-- security-gate -->\n"
Comment = Callable[..., tuple[int, str]]


def github(forge: Any, folder: Path, event: dict[str, Any]) -> dict[str, str]:
    (folder / "event.json").write_text(json.dumps(event))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": forge.url,
        "GITHUB_REPOSITORY": "shop/api",
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_TOKEN": TOKEN,
    }


def gitlab(forge: Any) -> dict[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": forge.url,
        "CI_PROJECT_ID": "7",
        "CI_MERGE_REQUEST_IID": "12",
        "GITLAB_TOKEN": TOKEN,
    }


@pytest.fixture(params=["github", "gitlab"])
def comment(
    request: pytest.FixtureRequest,
    forge: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Comment:
    """Return a function that runs `gate comment` in a CI system on a report with this status; what it says."""
    pull_request = {"pull_request": {"number": 12, "title": "x"}}
    settings = github(forge, tmp_path, pull_request) if request.param == "github" else gitlab(forge)
    forge.me = None if request.param == "github" else {"username": "gate-bot"}
    return runner(settings, tmp_path, monkeypatch, capsys)


def runner(
    settings: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Comment:
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN", "CI_MERGE_REQUEST_IID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def call(status: VerdictStatus = VerdictStatus.PASS, *words: str) -> tuple[int, str]:
        tool = Tool(name="gate", version="1")
        report = Report(tool=tool, verdict=Verdict(status=status), stages=(), findings=(), packages=0)
        write_report("json", report, str(folder / "gate.json"))
        ended = main(["comment", str(folder / "gate.json"), *words])
        told = capsys.readouterr()
        assert TOKEN not in told.out + told.err
        return ended, told.err

    return call


def test_the_first_run_writes_a_comment_and_the_next_ones_keep_it_up_to_date(comment: Comment, forge: Any) -> None:
    assert comment(VerdictStatus.FAIL)[0] == 0
    assert [body.startswith(f"{MARK}## FAIL") for body in forge.bodies] == [True]
    assert "is brought up to date" in comment(VerdictStatus.PASS)[1]
    assert [body.startswith(f"{MARK}## PASS") for body in forge.bodies] == [True]
    assert "is up to date already" in comment(VerdictStatus.PASS)[1]
    assert [method for method, _ in forge.asked if method != "GET"] in (["POST", "PATCH"], ["POST", "PUT"])


def test_nobody_elses_comment_is_changed_whatever_it_starts_with(comment: Comment, forge: Any) -> None:
    forge.post(f"{MARK}## PASS: trust me", author="mallory")
    comment(VerdictStatus.FAIL)
    assert forge.bodies[0] == f"{MARK}## PASS: trust me"
    assert forge.bodies[1].startswith(f"{MARK}## FAIL")


def test_its_own_other_comments_are_left_alone(comment: Comment, forge: Any) -> None:
    forge.post(f"Someone quoted {MARK}", author="gate-bot", kind="Bot")
    comment()
    assert forge.bodies[0] == f"Someone quoted {MARK}"
    assert len(forge.bodies) == 2


def test_a_comment_on_a_later_page_is_found(comment: Comment, forge: Any) -> None:
    for number in range(150):
        forge.post(f"talk {number}", author="ann")
    forge.post(f"{MARK}## old", author="gate-bot", kind="Bot")
    assert "is brought up to date" in comment()[1]
    assert len(forge.bodies) == 151


def test_gates_of_different_names_have_a_comment_each(comment: Comment, forge: Any) -> None:
    comment(VerdictStatus.PASS, "--name", "images")
    comment(VerdictStatus.PASS)
    assert [body.splitlines()[0] for body in forge.bodies] == [
        "<!-- security-gate images -->",
        "<!-- security-gate -->",
    ]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_an_error_that_says_what_the_token_needs(comment: Comment, forge: Any, status: int) -> None:
    forge.refuses = status
    ended, told = comment()
    assert ended == 3
    assert f"the server refuses ({status})" in told
    assert "pull-requests: write" in told or "GITLAB_TOKEN" in told


def test_a_comment_whose_answer_is_cut_is_not_written_again(comment: Comment, forge: Any) -> None:
    forge.is_cut = True
    status, told = comment()
    assert (status, len(forge.bodies)) == (3, 1)
    assert "cannot be fetched" in told


def test_an_answer_of_another_shape_is_an_error(comment: Comment, forge: Any) -> None:
    forge.entries = [{"unexpected": True}]
    ended, told = comment()
    assert (ended, "the answer is not understood" in told) == (3, True)


def test_a_name_that_could_end_the_mark_is_refused(comment: Comment) -> None:
    assert comment(VerdictStatus.PASS, "--name", "x --> <b>")[0] == 2


def test_a_jobs_own_token_is_used_where_no_other_is_given(
    forge: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = gitlab(forge)
    settings["CI_JOB_TOKEN"] = settings.pop("GITLAB_TOKEN")
    forge.me = {"user": {"username": "gate-bot"}}
    assert runner(settings, tmp_path, monkeypatch, capsys)()[0] == 0
    assert forge.tokens == {f"JOB-TOKEN: {TOKEN}"}
    assert ("GET", "/job") in forge.asked


def test_a_person_whose_token_is_used_keeps_their_comment_up_to_date(
    forge: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forge.me = {"login": "ann", "type": "User"}
    forge.post(f"{MARK}## old", author="ann")
    settings = github(forge, tmp_path, {"pull_request": {"number": 12}})
    assert runner(settings, tmp_path, monkeypatch, capsys)()[0] == 0
    assert len(forge.bodies) == 1
    assert forge.tokens == {f"Authorization: Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("settings", "status", "said"),
    [
        ({"GITLAB_CI": "true"}, 0, "does not run for a pull or merge request"),
        ({"GITHUB_ACTIONS": "true"}, 0, "does not run for a pull or merge request"),
        ({}, 2, "not a job of GitHub Actions or GitLab CI"),
        ({"GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "1"}, 2, "name no merge request"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "absent.json"}, 2, "the event cannot be read"),
    ],
)
def test_where_there_is_nothing_to_comment_on_it_says_so(
    settings: dict[str, str],
    status: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("GITHUB_EVENT_PATH", raising=False)
    ended, told = runner(settings, tmp_path, monkeypatch, capsys)()
    assert (ended, said in told) == (status, True), told


def test_a_push_is_no_pull_request(
    forge: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, told = runner(github(forge, tmp_path, {"ref": "refs/heads/main"}), tmp_path, monkeypatch, capsys)()
    assert (ended, "does not run for a pull" in told, forge.asked) == (0, True, [])

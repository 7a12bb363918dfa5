"""The GitHub Action, run by `act` on this machine, with nothing fetched from elsewhere."""

import datetime
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from tests.app.merge_requests.conftest import serving
from tests.e2e.conftest import CACHE_KEY, warming

PROJECT = Path(__file__).parents[2]
ACTIONS = PROJECT / "actions"
ACTION_FILES = sorted(ACTIONS.glob("*/action.yml"))
BAD_DOCKERFILE = "FROM debian:latest\nADD http://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n"
CLEAN = {"README": "hello\n"}
FAILING = {"Dockerfile": BAD_DOCKERFILE}
INCOMPLETE = {"package-lock.json": "{broken"}
CODE_SCANNING = "Main Show findings in code scanning"
WITH_KEY = ("--env", f"GATE_CACHE_KEY={CACHE_KEY}")
EVENTS = {"push": {}, "pull_request": {}, "merge_group": {}, "schedule": [{"cron": "0 3 * * *"}]}
REUSABLE = PROJECT / "examples/ci/github/reusable.yml"
STAND_IN = """\
name: Stand-in
description: The workspace is a checkout already.
runs:
  using: composite
  steps: [{run: "true", shell: bash}]
"""

SAYING = """\
name: Stand-in
description: Prints what it is asked for.
inputs: {path: {required: true}, key: {required: true}, restore-keys: {default: ""}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {KEY: "${{ inputs.key }}", PATHS: "${{ inputs.path }}"}
      run: echo "NAME $KEY of $PATHS"
"""
UPLOADING = """\
name: Stand-in
description: A checkout, for which there is nothing to do, or an upload, which it prints.
inputs: {path: {default: ""}, name: {default: ""}}
runs:
  using: composite
  steps:
    - if: inputs.name != ''
      shell: bash
      env: {NAME: "${{ inputs.name }}", PLACE: "${{ inputs.path }}"}
      run: echo "upload $NAME of $PLACE"
"""
STAND_INS = {
    "action.yml": UPLOADING,
    "upload-sarif/action.yml": STAND_IN,
    "restore/action.yml": SAYING.replace("NAME", "restore"),
    "save/action.yml": SAYING.replace("NAME", "save"),
}
"""A repository for all actions of others, by path in it."""


class Job(msgspec.Struct, frozen=True):
    """What became of a job: act's exit status and log, and the action's outputs."""

    is_success: bool
    log: str
    outputs: dict[str, str]


@pytest.fixture(scope="session")
def action_checkout(tmp_path_factory) -> Path:
    """Return a copy of what the runner fetches for `uses: example/security-gate/actions/gate@v1`."""
    checkout = tmp_path_factory.mktemp("action")
    shutil.copytree(ACTIONS, checkout / "actions")
    return checkout


@pytest.fixture
def run_action(make_repository, run, action_checkout, compiled, compiled_with_key, tmp_path) -> Callable[..., Job]:
    """Return a function that runs a job with the action on a repository of `files`; keywords are inputs."""
    checkout = make_repository(STAND_INS, name="checkout").folder

    def call(files: dict[str, str], *event: str | Path, program: str = "push", repository=None, **inputs: str) -> Job:
        repository = repository or make_repository(files)
        inputs = {"install": "false", "offline": "true", **inputs}
        results = tmp_path / "outputs"
        warm = warming(compiled_with_key if WITH_KEY[-1] in event else compiled)
        repository.commit({".github/workflows/gate.yml": json.dumps(_workflow(warm, inputs, results))})
        local = {"actions/checkout@v4": checkout, "example/security-gate@v1": action_checkout}
        local |= dict.fromkeys(_pinned_actions(), checkout)
        done = run(
            *("act", program, *event, "-P", "ubuntu-latest=-self-hosted", "--pull=false"),
            *(word for name, path in local.items() for word in ("--local-repository", f"{name}={path}")),
            cwd=repository.folder,
        )
        log = done.stdout + done.stderr
        assert results.exists(), log
        return Job(done.returncode == 0, log, json.loads(results.read_text()))

    return call


def _pinned_actions() -> list[str]:
    """Return the actions of others that ours use, which act then takes from this machine."""
    text = "".join(path.read_text() for path in ACTIONS.glob("*/action.yml"))
    return sorted({re.sub("^([^/]+/[^/@]+)/[^@]*", r"\1", name) for name in re.findall(r"uses: ([^ ]+)", text)})


def _workflow(warm_cache: dict[str, str], inputs: dict[str, str], results: Path) -> dict[str, object]:
    steps = [
        {"uses": "actions/checkout@v4", "with": {"fetch-depth": 0}},
        warm_cache,
        {"uses": "example/security-gate/actions/gate@v1", "id": "gate", "with": inputs},
        {
            "if": "always()",
            "shell": "bash",
            "env": {"OUTPUTS": "${{ toJSON(steps.gate.outputs) }}"},
            "run": f"printf %s \"$OUTPUTS\" > '{results}'",
        },
    ]
    return {"on": EVENTS, "jobs": {"gate": {"runs-on": "ubuntu-latest", "steps": steps}}}


def _failures(junit: Path) -> list[str]:
    """Return the failures and errors of a JUnit file as text."""
    root = ElementTree.parse(junit).getroot()
    return [ElementTree.tostring(one, "unicode") for one in (*root.iter("failure"), *root.iter("error"))]


def test_a_clean_repository_passes(run_action, tmp_path):
    job = run_action(CLEAN, reports=f"{tmp_path}/reports")
    assert job.is_success, job.log
    assert (job.outputs["verdict"], job.outputs["exit-status"]) == ("pass", "0")
    assert job.outputs["junit"] == f"{tmp_path}/reports/junit.xml"
    assert not _failures(tmp_path / "reports/junit.xml")
    assert json.loads((tmp_path / "reports/gate.json").read_text())["verdict"]["status"] == "pass"
    assert json.loads((tmp_path / "reports/gate.sarif").read_text())["version"] == "2.1.0"


def test_findings_fail_the_job_are_counted_and_annotated_and_stand_in_every_report(run_action, tmp_path):
    """One job, as its client and its start cost more than all that is asked of it."""
    job = run_action(FAILING, reports=f"{tmp_path}/reports")
    assert not job.is_success
    assert (job.outputs["verdict"], job.outputs["exit-status"]) == ("fail", "1")
    assert any("Dockerfile" in one for one in _failures(tmp_path / "reports/junit.xml"))
    assert "Summary - " in job.log
    assert "FAIL" in job.log
    counts = {name: int(job.outputs[name]) for name in ("findings", "blocking", "new", "critical", "high")}
    assert counts["findings"] == counts["new"] >= counts["high"] >= counts["blocking"] >= 2
    assert counts["critical"] == 0
    assert "::error file=Dockerfile,line=2" in job.log
    assert "::notice title=Security gate" in job.log
    assert CODE_SCANNING not in job.log, "nobody asked for it"
    page = tmp_path / "reports/gate.html"
    assert job.outputs["html"] == str(page)
    assert "<html" in page.read_text()
    digest = hashlib.sha256(page.read_bytes()).hexdigest()[:12]
    assert f"upload gate-report-gate-{digest} of {page}" in job.log


def test_what_cannot_be_read_fails_the_job_as_incomplete_whatever_it_is_told(run_action, tmp_path):
    job = run_action(INCOMPLETE, reports=f"{tmp_path}/reports", **{"fail-on-findings": "false"})
    assert not job.is_success
    assert (job.outputs["verdict"], job.outputs["exit-status"]) == ("incomplete", "3")
    assert any("package-lock.json" in one for one in _failures(tmp_path / "reports/junit.xml"))
    assert "upload gate-report" in job.log


def test_annotations_code_scanning_and_the_page_are_as_the_job_asks_if_it_fails_too(run_action):
    job = run_action(FAILING, annotations="false", **{"upload-sarif": "true", "upload-html": "false"})
    assert not job.is_success
    assert "::error file=" not in job.log
    assert CODE_SCANNING in job.log
    assert "upload gate-report" not in job.log


def test_what_a_red_job_computed_is_kept_by_day_and_content(run_action):
    job = run_action(FAILING, *WITH_KEY)
    assert not job.is_success
    today = datetime.datetime.now(datetime.UTC).date()
    assert re.search(rf"save gate-answers-Linux-X64-[0-9.]+-{today}-[0-9a-f]{{16}} of ", job.log), job.log
    assert "restore gate-advisories-Linux-X64-" in job.log
    assert "save gate-advisories-" not in job.log, "there are none"


@pytest.mark.parametrize(
    ("key", "inputs"), [((), {}), (WITH_KEY, {"cache": "false"}), (WITH_KEY, {"policy": "policy.yaml"})], ids=str
)
def test_nothing_is_kept_or_restored_without_the_key_or_under_a_policy_of_others(run_action, key, inputs):
    job = run_action({**CLEAN, "policy.yaml": "required_stages: [secrets]\n"}, *key, **inputs)
    assert job.is_success, job.log
    assert not re.search(r"(save|restore) gate-", job.log)


def test_wrong_settings_fail_the_job_whatever_it_is_told_and_make_no_page(run_action):
    job = run_action({"gate.yaml": "no_such_key: 1\n"}, **{"fail-on-findings": "false"})
    assert not job.is_success
    assert job.outputs["verdict"] == "error"
    assert "upload gate-report" not in job.log


def test_a_gate_that_cannot_be_installed_is_an_error_whatever_it_is_told(run_action):
    without_index = ("--env", "PIP_NO_INDEX=1")
    job = run_action(CLEAN, *without_index, install="true", **{"fail-on-findings": "false"})
    assert not job.is_success
    assert (job.outputs["verdict"], job.outputs["exit-status"]) == ("error", "3")
    assert "could not be installed or started" in job.log


def test_inputs_are_text_and_never_code(run_action, tmp_path):
    trap = tmp_path / "ran"
    job = run_action(CLEAN, since=f'$(touch {trap})`touch {trap}`"; touch {trap}; #', stages=f"secrets\n; touch {trap}")
    assert job.outputs["verdict"] == "error"
    assert not trap.exists()


def test_only_the_stages_that_are_named_run(run_action, tmp_path):
    job = run_action(FAILING, reports=f"{tmp_path}/reports", stages="secrets\n")
    assert job.is_success, job.log
    report = json.loads((tmp_path / "reports/gate.json").read_text())
    assert [stage["name"] for stage in report["stages"]] == ["secrets"]


def test_a_pull_request_is_judged_by_what_it_adds(run_action, make_repository, tmp_path):
    repository = make_repository(FAILING)
    base = repository.git("rev-parse", "HEAD")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}, "head": {"sha": base}}}))
    job = run_action({}, "--eventpath", event, program="pull_request", repository=repository)
    assert job.is_success, job.log
    repository.commit({"images/Dockerfile": BAD_DOCKERFILE})
    job = run_action({}, "--eventpath", event, program="pull_request", repository=repository)
    assert job.outputs["verdict"] == "fail"


def test_a_merge_group_is_judged_by_what_it_adds_and_a_schedule_as_a_whole(run_action, make_repository, tmp_path):
    repository = make_repository(FAILING)
    base = repository.git("rev-parse", "HEAD")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"merge_group": {"base_sha": base, "head_sha": base}}))
    assert run_action({}, program="schedule", repository=repository).outputs["verdict"] == "fail"
    repository.commit({"images/Dockerfile": BAD_DOCKERFILE})
    job = run_action({}, "--eventpath", event, program="merge_group", repository=repository)
    assert (job.outputs["verdict"], job.outputs["new"] != job.outputs["findings"]) == ("fail", True), job.log


def test_parts_of_a_monorepo_are_judged_each_by_its_own_settings(run_action, make_repository, tmp_path):
    api, web = {"services/api/Dockerfile": "FROM scratch\n"}, {"services/web/Dockerfile": BAD_DOCKERFILE}
    repository = make_repository({**api, **web, "services/api/gate.yaml": "stages: {secrets: {enabled: false}}\n"})
    reports = tmp_path / "reports"
    job = run_action({}, repository=repository, targets="services/api", reports=str(reports))
    assert job.is_success, job.log
    assert "secrets" not in {stage["name"] for stage in json.loads((reports / "gate.json").read_text())["stages"]}
    job = run_action({}, repository=repository, targets="services/web\nservices/api\n", reports=str(reports))
    assert job.outputs["verdict"] == "fail"
    assert "::error file=services/web/Dockerfile,line=2" in job.log
    assert any("services/web" in one for one in _failures(reports / "junit.xml"))


def test_the_program_alone_is_there_for_the_steps_that_follow(make_repository, run, action_checkout, tmp_path):
    seen = tmp_path / "seen"
    steps = [
        {"uses": "example/security-gate/actions/setup-gate@v1", "id": "setup", "with": {"install": False}},
        {
            "shell": "bash",
            "env": {"FOLDER": "${{ steps.setup.outputs.cache-folder }}"},
            "run": f'gate --version >{seen} && [ "$XDG_CACHE_HOME" = "$FOLDER" ] && echo kept >>{seen}',
        },
        {"shell": "bash", "run": "gate run . --offline --stage dockerfile; exit 1"},
        {"if": "always()", "uses": "example/security-gate/actions/keep-gate@v1"},
    ]
    workflow = {"on": "push", "jobs": {"a": {"runs-on": "ubuntu-latest", "steps": steps}}}
    repository = make_repository({".github/workflows/a.yml": json.dumps(workflow)})
    checkout = make_repository(STAND_INS, name="checkout").folder
    local = {"example/security-gate@v1": action_checkout, **dict.fromkeys(_pinned_actions(), checkout)}
    done = run(
        *("act", "push", *WITH_KEY, "-P", "ubuntu-latest=-self-hosted", "--pull=false"),
        *(word for name, path in local.items() for word in ("--local-repository", f"{name}={path}")),
        cwd=repository.folder,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "restore gate-answers-Linux-X64-" in done.stdout
    assert "save gate-answers-Linux-X64-" in done.stdout, "the job is red, and what it computed is kept"
    version, kept = seen.read_text().splitlines()
    assert (version.startswith("gate "), kept) == (True, "kept")


def test_the_reusable_workflow_hands_its_verdict_on(make_repository, run, action_checkout, warm_cache, tmp_path):
    """A caller's job that only runs if the called workflow says `fail` and was told not to fail.

    How the action installs a checkout is shown in `first_hour/`.
    """
    called = REUSABLE.read_text().replace("ubuntu-24.04", "ubuntu-latest").replace("<owner>", "example")
    called = called.replace("      - uses: example/", f"      - {json.dumps(warm_cache)}\n      - uses: example/")
    called = called.replace(
        "        with:\n          targets:", "        with:\n          install: false\n          targets:"
    )
    assert "install: false" in called
    verdict = tmp_path / "verdict"
    caller = {
        "on": "push",
        "jobs": {
            "gate": {"uses": "./.github/workflows/reusable.yml", "with": {"fail-on-findings": False}},
            "then": {
                "needs": "gate",
                "runs-on": "ubuntu-latest",
                "env": {"VERDICT": "${{ needs.gate.outputs.verdict }}"},
                "steps": [{"shell": "bash", "run": f"printf %s \"$VERDICT\" > '{verdict}'"}],
            },
        },
    }
    workflows = {"reusable.yml": called, "gate.yml": json.dumps(caller)}
    settings = {"gate.yaml": "stages: {dependencies: {ignore: [.github/**]}}\n"}  # whose advisories are not here
    repository = make_repository(
        {**FAILING, **settings, **{f".github/workflows/{name}": text for name, text in workflows.items()}}
    )
    checkout = make_repository(STAND_INS, name="checkout").folder
    uses = set(re.findall(r"uses: ([^ ]+)", called))
    ours = {name for name in uses if name.startswith("example/security-gate/")}
    local = dict.fromkeys({*uses - ours, *_pinned_actions()}, checkout)
    local |= {name.replace("/actions/gate", ""): action_checkout for name in ours}
    done = run(
        *("act", "push", "-W", ".github/workflows/gate.yml", "-P", "ubuntu-latest=-self-hosted", "--pull=false"),
        *(word for name, path in local.items() for word in ("--local-repository", f"{name}={path}")),
        *("--env", "GATE_OFFLINE=true"),
        cwd=repository.folder,
    )
    assert verdict.exists(), done.stdout + done.stderr
    assert verdict.read_text() == "fail"


@pytest.fixture
def comment_on(run_action, make_repository, tmp_path):
    """Return a function that runs a job for a pull request from a repository, with a server that takes comments."""

    def call(forge, head: str, **inputs: str) -> Job:
        repository = make_repository(FAILING)
        base = repository.git("rev-parse", "HEAD")
        event = tmp_path / "event.json"
        pull_request = {"number": 12, "base": {"sha": base}, "head": {"sha": base, "repo": {"full_name": head}}}
        event.write_text(json.dumps({"pull_request": pull_request}))
        repository.git("remote", "add", "origin", "https://github.com/shop/api.git")
        api = ("--env", f"GITHUB_API_URL={forge.url}", "--secret", "GITHUB_TOKEN=of-the-job")
        return run_action({}, "--eventpath", event, *api, program="pull_request", repository=repository, **inputs)

    return call


def test_the_report_is_a_comment_in_the_pull_request_if_asked(comment_on):
    with serving() as forge:
        job = comment_on(forge, "shop/api", comment="true")
    assert job.is_success, job.log
    (body,) = forge.bodies
    assert "PASS" in body
    assert forge.tokens == {"Authorization: Bearer of-the-job"}


@pytest.mark.parametrize(("head", "inputs"), [("stranger/api", {"comment": "true"}), ("shop/api", {})], ids=str)
def test_there_is_no_comment_for_a_fork_or_if_nobody_asked(comment_on, head, inputs):
    with serving() as forge:
        job = comment_on(forge, head, **inputs)
    assert job.is_success, job.log
    assert forge.asked == []


def test_a_comment_that_the_server_refuses_fails_the_job(comment_on):
    with serving() as forge:
        forge.refuses = 403
        job = comment_on(forge, "shop/api", comment="true")
    assert not job.is_success
    assert "pull-requests: write" in job.log


def test_the_actions_are_what_github_accepts(run):
    done = run("check-jsonschema", "--builtin-schema", "vendor.github-actions", *ACTION_FILES, cwd=PROJECT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("action", ACTION_FILES, ids=lambda path: path.parent.name)
def test_no_expression_stands_in_a_script(action):
    scripts = [line for line in action.read_text().splitlines() if line.strip().startswith("run:")]
    assert scripts
    assert not any("${{" in script for script in scripts)


def test_zizmor_has_nothing_to_say(run):
    done = run("zizmor", "--offline", "--persona=pedantic", "--no-progress", *ACTION_FILES, cwd=PROJECT)
    assert done.returncode == 0, done.stdout + done.stderr

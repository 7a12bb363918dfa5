"""The GitLab include, run by `gitlab-ci-local` on this machine, with nothing fetched from elsewhere."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

TEMPLATE = Path(__file__).parents[2] / "gitlab-templates/gate.gitlab-ci.yml"
BAD_DOCKERFILE = "FROM debian:latest\nADD https://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n"
CLEAN = {"README": "hello\n"}
FAILING = {"Dockerfile": BAD_DOCKERFILE}
INCOMPLETE = {"package-lock.json": "{broken"}
MERGE_REQUEST = "merge_request_event"


class Pipeline(msgspec.Struct, frozen=True):
    """What became of a pipeline."""

    exit_status: int
    log: str
    artifacts: Path


@pytest.fixture
def run_pipeline(make_repository, run, require) -> Callable[..., Pipeline]:
    """Return a function that runs the included job on a repository of `files`; keywords are pipeline variables."""
    require("rsync")

    def call(files: dict[str, str], repository=None, yaml: str = "", **variables: str) -> Pipeline:
        repository = repository or make_repository(files)
        include = {
            ".gitlab-ci.yml": f"include:\n  - local: gate.gitlab-ci.yml\n{yaml}",
            TEMPLATE.name: TEMPLATE.read_text(),
        }
        repository.commit(include)
        if "origin" not in repository.git("remote"):
            repository.git("remote", "add", "origin", "git@gitlab.example:team/project.git")
        done = run(
            *("gitlab-ci-local", "--force-shell-executor"),
            *(f"--variable={name}={value}" for name, value in {"GATE_OFFLINE": "true", **variables}.items()),
            cwd=repository.folder,
        )
        return Pipeline(done.returncode, done.stdout + done.stderr, repository.folder / "gate-reports")

    return call


def _failures(pipeline: Pipeline) -> list[str]:
    """Return the failures and errors of the JUnit artifact as text."""
    root = ElementTree.parse(pipeline.artifacts / "junit.xml").getroot()
    return [ElementTree.tostring(one, "unicode") for one in (*root.iter("failure"), *root.iter("error"))]


def _report(pipeline: Pipeline) -> dict[str, object]:
    return json.loads((pipeline.artifacts / "gate.json").read_text())


def test_a_clean_repository_passes(run_pipeline):
    pipeline = run_pipeline(CLEAN)
    assert pipeline.exit_status == 0, pipeline.log
    assert not _failures(pipeline)
    assert _report(pipeline)["verdict"]["status"] == "pass"


def test_findings_fail_the_job_and_stand_in_the_artifacts(run_pipeline):
    pipeline = run_pipeline(FAILING)
    assert pipeline.exit_status == 1, pipeline.log
    assert any("Dockerfile" in one for one in _failures(pipeline))
    assert json.loads((pipeline.artifacts / "code-quality.json").read_text())[0]["location"]["path"] == "Dockerfile"


def test_what_cannot_be_read_fails_the_job_as_incomplete(run_pipeline):
    pipeline = run_pipeline(INCOMPLETE)
    assert pipeline.exit_status != 0
    assert "INCOMPLETE" in pipeline.log
    assert any("package-lock.json" in one for one in _failures(pipeline))


def test_wrong_settings_fail_the_job(run_pipeline):
    pipeline = run_pipeline({"gate.yaml": "no_such_key: 1\n"})
    assert pipeline.exit_status != 0
    assert "no_such_key" in pipeline.log


def test_a_merge_request_is_judged_by_what_it_adds(run_pipeline, make_repository):
    repository = make_repository(FAILING)
    merge_request = {
        "CI_PIPELINE_SOURCE": MERGE_REQUEST,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.git("rev-parse", "HEAD"),
    }
    pipeline = run_pipeline({}, repository, **merge_request)
    assert pipeline.exit_status == 0, pipeline.log
    assert _report(pipeline)["findings"]
    repository.commit({"images/Dockerfile": BAD_DOCKERFILE})
    pipeline = run_pipeline({}, repository, **merge_request)
    assert pipeline.exit_status == 1
    assert all("images/Dockerfile" in one for one in _failures(pipeline))


def test_a_setting_is_a_variable_of_the_pipeline(run_pipeline):
    pipeline = run_pipeline(FAILING, GATE_STAGE="secrets")
    assert pipeline.exit_status == 0, pipeline.log
    assert [stage["name"] for stage in _report(pipeline)["stages"]] == ["secrets"]


def test_a_job_of_ones_own_can_start_from_the_template(run_pipeline):
    own = "two-services:\n  extends: .gate\n  variables: {GATE_CI_TARGETS: 'one two'}\ngate: {rules: [{when: never}]}\n"
    pipeline = run_pipeline({"one/Dockerfile": "FROM scratch\n", "two/a.txt": "fine\n"}, yaml=own)
    assert pipeline.exit_status == 0, pipeline.log
    assert any({"one", "two"} <= set(stage["targets"]) for stage in _report(pipeline)["stages"])


def test_the_gates_own_cache_and_reports_are_not_judged(run_pipeline, make_repository):
    repository = make_repository(CLEAN)
    first = run_pipeline({}, repository)
    (repository.folder / "gate-reports/Dockerfile").write_text(BAD_DOCKERFILE)
    (repository.folder / ".gate-cache/Dockerfile").write_text(BAD_DOCKERFILE)
    second = run_pipeline({}, repository)
    assert (first.exit_status, second.exit_status) == (0, 0), second.log


def test_the_template_is_what_gitlab_accepts(run):
    done = run(
        *("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", TEMPLATE),
        cwd=TEMPLATE.parent,
    )
    assert done.returncode == 0, done.stdout

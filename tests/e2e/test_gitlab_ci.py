"""The GitLab include, run by `gitlab-ci-local` on this machine, with nothing fetched from elsewhere."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
import yaml

from tests.app.merge_requests.conftest import serving
from tests.e2e.conftest import CACHE_KEY, TOOL_PATH

TEMPLATES = Path(__file__).parents[2] / "gitlab-templates"
TEMPLATE = TEMPLATES / "gate.gitlab-ci.yml"
PARALLEL = TEMPLATES / "gate-parallel.gitlab-ci.yml"
COMPONENT = TEMPLATES / "templates/gate.yml"
PARALLEL_COMPONENT = TEMPLATES / "templates/gate-parallel.yml"
POLICIES = Path(__file__).parents[2] / "examples/gitlab-security-policy"
BAD_DOCKERFILE = "FROM debian:latest\nADD http://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n"
CLEAN = {"README": "hello\n"}
FAILING = {"Dockerfile": BAD_DOCKERFILE}
INCOMPLETE = {"package-lock.json": "{broken"}
MERGE_REQUEST = "merge_request_event"
UNCHECKED = "--json-schema-validation=false"
"""For `gitlab-ci-local`, to which the check takes twice the time of all else; one pipeline is checked by it."""


class Pipeline(msgspec.Struct, frozen=True):
    """What became of a pipeline."""

    exit_status: int
    log: str
    artifacts: Path


@pytest.fixture
def run_pipeline(make_repository, run, require, gitlab_cache) -> Callable[..., Pipeline]:
    """Return a function that runs the included job on a repository of `files`; keywords are pipeline variables."""
    require("rsync")

    def call(
        files: dict[str, str],
        repository=None,
        own: str = "",
        templates: tuple[Path, ...] = (TEMPLATE,),
        inputs: dict[str, object] | None = None,
        options: tuple[str, ...] = (UNCHECKED,),
        environment: dict[str, str] | None = None,
        **variables: str,
    ) -> Pipeline:
        repository = repository or make_repository(files)
        given = {"inputs": inputs} if inputs else {}
        included = json.dumps([{"local": f"ci/{template.name}", **given} for template in templates])
        include = {
            ".gitlab-ci.yml": f"include: {included}\n{own}",
            **{f"ci/{template.name}": template.read_text() for template in templates},
        }
        repository.commit(include)
        if "origin" not in repository.git("remote"):
            repository.git("remote", "add", "origin", "git@gitlab.example:team/project.git")
        cache = gitlab_cache(repository.folder, has_key="GATE_CACHE_KEY" in variables)
        done = run(
            *("gitlab-ci-local", "--force-shell-executor", cache, *options),
            *(f"--variable={name}={value}" for name, value in {"GATE_OFFLINE": "true", **variables}.items()),
            cwd=repository.folder,
            env=environment,
        )
        return Pipeline(done.returncode, done.stdout + done.stderr, repository.folder / "gate-reports")

    return call


def _failures(pipeline: Pipeline) -> list[str]:
    """Return the failures and errors of the JUnit artifact as text."""
    root = ElementTree.parse(pipeline.artifacts / "junit.xml").getroot()
    return [ElementTree.tostring(one, "unicode") for one in (*root.iter("failure"), *root.iter("error"))]


def _report(pipeline: Pipeline) -> dict[str, object]:
    return json.loads((pipeline.artifacts / "gate.json").read_text())


def _artifact(pipeline: Pipeline, name: str) -> dict[str, object]:
    return json.loads((pipeline.artifacts / name).read_text())


def _has_failed(log: str) -> bool:
    """True if the job `gate` failed the pipeline: where a status can be tolerated the exit status does not tell."""
    return re.search(r"^ FAIL +gate *$", log, re.MULTILINE) is not None


def _marks(report: dict[str, object]) -> set[str]:
    return {finding["fingerprint"] for finding in report["findings"]}


def test_a_clean_repository_passes(run_pipeline):
    pipeline = run_pipeline(CLEAN, options=())
    assert pipeline.exit_status == 0, pipeline.log
    assert not _failures(pipeline)
    assert _report(pipeline)["verdict"]["status"] == "pass"


def test_findings_fail_the_job_of_a_schedule_and_stand_in_every_report_that_gitlab_reads(run_pipeline):
    """A schedule is judged as a whole."""
    pipeline = run_pipeline(FAILING, CI_PIPELINE_SOURCE="schedule")
    assert pipeline.exit_status == 1, pipeline.log
    assert any("Dockerfile" in one for one in _failures(pipeline))
    assert json.loads((pipeline.artifacts / "code-quality.json").read_text())[0]["location"]["path"] == "Dockerfile"
    (location,) = {one["location"]["file"] for one in _artifact(pipeline, "sast.json")["vulnerabilities"]}
    assert location == "Dockerfile"
    for name in ("secret-detection.json", "dependency-scanning.json", "container-scanning.json"):
        assert _artifact(pipeline, name)["scan"]["status"] == "success", name
    assert _artifact(pipeline, "bill.cdx.json")["bomFormat"] == "CycloneDX"


def test_what_cannot_be_read_fails_the_job_as_incomplete(run_pipeline):
    pipeline = run_pipeline(INCOMPLETE)
    assert pipeline.exit_status != 0
    assert "INCOMPLETE" in pipeline.log
    assert any("package-lock.json" in one for one in _failures(pipeline))


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


LOOSE = "stages: {dockerfile: {ignore: ['**']}}\n"


@pytest.fixture
def from_an_old_commit(make_repository, run_pipeline):
    """Return a function that judges a merge request that began where the target branch was looser than now."""

    def judge(*, is_merged: bool = False, is_fork: bool = False):
        repository = make_repository({"gate.yaml": LOOSE, **CLEAN})
        base = repository.git("rev-parse", "HEAD")
        repository.git("checkout", "-q", "-b", "target")
        repository.commit({"gate.yaml": "stages: {dockerfile: {enabled: true}}\n"})
        target = repository.git("rev-parse", "HEAD")
        repository.git("update-ref", "refs/remotes/origin/main", target)
        repository.git("checkout", "-q", "-b", "change", base)
        repository.commit(FAILING)
        if is_merged:
            repository.git("checkout", "-q", "-b", "merged", target)
            repository.git("merge", "-q", "--no-edit", "change")
        merge_request = {
            "CI_PIPELINE_SOURCE": MERGE_REQUEST,
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_PROJECT_ID": "7",
            "CI_PROJECT_ID": "8" if is_fork else "7",
            **({"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target} if is_merged else {}),
        }
        return run_pipeline({}, repository, **merge_request), base, target

    return judge


def test_a_merge_request_from_an_old_commit_is_judged_by_the_target_branch_as_it_is_now(from_an_old_commit):
    pipeline, base, _ = from_an_old_commit()
    assert pipeline.exit_status == 1, pipeline.log
    assert _report(pipeline)["evidence"]["bases"][0]["revisions"] == [base]


def test_a_merged_result_is_compared_with_what_it_goes_into(from_an_old_commit):
    pipeline, _, target = from_an_old_commit(is_merged=True)
    assert pipeline.exit_status == 1, pipeline.log
    assert _report(pipeline)["evidence"]["bases"][0]["revisions"] == [target]
    assert not [one for one in _report(pipeline)["findings"] if one["stage"] == "gate"]


def test_the_branches_of_a_fork_are_no_word_of_the_target(from_an_old_commit):
    pipeline, base, _ = from_an_old_commit(is_fork=True)
    assert pipeline.exit_status == 0, pipeline.log
    assert _report(pipeline)["evidence"]["bases"][0]["revisions"] == [base]


@pytest.mark.parametrize("templates", [(TEMPLATE,), (TEMPLATE, PARALLEL)], ids=["single", "parallel"])
def test_the_report_is_a_note_in_the_merge_request_if_asked(run_pipeline, make_repository, templates):
    repository = make_repository(CLEAN)
    with serving() as forge:
        forge.me = {"username": "gate-bot"}
        merge_request = {
            "CI_PIPELINE_SOURCE": MERGE_REQUEST,
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.git("rev-parse", "HEAD"),
            "CI_MERGE_REQUEST_IID": "12",
            "CI_PROJECT_ID": "7",
            "GITLAB_CI": "true",
            "CI_API_V4_URL": forge.url,
            "GITLAB_TOKEN": "of-the-project",
        }
        repository.commit(FAILING)
        if PARALLEL not in templates:
            quiet = run_pipeline({}, repository, templates=templates, **merge_request)
            assert forge.asked == [], quiet.log
        pipeline = run_pipeline({}, repository, templates=templates, GATE_CI_COMMENT="true", **merge_request)
    assert ["FAIL" in body for body in forge.bodies] == [True], pipeline.log
    assert forge.tokens == {"PRIVATE-TOKEN: of-the-project"}


def test_a_setting_is_a_variable_of_the_pipeline(run_pipeline):
    pipeline = run_pipeline(FAILING, GATE_STAGE="secrets")
    assert pipeline.exit_status == 0, pipeline.log
    assert [stage["name"] for stage in _report(pipeline)["stages"]] == ["secrets"]


def test_a_job_of_ones_own_can_start_from_the_template(run_pipeline):
    own = "two-services:\n  extends: .gate\n  variables: {GATE_CI_TARGETS: 'one two'}\ngate: {rules: [{when: never}]}\n"
    pipeline = run_pipeline({"one/Dockerfile": "FROM scratch\n", "two/a.txt": "fine\n"}, own=own)
    assert pipeline.exit_status == 0, pipeline.log
    assert any({"one", "two"} <= set(stage["targets"]) for stage in _report(pipeline)["stages"])


def test_the_gates_own_cache_and_reports_are_not_judged(run_pipeline, make_repository):
    repository = make_repository(CLEAN)
    first = run_pipeline({}, repository)
    (repository.folder / "gate-reports/Dockerfile").write_text(BAD_DOCKERFILE)
    (repository.folder / ".gate-cache/Dockerfile").write_text(BAD_DOCKERFILE)
    second = run_pipeline({}, repository)
    assert (first.exit_status, second.exit_status) == (0, 0), second.log


def test_a_cache_that_comes_with_the_repository_fails_the_job(run_pipeline):
    pipeline = run_pipeline({**CLEAN, ".gate-cache/pip/forged": "x"})
    assert pipeline.exit_status != 0
    assert ".gate-cache is part of the repository" in pipeline.log


PROTECTED = {"CI_COMMIT_REF_PROTECTED": "true", "GATE_CACHE_KEY": CACHE_KEY}


@pytest.mark.parametrize(
    ("variables", "is_kept"),
    [
        (PROTECTED, True),
        ({**PROTECTED, "CI_COMMIT_REF_PROTECTED": "false"}, False),
        ({"CI_COMMIT_REF_PROTECTED": "true"}, False),
        ({**PROTECTED, "GATE_POLICY": str(POLICIES / "gate-policy.yaml")}, False),
        ({**PROTECTED, "CI_PIPELINE_SOURCE": MERGE_REQUEST}, False),
    ],
    ids=["protected, with the key", "not protected", "without the key", "a policy of others", "a merge request"],
)
def test_a_cache_is_kept_by_the_protected_branch_alone_and_though_the_job_is_red(
    run_pipeline, make_repository, variables, is_kept
):
    repository = make_repository(FAILING)
    merge_request = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.git("rev-parse", "HEAD")}
    isolated = ("--shell-isolation", UNCHECKED)  # else the client keeps no caches
    pipeline = run_pipeline({}, repository, options=isolated, **merge_request, **variables)
    kept = sorted(path.name for path in (repository.folder / ".gitlab-ci-local/cache").glob("*gate-*"))
    assert bool(kept) is is_kept, (kept, pipeline.log)
    if is_kept:
        assert _has_failed(pipeline.log)
        assert all("-pull-push-" in name for name in kept)


def test_all_that_a_run_keeps_is_listed_in_the_caches(run, make_repository, compiled, tmp_path):
    folder = make_repository(FAILING).folder
    shutil.copytree(compiled, tmp_path / ".gate-cache/gate/secrets")
    run("gate", "run", "--offline", cwd=folder, env={"XDG_CACHE_HOME": str(tmp_path / ".gate-cache")})
    caches = yaml.safe_load(TEMPLATE.read_text())[".gate-program"]["cache"]
    listed = [path for cache in caches for path in cache["paths"]]
    kept = [path.relative_to(tmp_path) for path in (tmp_path / ".gate-cache/gate").iterdir()]
    assert kept
    assert {path.name for path in kept if not any(path.match(one) for one in listed)} <= {"reports"}


@pytest.mark.parametrize("templates", [(TEMPLATE,), (TEMPLATE, PARALLEL)], ids=["single", "parallel"])
def test_reports_that_come_with_the_repository_are_none(run_pipeline, templates):
    forged = {"gate-reports/parts/9.json": "{}", "gate-reports/sast.json": "forged", "gate-reports/gate.json": "forged"}
    pipeline = run_pipeline({**CLEAN, **forged}, templates=templates)
    assert pipeline.exit_status == 0, pipeline.log
    assert _report(pipeline)["verdict"]["status"] == "pass"


def test_jobs_are_for_merge_requests_the_default_branch_tags_and_schedules(run_pipeline, make_repository):
    repository = make_repository(CLEAN)
    repository.git("switch", "--quiet", "--create", "feature")
    pipelines = {
        "a push to a branch": ({}, set()),
        "default branch": ({"CI_COMMIT_BRANCH": "main"}, {"gate", "gate-part"}),
        "tag": ({"CI_COMMIT_TAG": "v1"}, {"gate", "gate-part"}),
        "schedule": ({"CI_PIPELINE_SOURCE": "schedule"}, {"gate", "gate-part"}),
        "merge request": ({"CI_PIPELINE_SOURCE": MERGE_REQUEST}, {"gate", "gate-part"}),
    }
    for name, (variables, jobs) in pipelines.items():
        listing = {"templates": (TEMPLATE, PARALLEL), "options": ("--list-csv", UNCHECKED)}
        listed = run_pipeline({}, repository, **listing, **variables)
        assert {
            line.split(";")[0].split(":")[0] for line in listed.log.splitlines() if ";on_success;" in line
        } == jobs, name


def test_findings_can_be_tolerated(run_pipeline):
    assert " WARN  gate" in run_pipeline(FAILING, templates=(COMPONENT,), inputs={"tolerated": [1]}).log


WITHOUT_ADVISORIES = {"requirements.txt": "flask==3.0.3\n"}


def test_a_gate_that_cannot_be_installed_is_not_tolerated(run_pipeline):
    """Of the component here, of the include below: what their jobs run is the same."""
    path = os.pathsep.join(one for one in TOOL_PATH.split(os.pathsep) if not shutil.which("gate", path=one))
    without_gate = {"PATH": path, "PIP_NO_INDEX": "1"}  # the job's `python3` is the system's
    tolerant = {"templates": (COMPONENT,), "inputs": {"tolerated": [1], "package": "security-gate"}}
    pipeline = run_pipeline(CLEAN, environment=without_gate, **tolerant)
    assert "There is no verdict" in pipeline.log, pipeline.log
    assert _has_failed(pipeline.log)


def test_advisories_that_never_came_are_not_tolerated(run_pipeline):
    pipeline = run_pipeline(WITHOUT_ADVISORIES, own="gate: {allow_failure: {exit_codes: [1]}}\n")
    assert "INCOMPLETE" in pipeline.log, pipeline.log
    assert _has_failed(pipeline.log)


def test_variables_at_the_top_of_a_pipeline_replace_the_template_s_defaults(run_pipeline):
    """Unlike those of the command line, a job's own `variables:` would be stronger."""
    own = (
        "variables: {GATE_CI_IMAGE: 'of-the-pipeline:1', GATE_CI_TARGETS: 'one two', GATE_STAGE: secrets,"
        " GATE_REPORT: 'json=gate-reports/gate.json'}\n"
        "gate: {after_script: ['echo \"image $GATE_CI_IMAGE\"']}\n"
    )
    pipeline = run_pipeline({"one/Dockerfile": BAD_DOCKERFILE, "two/a.txt": "fine\n"}, own=own)
    assert pipeline.exit_status == 0, pipeline.log
    (stage,) = _report(pipeline)["stages"]
    assert (stage["name"], set(stage["targets"])) == ("secrets", {"one", "two"})
    assert not (pipeline.artifacts / "junit.xml").exists()
    assert "image of-the-pipeline:1" in pipeline.log


def test_a_component_tolerates_nothing_unless_it_is_told_to(run_pipeline):
    assert _has_failed(run_pipeline(FAILING, templates=(COMPONENT,)).log)


def test_parallel_jobs_are_joined_into_the_same_verdict(run_pipeline, make_repository):
    """Of the component here, of the include below."""
    files = {**FAILING, "conf/a.env": "PASSWORD=correct-horse-battery-Staple9\n"}  # pragma: allowlist secret
    repository = make_repository(files)
    single = _report(run_pipeline({}, repository))
    parallel = run_pipeline({}, repository, templates=(PARALLEL_COMPONENT,))
    joined = _report(parallel)
    assert _has_failed(parallel.log), parallel.log
    assert joined["verdict"]["status"] == single["verdict"]["status"] == "fail"
    assert _marks(joined) == _marks(single)
    parts = (parallel.artifacts / "parts").glob("*-?.json")
    assert sorted(one.stem.rpartition("-")[2] for one in parts) == ["1", "2", "3"]
    assert any("Dockerfile" in one for one in _failures(parallel))


def test_parallel_jobs_are_incomplete_together_if_one_is(run_pipeline):
    pipeline = run_pipeline(INCOMPLETE, templates=(TEMPLATE, PARALLEL))
    assert _has_failed(pipeline.log)
    assert _report(pipeline)["verdict"]["status"] == "incomplete"


@pytest.fixture
def run_under_policy(run, make_repository, gitlab_cache) -> Callable[..., Pipeline]:
    """Return a function that runs the pipeline of a project of a name with the job of the example's security policy.

    The policy's pipeline is made by itself and its jobs are put before the project's, as GitLab's documentation
    ("Pipeline execution policies", `inject_policy`) says; a job of the same name fails the pipeline (`suffix: never`).
    """
    (execution,) = yaml.safe_load((POLICIES / "policy.yml").read_text())["pipeline_execution_policy"]
    (content,) = execution["content"]["include"]
    pipeline = yaml.safe_load((POLICIES / content["file"]).read_text())
    assert [Path(one["file"]).name for one in pipeline["include"]] == [TEMPLATE.name]
    pipeline |= {"include": [{"local": TEMPLATE.name}], "stages": [pipeline["gate"]["stage"]]}
    pipeline["gate"]["variables"]["GATE_POLICY"] = str(POLICIES / "gate-policy.yaml")
    files = {".gitlab-ci.yml": yaml.dump(pipeline), TEMPLATE.name: TEMPLATE.read_text()}
    repository = make_repository(files, name="security-policies")
    repository.git("remote", "add", "origin", "git@gitlab.example:security/policies.git")
    made = run("gitlab-ci-local", "--preview", UNCHECKED, cwd=repository.folder)
    assert made.returncode == 0, made.stderr
    injected = yaml.safe_load(made.stdout)
    stages = [one for one in injected.pop("stages") if one not in (".pre", ".post")]
    injected["gate"]["variables"] = {
        **injected.pop("variables"),
        **injected["gate"]["variables"],
    }  # are its own jobs' alone

    def call(name: str, files: dict[str, str], **variables: str) -> Pipeline:
        own = {
            "stages": ["build"],
            "variables": {"GATE_OFFLINE": "true", **variables},
            "compile": {"stage": "build", "script": ["echo the project goes on"]},
        }
        assert not set(own) & set(injected)
        merged = {**own, **injected, "stages": [*stages, *own["stages"]]}
        project = make_repository({**files, ".gitlab-ci.yml": yaml.dump(merged)}, name=name)
        project.git("remote", "add", "origin", "git@gitlab.example:team/project.git")
        cache = gitlab_cache(project.folder)
        done = run("gitlab-ci-local", "--force-shell-executor", UNCHECKED, cache, cwd=project.folder)
        return Pipeline(done.returncode, done.stdout + done.stderr, project.folder / "gate-reports")

    return call


BY_PROJECT = {
    "targets": ({"GATE_POLICY": "/dev/null", "GATE_CI_TARGETS": "docs", "GATE_SINCE": "HEAD"}, "FAIL: "),
    "stages": ({"GATE_SKIP": "dockerfile"}, "requires it"),
    "ignored": ({"GATE_SECRETS_IGNORE": "**"}, "is fixed to [] by"),
}
"""Variables by which a project tries to switch the policy off, and what the job says."""


def test_a_security_policy_judges_a_project_before_its_own_jobs_and_no_variable_switches_it_off(run_under_policy):
    """The policy's pipeline is made once for all projects."""
    pipeline = run_under_policy("clean", CLEAN)
    assert pipeline.exit_status == 0, pipeline.log
    assert "the project goes on" in pipeline.log
    assert [Path(one["source"]).name for one in _report(pipeline)["policies"]][:1] == ["gate-policy.yaml"]
    for name, (variables, said) in BY_PROJECT.items():
        pipeline = run_under_policy(name, {**FAILING, "docs/a.txt": "fine\n"}, **variables)
        assert pipeline.exit_status != 0, name
        assert said in pipeline.log, pipeline.log
        assert "the project goes on" not in pipeline.log, name


@pytest.mark.parametrize(
    ("component", "inputs", "is_accepted"),
    [
        (
            COMPONENT,
            {"stage": "build", "image": "gate:1", "package": "p", "targets": "a b", "tolerated": [1], "comment": True},
            True,
        ),
        (COMPONENT, {"tolerated": "yes"}, False),
        (COMPONENT, {"comment": "perhaps"}, False),
        (
            PARALLEL_COMPONENT,
            {
                "parts": 2,
                "stage": "build",
                "image": "i",
                "package": "p",
                "targets": "a b",
                "tolerated": [1],
                "comment": True,
            },
            True,
        ),
        (PARALLEL_COMPONENT, {"parts": 99}, False),
        (PARALLEL_COMPONENT, {"parts": "many"}, False),
    ],
)
def test_a_component_accepts_its_inputs_and_rejects_wrong_ones(run_pipeline, component, inputs, is_accepted):
    header = yaml.safe_load(component.read_text().split("\n---\n")[0])["spec"]["inputs"]
    assert set(inputs) == set(header) or not is_accepted
    pipeline = run_pipeline(CLEAN, templates=(component,), inputs=inputs, options=("--list", UNCHECKED))
    assert (pipeline.exit_status == 0) is is_accepted, pipeline.log


def test_the_components_are_what_the_includes_are():
    single = yaml.safe_load(_with_defaults(COMPONENT))
    # A component knows how many parts there are; whoever includes the file may say so by a variable.
    counted = re.sub(r"--parts \d+", '${GATE_CI_PARTS:+--parts "$GATE_CI_PARTS"}', _with_defaults(PARALLEL_COMPONENT))
    parallel = yaml.safe_load(counted)
    include, shared = (yaml.safe_load(one.read_text()) for one in (TEMPLATE, PARALLEL))
    # The inputs of a component are the job's own variables, the defaults of the include the pipeline's.
    inputs = {**include.pop("variables"), "GATE_CI_PACKAGE": "", "GATE_CI_COMMENT": "false"}
    include[".gate-program"]["variables"] |= inputs
    include[".gate"]["variables"] |= {"GATE_CI_TARGETS": "."}
    nothing = {"allow_failure": {"exit_codes": [255]}}  # no status of the gate's
    assert single == {**include, "gate": {**include["gate"], **nothing}}
    assert parallel == {**include, **shared, "gate": {**shared["gate"], **nothing}}


def test_the_templates_are_what_gitlab_accepts(run, tmp_path):
    names = []
    for number, template in enumerate((TEMPLATE, PARALLEL, COMPONENT, PARALLEL_COMPONENT)):
        names.append(f"{number}.yml")
        (tmp_path / names[-1]).write_text(_with_defaults(template))
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    done = run("check-jsonschema", *schema, *names, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def _with_defaults(template: Path) -> str:
    """Return a template as it is without inputs: its last document, with the defaults of its header."""
    *header, body = re.split(r"^---$", template.read_text(), flags=re.MULTILINE)
    inputs = yaml.safe_load(header[0])["spec"]["inputs"] if header else {}
    for name, given in inputs.items():
        default = given["default"] if isinstance(given["default"], str) else json.dumps(given["default"])
        body = body.replace(f"$[[ inputs.{name} ]]", default)
    return body

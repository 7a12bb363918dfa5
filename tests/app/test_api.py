"""The gate as a library says what the command says, and importing it costs nothing.

Goes through `gate/pipeline/run.py`, `gate/pipeline/jobs.py`, `gate/pipeline/job_runs.py`,
`gate/pipeline/resources.py`, `gate/pipeline/comparison.py`.
"""

import os
import subprocess
import sys

import pytest

import gate
from gate.cli import main
from gate.reports.reading import read_report

BAD_DOCKERFILE = "FROM debian:latest\nRUN chmod 777 /srv\n"
STAGES = {"secrets": {"enabled": False}}
SETTINGS = {"offline": True, "jobs": 1, "stages": STAGES}


pytestmark = pytest.mark.usefixtures("own_cache")


def test_it_says_what_the_command_says(make_tree, tmp_path) -> None:  # type: ignore[no-untyped-def]
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    report = gate.run(root, settings=SETTINGS)
    words = ["run", root, "--offline", "--jobs", "1", "--skip", "secrets", "--report", f"json={tmp_path}/r.json"]
    assert main([*words, "--quiet"]) == report.verdict.status.exit_status == 1
    assert set(read_report(f"{tmp_path}/r.json").findings) == set(report.findings)


def test_without_targets_it_judges_the_repository_of_the_current_folder(make_tree, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(make_tree({"Dockerfile": BAD_DOCKERFILE}).root)
    report = gate.run(settings=SETTINGS)
    assert report.verdict.status is gate.VerdictStatus.FAIL
    assert {finding.location.path for finding in report.findings} == {"Dockerfile"}


def test_settings_of_the_project_hold_and_those_given_are_stronger(make_tree) -> None:  # type: ignore[no-untyped-def]
    root = make_tree({"Dockerfile": BAD_DOCKERFILE, "gate.yaml": "stages: {dockerfile: {enabled: false}}\n"}).root
    assert "dockerfile" not in {stage.name for stage in gate.run(root, settings=SETTINGS).stages}
    again = {**SETTINGS, "stages": {**STAGES, "dockerfile": {"enabled": True}}}
    assert "dockerfile" in {stage.name for stage in gate.run(root, settings=again).stages}


def test_each_finding_shows_the_lines_of_its_own_file_however_many_there_are(make_tree) -> None:  # type: ignore[no-untyped-def]
    names = [f"{number}/Dockerfile" for number in range(20)]
    root = make_tree({name: f"FROM debian:latest\nLABEL name={name}\n" for name in names}).root
    report = gate.run(root, settings=SETTINGS | {"jobs": 2})
    shown = {one.location.path: one.excerpt.lines[1] for one in report.findings if one.excerpt}
    assert shown == {name: f"LABEL name={name}" for name in names}


def test_what_was_there_before_a_change_does_not_block_it(make_repository) -> None:  # type: ignore[no-untyped-def]
    repository = make_repository()
    repository.commit({"Dockerfile": BAD_DOCKERFILE})
    repository.git("checkout", "-q", "-b", "change")
    repository.commit({"web/Dockerfile": "FROM debian@sha256:" + "0" * 64 + "\nUSER 10001\n"})
    assert gate.run(str(repository.root), settings=SETTINGS).verdict.status is gate.VerdictStatus.FAIL
    report = gate.run(str(repository.root), settings=SETTINGS | {"since": "main"})
    assert report.verdict.status is gate.VerdictStatus.PASS
    assert {one.status.value for one in report.findings if one.location.path == "Dockerfile"} == {"existing"}
    assert [base.revisions for base in report.evidence.bases] == [(repository.git("rev-parse", "main"),)]


def test_a_part_of_a_run_says_which_it_is(make_tree) -> None:  # type: ignore[no-untyped-def]
    report = gate.run(make_tree({"Dockerfile": BAD_DOCKERFILE}).root, settings=SETTINGS | {"shard": "1/2"})
    assert (report.part.index, report.part.count) == (1, 2)


@pytest.mark.parametrize(
    ("target", "settings"), [("./nowhere", {}), (".", {"no_such_key": 1}), (".", {"jobs": "many"})]
)
def test_what_is_wrong_is_an_error(target: str, settings: dict[str, object]) -> None:
    with pytest.raises(gate.GateError):
        gate.run(target, settings=settings)


@pytest.mark.parametrize("name", gate.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(gate, name) is not None


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        gate.nothing  # noqa: B018


def test_importing_it_loads_nothing() -> None:
    code = "import sys, gate; print(*[name for name in sys.modules if name.startswith(('gate.', 'msgspec'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stdout.split() == []

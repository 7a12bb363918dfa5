"""The shell steps of the examples for other CI systems, taken out of the files and run, with nothing fetched.

What pip installs as `$GATE_PACKAGE` is the wheel that is built of this checkout.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "examples/ci"
CLEAN = {"README": "hello\n"}
FAILING = {"Dockerfile": "FROM debian:latest\nADD http://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n"}
Run = Callable[..., subprocess.CompletedProcess[str]]


def _documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((EXAMPLES / name).read_text()))


def _jenkins() -> Iterator[str]:
    yield from re.findall(r"^\s*sh '(.*)'$", (EXAMPLES / "Jenkinsfile").read_text(), re.MULTILINE)


def _azure() -> Iterator[str]:
    yield from (step["script"] for step in _documents("azure-pipelines.yml")[0]["steps"] if "script" in step)


def _circleci() -> Iterator[str]:
    for step in _documents("circleci.yml")[0]["jobs"]["gate"]["steps"]:
        if "run" in step:
            yield step["run"]["command"].replace("/tmp/reports", "reports")


def _bitbucket() -> Iterator[str]:
    for step in _documents("bitbucket-pipelines.yml")[0]["pipelines"]["default"]:
        yield from step["step"]["script"]


def _commands(name: str) -> Iterator[str]:
    for step in _documents(name)[0]["steps"]:
        yield from step["commands"]


SNIPPETS: dict[str, tuple[Callable[[], Iterator[str]], str | None]] = {
    "Jenkinsfile": (_jenkins, "gate.xml"),
    "azure-pipelines.yml": (_azure, "gate.xml"),
    "circleci.yml": (_circleci, "reports/gate/junit.xml"),
    "bitbucket-pipelines.yml": (_bitbucket, "test-results/gate.xml"),
    "buildkite.yml": (lambda: (step["command"] for step in _documents("buildkite.yml")[0]["steps"]), "gate.xml"),
    "tekton.yml": (lambda: (step["script"] for step in _documents("tekton.yml")[0]["spec"]["steps"]), "gate.xml"),
    "woodpecker.yml": (lambda: _commands("woodpecker.yml"), None),
    "drone.yml": (lambda: _commands("drone.yml"), None),
}
"""File to its shell steps, and the end of the JUnit report's path if it writes one."""


def _rows() -> Iterator[tuple[str, dict[str, str], int]]:
    """Yield every file with what fails; that a pass is one is the same in those that write the report."""
    for name in SNIPPETS:
        yield name, FAILING, 1
    for name in ("tekton.yml", "woodpecker.yml", "Jenkinsfile"):  # Drone's steps are those of Woodpecker
        yield name, CLEAN, 0


@pytest.fixture(scope="module")
def agent(
    tmp_path_factory: pytest.TempPathFactory,
    pip_offline: dict[str, str],
    another_gate: Path,
    run: Run,
    environment: dict[str, str],
) -> dict[str, str]:
    """Return the environment of a CI agent, whose own Python holds the gate as the page says."""
    folder = tmp_path_factory.mktemp("agent")
    python = folder / "python"
    subprocess.run([sys.executable, "-m", "venv", python], check=True, timeout=120)
    path = f"{python}/bin:{another_gate}:{environment['PATH']}"
    of_agent = {
        **pip_offline,
        "GATE_OFFLINE": "true",
        "GATE_PACKAGE": "security-gate",
        "PATH": path,
        "AGENT_TEMPDIRECTORY": str(folder),
    }
    done = run(f"{python}/bin/pip", "install", "--quiet", "security-gate", cwd=python, env=of_agent)
    assert done.returncode == 0, done.stderr
    assert Path(shutil.which("gate", path=path) or "").parent == python / "bin"
    return of_agent


@pytest.mark.parametrize(
    ("name", "files", "status"), [*_rows()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_steps_of_an_example_end_with_the_verdict_and_leave_the_report(
    run: Run,
    agent: dict[str, str],
    make_repository: Callable[..., object],
    tmp_path: Path,
    name: str,
    files: dict[str, str],
    status: int,
) -> None:
    steps, junit = SNIPPETS[name]
    script = "\n".join(steps())
    assert "gate run" in script or '/gate" run' in script
    folder = make_repository(files).folder  # type: ignore[attr-defined]
    done = run("bash", "-e", "-c", script, cwd=folder, env={**agent, "VERDICT": str(tmp_path / "verdict")})
    assert done.returncode == status, done.stdout + done.stderr
    assert ("PASS" in done.stdout) is (status == 0)
    if junit:
        written = [*tmp_path.rglob("*.xml"), *Path(agent["AGENT_TEMPDIRECTORY"]).glob("*.xml")]
        (report,) = [path for path in written if path.as_posix().endswith(junit)]
        assert (ElementTree.parse(report).getroot().find(".//failure") is not None) is (status == 1)
        report.unlink()
    if name == "tekton.yml":
        assert (tmp_path / "verdict").read_text() == ("pass" if status == 0 else "fail")


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_file()} == {*SNIPPETS, "README.md"}


def test_tekton_s_pipeline_hands_its_task_what_it_asks_for() -> None:
    task, pipeline = _documents("tekton.yml")
    (judging,) = [one for one in pipeline["spec"]["tasks"] if one["taskRef"].get("name") == task["metadata"]["name"]]
    for kind in ("params", "workspaces"):
        assert {one["name"] for one in judging[kind]} == {one["name"] for one in task["spec"][kind]}

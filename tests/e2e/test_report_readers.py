"""Reports of a real run, read by the programs and schemas of those who take them."""

import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FILES: dict[str, str | None] = {
    "Dockerfile": "FROM debian:latest\nADD http://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n",
    "it's <odd> ::error::.Dockerfile": "FROM debian:latest\nRUN sudo true\n",
    "package-lock.json": "{broken",
    "README": "hello\n",
}
HOSTILE = "]]>\x1b[31m::error ::<script>alert(1)</script>\u202e\x00\udc80\r\n|`$HOME&quot;[a](https://evil.example)"
PYTEST = "pytest==9.0.2"
"""Its source distribution carries the schema of the Jenkins xUnit plugin."""


@pytest.fixture(scope="session")
def multitool(tools: Path) -> Path:
    """Return Microsoft's SARIF validator, which knows GitHub's rules."""
    program = tools / "node/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    if not program.exists():
        pytest.skip("@microsoft/sarif-multitool-linux is not installed")
    return program


@pytest.fixture(scope="session")
def junit_schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the schema of JUnit files, out of pytest's source distribution."""
    folder = tmp_path_factory.mktemp("pytest")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=pytest", PYTEST]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.skip(f"the source distribution of pytest cannot be had: {done.stderr[-200:]}")
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        (name,) = (one for one in files.getnames() if one.endswith("junit-10.xsd"))
        files.extract(name, folder, filter="data")
    import xmlschema  # every process collects these tests, and one asks

    return xmlschema.XMLSchema(str(folder / name))


@pytest.fixture
def reports(make_repository: Callable[..., object], run: Callable[..., subprocess.CompletedProcess[str]]) -> Path:
    """Return a folder with the reports of a run that finds something and cannot read everything."""
    folder: Path = make_repository(FILES).folder  # type: ignore[attr-defined]
    wanted = ("json=gate.json", "sarif=gate.sarif", "junit=junit.xml")
    done = run("gate", "run", "--offline", *(f"--report={one}" for one in wanted), cwd=folder)
    assert done.returncode == 3, done.stderr
    return folder


@pytest.fixture
def hostile(reports: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> Path:
    """Return the folder with the same reports, in which every free text is what some reader would act on."""
    report = json.loads((reports / "gate.json").read_text())
    for finding in report["findings"]:
        finding |= {name: finding[name] + HOSTILE for name in ("rule", "title", "message")}
        finding["location"] |= {name: f"{name}{HOSTILE}" for name in ("target", "path")}
    for stage in report["stages"]:
        stage["errors"] = [{name: text and text + HOSTILE for name, text in one.items()} for one in stage["errors"]]
    (reports / "gate.json").write_text(json.dumps(report))
    done = run("gate", "report", "gate.json", "--report=sarif=gate.sarif", "--report=junit=junit.xml", cwd=reports)
    assert done.returncode == 3, done.stderr
    return reports


@pytest.mark.parametrize("written", ["reports", "hostile"])
def test_the_sarif_report_follows_the_schema_and_githubs_rules(
    written: str, request: pytest.FixtureRequest, multitool: Path
) -> None:
    reports: Path = request.getfixturevalue(written)
    command = [multitool, "validate", "gate.sarif", "--rule-kind", "Sarif;Ghas", "--output", "validation.sarif"]
    environment = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(reports)}
    done = subprocess.run(command, cwd=reports, env=environment, capture_output=True, text=True, timeout=120)
    said = [line for line in done.stdout.splitlines() if ": error " in line or ": warning " in line]
    # SARIF2005 wants an address of the project, which is the organisation's to choose.
    assert [line for line in said if "SARIF2005" not in line] == []
    assert "Analysis completed successfully." in done.stdout


@pytest.mark.parametrize("written", ["reports", "hostile"])
def test_the_junit_report_follows_the_schema_but_for_the_places_of_cases(
    written: str, request: pytest.FixtureRequest, junit_schema: Any
) -> None:
    reports: Path = request.getfixturevalue(written)
    mistakes = [str(error.reason) for error in junit_schema.iter_errors(str(reports / "junit.xml"))]
    assert {one for one in mistakes if not one.startswith(("'file' attribute", "'line' attribute"))} == set()
    assert mistakes != []

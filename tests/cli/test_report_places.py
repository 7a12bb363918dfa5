"""Reports that cannot be written: the status is right, the error names them, and the others are written.

They go through `gate/cli/judged.py` and `gate/cli/own_reports.py`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gate.model import Report, Tool, Verdict, VerdictStatus
from gate.reports import write_report


@pytest.fixture(params=[VerdictStatus.PASS, VerdictStatus.FAIL])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a folder with a report of each verdict, `gate.json`."""
    verdict = Verdict(status=request.param)
    tool = Tool(name="gate", version="1")
    report = Report(tool=tool, verdict=verdict, stages=(), findings=(), packages=0)
    write_report("json", report, str(tmp_path / "gate.json"))
    return tmp_path


def gate(folder: Path, *words: str, stdout: int = subprocess.PIPE) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "gate", "report", "gate.json", *words]
    return subprocess.run(command, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)


def status_of(folder: Path) -> int:
    return {"pass": 0, "fail": 1}[json.loads((folder / "gate.json").read_text())["verdict"]["status"]]


def test_what_can_be_written_ends_with_the_verdicts_status(folder: Path) -> None:
    assert gate(folder, "--report", "csv=out.csv").returncode == status_of(folder)


@pytest.mark.parametrize("place", ["/dev/full", "absent/folder/out.xml", "."])
def test_a_place_that_takes_no_report_is_named_and_the_others_are_written(folder: Path, place: str) -> None:
    done = gate(folder, "--report", f"junit={place}", "--report", "csv=out.csv")
    assert done.returncode == 3
    assert f"gate: {place}: the junit report cannot be written" in done.stderr
    assert (folder / "out.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "gate: the report cannot be printed (Broken pipe)\n"),
        (("--report", "markdown=-"), "gate: -: the markdown report cannot be written (Broken pipe)"),
    ],
)
def test_a_reader_that_hangs_up_is_named_and_takes_no_other_report_with_it(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = gate(folder, *words, *(("--report", "csv=out.csv") if words else ()), stdout=writing)
    os.close(writing)
    assert done.returncode == 3
    assert said.strip() in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "out.csv").exists() is bool(words)


def test_a_reader_of_a_named_pipe_that_hangs_up_takes_no_other_report_with_it(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    command = [sys.executable, "-m", "gate", "report", "gate.json", "--report", "html=pipe", "--report", "csv=out.csv"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        with open(folder / "pipe", "rb"):  # opened and closed: the page is larger than what a pipe holds
            pass
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 3
    assert "gate: pipe: the html report cannot be written (Broken pipe)" in said
    assert (folder / "out.csv").exists()


def test_a_full_disk_behind_standard_output_is_said(folder: Path) -> None:
    with open("/dev/full", "w") as full:
        done = gate(folder, stdout=full.fileno())
    assert done.returncode == 3
    assert "gate: the report cannot be printed (No space left on device)" in done.stderr
    assert "Traceback" not in done.stderr

"""A report that contradicts itself is no report: an error names the file, whatever was to be made of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.core.errors import UnreadableError
from gate.model import (
    EDITED_PIPELINE,
    Finding,
    Location,
    Reason,
    Report,
    Severity,
    StageError,
    StageStatus,
    Tool,
    Verdict,
    VerdictStatus,
)
from gate.model.report import StageSummary
from gate.reports import write_report
from gate.reports.reading import read_report

FOUND = Finding(
    stage="secrets",
    rule="R",
    severity=Severity.HIGH,
    title="t",
    message="m",
    fingerprint="f",
    location=Location(target="shop"),
    blocking=True,
)
STAGE = StageSummary(
    name="secrets", status=StageStatus.OK, reason=None, duration_s=1, targets=("shop",), counts={"high": 1}, facts={}
)
FAILED = Verdict(status=VerdictStatus.FAIL, reasons=(Reason(rule="secrets", message="1 finding"),))
PASSED = Verdict(status=VerdictStatus.PASS)


def report(**parts: Any) -> Report:
    whole = {"tool": Tool(name="gate", version="1"), "verdict": FAILED, "stages": (STAGE,), "findings": (FOUND,)}
    return Report(**{**whole, "packages": 0, **parts})


def read_again(about: Report, folder: Path) -> Report:
    write_report("json", about, str(folder / "r.json"))
    return read_report(str(folder / "r.json"))


def stage(**parts: Any) -> tuple[StageSummary, ...]:
    return (msgspec.structs.replace(STAGE, **parts),)


def test_a_pass_can_say_that_the_change_edits_what_judges_it(tmp_path: Path) -> None:
    beside = Verdict(status=VerdictStatus.PASS, reasons=(Reason(rule=EDITED_PIPELINE, message="a.yml runs the gate"),))
    assert read_again(report(verdict=beside, findings=(), stages=()), tmp_path).verdict == beside


def test_a_report_that_agrees_with_itself_is_read(tmp_path: Path) -> None:
    assert read_again(report(), tmp_path).verdict.status is VerdictStatus.FAIL


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: report(verdict=PASSED), "its verdict is pass, and it says what blocks"),
        (
            lambda: report(verdict=Verdict(status=VerdictStatus.PASS, reasons=FAILED.reasons), findings=(), stages=()),
            "its verdict is pass, and it says what blocks",
        ),
        (lambda: report(findings=()), "secrets counts 1 findings that are high, and 0 are listed"),
        (lambda: report(stages=()), "secrets counts 0 findings that are high, and 1 are listed"),
        (
            lambda: report(stages=stage(errors=(StageError(title="cannot be read", message=""),))),
            "its verdict is fail, and secrets could not finish",
        ),
        (
            lambda: report(verdict=PASSED, findings=(), stages=stage(status=StageStatus.ERROR, counts={})),
            "its verdict is pass, and secrets could not finish",
        ),
        (lambda: report(stages=stage(started_at="yesterday")), "a stage does not say when it ran"),
        (lambda: report(stages=stage(finished_at="2026-11-26T12:00:00")), "a stage does not say when it ran"),
    ],
)
def test_a_report_that_was_changed_is_an_error(change: Callable[[], Report], said: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=f"contradicts itself: {said}"):
        read_again(change(), tmp_path)

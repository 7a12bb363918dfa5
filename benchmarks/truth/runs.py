"""Runs of the gate over repositories of the corpus, and what of their reports counts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.truth.labels import UNREADABLE, Place, Repository, key_of

STAGES = ("dockerfile", "secrets", "dependencies", "ci", "workspace", "kubernetes")
_WITHOUT_ADVISORIES = tuple(stage for stage in STAGES if stage != "dependencies")
TIME_LIMIT = 900.0
"""Seconds for one repository."""
_KNOWN_STATUSES = (0, 1, 3)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, or a file that could not be read, without the text of either."""

    repository: str
    stage: str
    rule: str
    path: str
    line: int
    fingerprint: str
    severity: str
    confidence: str
    blocking: bool
    """Whether it stops the run: it blocks, or it is what makes the run incomplete."""
    worth: str = "medium"
    evidence: tuple[str, ...] = ()
    """What the worth is known by, in sentences."""
    places: tuple[tuple[str, int], ...] = ()
    """Further places of the same problem."""

    @property
    def key(self) -> tuple[str, str, str]:
        return key_of(self.repository, self.stage, self.fingerprint, self.path)

    @property
    def all_places(self) -> Iterator[Place]:
        yield (self.repository, self.stage, self.path, self.line)
        for path, line in self.places:
            yield (self.repository, self.stage, path, line)


def report_of(root: Path, repository: Repository, kept: Path, advisories: Path | None) -> dict[str, Any]:
    """Return the report of the gate on a folder; one that is in `kept` already is not made again.

    Raises SystemExit if the folder is not at the commit of the corpus, or the gate fails.
    """
    report = kept / f"{repository.folder}.json"
    if not report.exists():
        _check_commit(root, repository)
        _run(root, report, advisories)
    read: dict[str, Any] = json.loads(report.read_text())
    return read


def found_in(report: dict[str, Any], repository: Repository) -> Iterator[Found]:
    """Yield every finding of a report, then every file that its stages could not read."""
    for one in report["findings"]:
        yield _found(one, repository)
    for stage in report["stages"]:
        for path in dict.fromkeys(error["path"] or "" for error in stage["errors"]):
            yield _unreadable(path, stage["name"], repository)


def _check_commit(root: Path, repository: Repository) -> None:
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    if done.stdout.strip() != repository.commit:
        raise SystemExit(f"{root} is not at commit {repository.commit} of {repository.repository}")


def _run(root: Path, report: Path, advisories: Path | None) -> None:
    command = [sys.executable, "-m", "gate", "run", ".", "--offline", "--quiet", "--report", f"json={report.resolve()}"]
    for stage in STAGES if advisories else _WITHOUT_ADVISORIES:
        command += ["--stage", stage]
    if advisories:
        command += ["--advisories", str(advisories.resolve())]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GATE_")}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=TIME_LIMIT, check=False
    )
    if done.returncode not in _KNOWN_STATUSES:
        raise SystemExit(f"{root}: the gate ended with status {done.returncode}: {done.stderr[-500:]}")


def _found(one: dict[str, Any], repository: Repository) -> Found:
    location = one["location"]
    return Found(
        repository=repository.repository,
        stage=one["stage"],
        rule=one["rule"],
        path=location["path"] or "",
        line=location["line"] or 0,
        fingerprint=one["fingerprint"],
        severity=one["severity"],
        confidence=one["confidence"],
        blocking=one["blocking"],
        worth=one["worth"],
        evidence=tuple(one["worth_evidence"]),
        places=tuple((place["path"] or "", place["line"] or 0) for place in one["places"]),
    )


def _unreadable(path: str, stage: str, repository: Repository) -> Found:
    return Found(
        repository=repository.repository,
        stage=stage,
        rule=UNREADABLE,
        path=path,
        line=0,
        fingerprint="",
        severity="high",
        confidence="high",
        blocking=True,
    )

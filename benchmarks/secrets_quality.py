"""Precision and recall of secret scanners on the labelled set, and what they raise on clean trees.

Usage: python benchmarks/secrets_quality.py [--blind NAME] [--peers FOLDER] [--clean FOLDER …]

A line that a finding tells is right if it is the labelled one of a file with a credential; every other one is wrong.
`--blind` takes a blind set, whose lines were written before any detector was tried on them. FOLDER of `--peers`
holds `gitleaks` and `kingfisher`; the gate and detect-secrets are those of this interpreter.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY / "tests" / "secrets" / "labelled"))

from labelled_set import BLIND, Labelled, blind, labelled, write  # noqa: E402

Place = tuple[str, int]
"""(path, line)"""


class Score(NamedTuple):
    """Lines rightly named, lines wrongly named, credentials passed over."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


def _run(root: Path, *command: str | Path) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} ended with status {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def _gate(root: Path, mode: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        options = (
            "--stage",
            "secrets",
            "--offline",
            "--no-cache",
            "--secrets-mode",
            mode,
            "--report",
            f"json={report}",
        )
        _run(root, sys.executable, "-m", "gate", "run", ".", *options)
        return list(json.loads(report.read_text())["findings"])


def _places(findings: list[dict[str, Any]]) -> set[Place]:
    """Every line that findings tell: a secret is told once, with all the places where it stands."""
    locations = (place for one in findings for place in (one["location"], *one["places"]))
    return {(place["path"], place["line"]) for place in locations}


def gate(root: Path) -> set[Place]:
    """What blocks in the default mode."""
    return _places([one for one in _gate(root, "gate") if one["blocking"]])


def gate_sure(root: Path) -> set[Place]:
    """What the default mode reports with medium or high confidence, whatever it is worth."""
    return _places([one for one in _gate(root, "gate") if one["confidence"] != "low"])


def gate_reported(root: Path) -> set[Place]:
    """All that the default mode reports, what is of low confidence included."""
    return _places(_gate(root, "gate"))


def compat(root: Path) -> set[Place]:
    """What `detect-secrets scan -n --all-files` finds, by the gate."""
    return _places(_gate(root, "compat"))


def detect_secrets(root: Path) -> set[Place]:
    output = _run(root, sys.executable, "-P", "-m", "detect_secrets", "scan", "-n", "--all-files", ".")
    found = json.loads(output)["results"]
    return {(path, secret["line_number"]) for path, secrets in found.items() for secret in secrets}


def gitleaks(root: Path, program: Path) -> set[Place]:
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        _run(root, program, "dir", ".", "-f", "json", "-r", report.name, "--no-banner", "--exit-code", "0")
        found = json.loads(Path(report.name).read_text())
    return {(Path(one["File"]).as_posix(), one["StartLine"]) for one in found}


def kingfisher(root: Path, program: Path) -> set[Place]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        options = ("--format", "json", "--no-validate", "--no-update-check", "-o", report)
        subprocess.run([program, "scan", ".", *options], cwd=root, capture_output=True, check=False)
        found = json.loads(report.read_text())["findings"]
    return {(Path(one["finding"]["path"]).as_posix(), one["finding"]["line"]) for one in found}


def scanners(peers: Path | None) -> dict[str, Callable[[Path], set[Place]]]:
    """Return what can be compared here, by name."""
    found: dict[str, Callable[[Path], set[Place]]] = {
        "gate": gate,
        "gate, medium confidence or more": gate_sure,
        "gate, low confidence too": gate_reported,
        "gate compat": compat,
        "detect-secrets": detect_secrets,
    }
    if peers and (program := peers.resolve() / "gitleaks").exists():
        found["gitleaks"] = lambda root, program=program: gitleaks(root, program)  # type: ignore[misc]
    if peers and (program := peers.resolve() / "kingfisher").exists():
        found["kingfisher"] = lambda root, program=program: kingfisher(root, program)  # type: ignore[misc]
    return found


def score(cases: list[Labelled], places: set[Place]) -> Score:
    """Compare the lines that a scanner names in the files of `cases` with the labels."""
    wanted = {(case.path, case.line) for case in cases if case.is_secret}
    files = {case.path for case in cases}
    named = {place for place in places if place[0] in files}
    return Score(len(wanted & named), len(named - wanted), len(wanted - named))


def print_total(cases: list[Labelled], found: dict[str, set[Place]]) -> None:
    print("| scanner | right | wrong | missed | precision | recall | F1 |\n| --- | --- | --- | --- | --- | --- | --- |")
    for name, places in found.items():
        one = score(cases, places)
        numbers = " | ".join(f"{number:.2f}" for number in (one.precision, one.recall, one.f1))
        print(f"| {name} | {one.right} | {one.wrong} | {one.missed} | {numbers} |")


def print_by_kind(cases: list[Labelled], found: dict[str, set[Place]]) -> None:
    print(f"\n| kind | {' | '.join(found)} |\n| --- |{' --- |' * len(found)}")
    for kind in dict.fromkeys(case.kind for case in cases):
        scores = [score([case for case in cases if case.kind == kind], places) for places in found.values()]
        cells = (f"{one.precision:.2f} / {one.recall:.2f} / {one.f1:.2f}" for one in scores)
        print(f"| {kind} | {' | '.join(cells)} |")


def print_noise(roots: list[Path], compared: dict[str, Callable[[Path], set[Place]]]) -> None:
    print(f"\n| clean tree | {' | '.join(compared)} |\n| --- |{' --- |' * len(compared)}")
    total: Counter[str] = Counter()
    for number, root in enumerate(roots, 1):
        counts = {name: len(scan(root)) for name, scan in compared.items()}
        total.update(counts)
        print(f"| {number}: {root.name} | {' | '.join(str(count) for count in counts.values())} |")
    print(f"| all | {' | '.join(str(total[name]) for name in compared)} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--blind", choices=BLIND)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--clean", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    compared = scanners(options.peers)
    with tempfile.TemporaryDirectory() as folder:
        cases = write(Path(folder), list(blind(options.blind) if options.blind else labelled()))
        found = {name: scan(Path(folder)) for name, scan in compared.items()}
    print_total(cases, found)
    print_by_kind(cases, found)
    if options.clean:
        print_noise(options.clean, compared)


if __name__ == "__main__":
    main()

"""`gate baseline`: what was there does not block, what is new does.

Goes through `gate/pipeline/secrets_baseline.py`, `gate/secrets/results/baseline_writer.py`.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.cli import main
from gate.policy.baseline import FILE
from gate.stages.secrets import OWN_BASELINE

pytestmark = pytest.mark.one_python

AWS = "AKIA" + "Z7VRSQ5TJN2XMPLQ"
OTHER = "AKIA" + "Q4WKXN7TRB3YMPZD"
DOCKERFILE = "FROM debian\nRUN sudo make\n"

Gate = Callable[..., int]


@pytest.fixture
def project(tmp_path: Path, own_cache: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "a.py").write_text(f"key = '{AWS}'\n")
    (root / "Dockerfile").write_text(DOCKERFILE)
    return root


@pytest.fixture
def gate(project: Path) -> Gate:
    """A function that runs a command on the project, with the stages that need no advisories."""
    return lambda command, *words: main([command, str(project), "--skip", "dependencies", "--quiet", *words])


def lines_of(project: Path) -> list[list[str]]:
    return [json.loads(line) for line in (project / FILE).read_text().splitlines()[1:]]


def test_what_was_recorded_does_not_block_and_what_is_new_does(gate: Gate, project: Path) -> None:
    assert gate("run") == 1
    assert gate("baseline") == 0
    assert gate("run") == 0
    (project / "b.py").write_text(f"key = '{OTHER}'\n")
    assert gate("run") == 1


def test_the_number_of_findings_is_that_of_a_run_though_the_file_has_a_line_for_each_of_their_files(
    gate: Gate, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "copy.py").write_text(f"key = '{AWS}'\n")
    (project / "further.py").write_text(f"key = '{AWS}'\n")
    gate("baseline")
    said = capsys.readouterr().out
    gate("run")
    existing = re.search(r"\((\d+) existing\)", capsys.readouterr().out)
    assert existing is not None
    number, lines = int(existing[1]), len(lines_of(project))
    assert lines == number + 2
    assert said.startswith(f"{number} findings in ")
    assert f", in {lines} lines (one for each file of a finding): {lines} added, 0 gone." in said


def test_a_share_of_the_work_is_not_taken_for_all_of_it(
    gate: Gate, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate("baseline")
    whole = lines_of(project)
    (project / FILE).unlink()
    monkeypatch.setenv("GATE_SHARD", "2/2")
    assert gate("baseline") == 0
    assert [line[:3] for line in lines_of(project)] == [line[:3] for line in whole]


@pytest.mark.parametrize("flag", ["--report=json=x.json", "--since=HEAD", "--shard=1/2"])
def test_what_it_does_not_heed_is_refused(gate: Gate, flag: str) -> None:
    assert gate("baseline", flag) == 2
    assert gate("sbom", flag) == 2


def test_moving_and_reformatting_lines_changes_nothing(gate: Gate, project: Path) -> None:
    gate("baseline")
    (project / "a.py").write_text(f"\n\n\nkey  =  (\n    '{AWS}'\n)\n")
    assert gate("run") == 0


def test_another_secret_of_the_same_kind_in_the_same_file_is_new(gate: Gate, project: Path) -> None:
    gate("baseline")
    (project / "a.py").write_text(f"key = '{AWS}'\nother = '{OTHER}'\n")
    assert gate("run") == 1


def test_findings_of_all_stages_are_recorded_and_no_secret_is(gate: Gate, project: Path) -> None:
    gate("baseline")
    assert {(path, stage) for path, stage, *_ in lines_of(project)} == {
        ("a.py", "secrets"),
        ("Dockerfile", "dockerfile"),
    }
    text = (project / FILE).read_text()
    assert AWS[4:] not in text
    assert not any(hashlib.new(name, AWS.encode()).hexdigest()[:12] in text for name in ("sha1", "sha256", "md5"))


def test_recording_again_keeps_the_key_and_drops_what_is_mended(gate: Gate, project: Path) -> None:
    gate("baseline")
    before = (project / FILE).read_text().splitlines()
    (project / "a.py").write_text("x = 1\n")
    gate("baseline")
    after = (project / FILE).read_text().splitlines()
    assert after == [line for line in before if '"secrets"' not in line]


def test_entries_of_a_stage_that_does_not_run_are_kept(gate: Gate, project: Path) -> None:
    gate("baseline")
    before = lines_of(project)
    gate("baseline", "--stage", "dockerfile")
    assert lines_of(project) == before


def test_the_baseline_itself_holds_nothing_to_find(gate: Gate, project: Path) -> None:
    gate("baseline")
    before = (project / FILE).read_bytes()
    gate("baseline")
    assert (project / FILE).read_bytes() == before


def detect_secrets_baseline(value: str, **parts: object) -> str:
    listed = {"type": "AWS Access Key", "hashed_secret": hashlib.sha1(value.encode()).hexdigest(), "line_number": 1}
    return json.dumps({"version": "1.5.0", "results": {"a.py": [listed | parts]}})


def test_a_detect_secrets_baseline_is_taken_over(gate: Gate, project: Path) -> None:
    (project / "a.py").write_text(f"key = '{AWS}'\nother = '{OTHER}'\n")
    (project / "old.json").write_text(detect_secrets_baseline(AWS))
    assert gate("baseline", "--from", str(project / "old.json")) == 0
    assert [line[:3] for line in lines_of(project)] == [["a.py", "secrets", "SECRET-AWS"]]
    (project / "old.json").unlink()
    assert gate("run", "--stage", "secrets") == 1, "the other one is not listed"
    (project / "a.py").write_text(f"key = '{AWS}'\n")
    assert gate("run", "--stage", "secrets") == 0


def test_what_an_audit_called_real_is_not_taken_over(gate: Gate, project: Path) -> None:
    (project / "old.json").write_text(detect_secrets_baseline(AWS, is_secret=True))
    gate("baseline", "--from", str(project / "old.json"))
    assert lines_of(project) == []


def test_taking_over_adds_to_what_is_there(gate: Gate, project: Path) -> None:
    gate("baseline", "--stage", "dockerfile")
    before = lines_of(project)
    (project / "old.json").write_text(detect_secrets_baseline(AWS))
    gate("baseline", "--from", str(project / "old.json"))
    assert [line for line in lines_of(project) if line in before] == before
    assert len(lines_of(project)) == len(before) + 1


@pytest.mark.parametrize("name", ["missing.json", "../outside.json"])
def test_a_file_to_take_over_has_to_be_in_the_project(gate: Gate, project: Path, name: str) -> None:
    (project.parent / "outside.json").write_text(detect_secrets_baseline(AWS))
    assert gate("baseline", "--from", str(project / name)) == 2
    assert not (project / FILE).exists()


def test_a_stage_that_cannot_finish_is_told_and_its_entries_stay(
    gate: Gate, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate("baseline")
    before = lines_of(project)
    (project / "big.txt").write_text("x" * 2000)
    assert gate("baseline", "--secrets-max-file-size", "1000") == 3
    assert "big.txt" in capsys.readouterr().err
    assert lines_of(project) == before


def test_a_broken_baseline_is_an_error_and_no_pass(gate: Gate, project: Path) -> None:
    (project / ".gate").mkdir()
    (project / FILE).write_text("<<<<<<< ours\n")
    assert gate("run") == 2


def test_a_detect_secrets_baseline_is_written_as_detect_secrets_does(gate: Gate, project: Path) -> None:
    (project / "b.yaml").write_text("password: correct-horse-battery\nagain: {password: correct-horse-battery}\n")
    file = project / ".secrets.baseline"
    assert gate("baseline", "--to", str(file)) == 0
    ours = json.loads(file.read_text())
    file.unlink()
    command = [sys.executable, "-m", "detect_secrets", "scan", "-n", "--all-files", "."]
    theirs = json.loads(subprocess.run(command, cwd=project, check=True, capture_output=True).stdout)
    assert ours["results"] == theirs["results"] != {}
    assert ours["plugins_used"] == sorted(theirs["plugins_used"], key=lambda plugin: str(plugin["name"]))
    assert ours["version"] == theirs["version"]


def test_what_was_written_is_read_by_both(gate: Gate, project: Path) -> None:
    file = project / ".secrets.baseline"
    gate("baseline", "--to", str(file))
    assert gate("run", "--stage", "secrets") == 0
    before = json.loads(file.read_text())["results"]
    command = [sys.executable, "-m", "detect_secrets", "scan", "-n", "--all-files", "--baseline", str(file)]
    subprocess.run(command, cwd=project, check=True)
    assert json.loads(file.read_text())["results"]["a.py"] == before["a.py"]


def test_writing_again_keeps_plugins_filters_and_what_an_audit_said(gate: Gate, project: Path) -> None:
    file = project / ".secrets.baseline"
    gate("baseline", "--to", str(file))
    old = json.loads(file.read_text())
    old["results"]["a.py"][0]["is_secret"] = False
    old["plugins_used"] = [{"name": "AWSKeyDetector"}]
    file.write_text(json.dumps(old))
    (project / "a.py").write_text(f"\n\nkey = '{AWS}'\n")
    gate("baseline", "--to", str(file))
    new = json.loads(file.read_text())
    (entry,) = new["results"]["a.py"]
    assert (entry["is_secret"], entry["line_number"]) == (False, 3)
    assert (new["plugins_used"], new["filters_used"]) == ([{"name": "AWSKeyDetector"}], old["filters_used"])


def test_a_file_that_is_no_baseline_is_not_written_over(gate: Gate, project: Path) -> None:
    assert gate("baseline", "--to", str(project / "a.py")) == 3
    assert AWS in (project / "a.py").read_text()


def test_the_marks_are_no_secrets_in_compat_mode_either(gate: Gate, project: Path) -> None:
    gate("baseline", "--secrets-mode", "compat")
    before = (project / FILE).read_bytes()
    gate("baseline", "--secrets-mode", "compat")
    assert (project / FILE).read_bytes() == before
    assert OWN_BASELINE == FILE

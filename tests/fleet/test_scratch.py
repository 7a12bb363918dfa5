"""Temporary folders of targets, also of those whose process was killed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from gate.fleet.scratch import scratch_folder, sweep

KEPT = """
from gate.fleet.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "clone").mkdir()
    print(folder, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_a_folder_is_removed_in_the_end(tmp_path: Path) -> None:
    with scratch_folder() as folder:
        assert os.listdir(folder) == []
    assert os.listdir(tmp_path) == []


def test_what_a_killed_process_left_is_swept_and_what_one_uses_is_not(tmp_path: Path) -> None:
    (tmp_path / "gate-fleet-strange").mkdir()
    (tmp_path / "gate-fleet-link").symlink_to(tmp_path)
    process = subprocess.Popen([sys.executable, "-c", KEPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert sweep() == 0
    assert (folder / "clone").is_dir()
    process.kill()
    process.communicate()
    assert sweep() == 1
    assert not folder.exists()
    assert sorted(os.listdir(tmp_path)) == ["gate-fleet-link", "gate-fleet-strange"]

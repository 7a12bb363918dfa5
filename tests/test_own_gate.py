"""The project passes its own gate, with its own gate.yaml."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_the_project_passes_its_own_gate(own_cache: Path) -> None:
    command = [sys.executable, "-m", "gate", "run", str(ROOT), "--offline"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout

"""The command line as a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Gate = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def gate(own_cache: Path) -> Gate:
    """Return a function that runs `gate WORD …` in the folder `cwd`."""

    def run(*words: str, cwd: str | None = None) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "gate", *words]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)

    return run

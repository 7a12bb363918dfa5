"""The command line as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.starting import GATE, Starter, is_sample

Gate = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def starter(compiled_patterns: Path) -> Iterator[Starter]:
    """Return the process that forks commands, in the environment of the tests."""
    with Starter(dict(os.environ), compiled_patterns) as started:
        yield started


@pytest.fixture
def gate(own_cache: Path, starter: Starter, request: pytest.FixtureRequest) -> Gate:
    """Return a function that runs `gate WORD …` in the folder `cwd`, in one test in 32 as the program."""

    def run(*words: str, cwd: str | None = None) -> "subprocess.CompletedProcess[str]":
        environment = dict(os.environ)
        if not is_sample(request.node.name) and starter.can_run(environment):
            return starter.run([GATE, *words], Path(cwd or os.getcwd()), environment, "", 60)
        command = [sys.executable, "-m", "gate", *words]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)

    return run

"""Asking a Docker daemon that does not answer; tests/e2e/test_docker_host.py asks a real one."""

from pathlib import Path

import pytest

from gate.core.errors import UnreadableError
from gate.kubernetes.docker.asking import state_of


def test_a_daemon_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="does not answer") as raised:
        state_of(f"unix://{tmp_path}/none.sock")
    assert "DOCKER_HOST" in raised.value.hint

"""Asking a Docker daemon that does not answer; tests/e2e/test_docker_host.py asks a real one."""

import docker
import pytest
from docker.errors import DockerException

from gate.core.errors import UnreadableError
from gate.kubernetes.docker.asking import state_of


@pytest.mark.parametrize(
    ("said", "hint"), [("Connection refused", "set DOCKER_HOST"), ("Permission denied", "group that owns its socket")]
)
def test_a_daemon_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, said: str, hint: str) -> None:
    def refuse(**_: object) -> None:
        raise DockerException(said)

    monkeypatch.setattr(docker, "from_env", refuse)
    with pytest.raises(UnreadableError, match="does not answer") as raised:
        state_of("unix:///run/docker.sock")
    assert hint in raised.value.hint
    assert raised.value.path == "unix:///run/docker.sock"

"""`gate/pipeline/broker_calls/docker_host.py`: a daemon is asked only for a worker whose target it is."""

import gc
from collections.abc import Iterator

import pytest

from gate.core.errors import GateError
from gate.model import DockerHost, Tree
from gate.pipeline.broker import Permit, WorkerSession
from gate.pipeline.broker_calls import docker_host

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _collect_sockets() -> Iterator[None]:
    """Docker's SDK forgets the socket of a daemon that does not answer; let it be noticed here."""
    yield
    gc.collect()


@pytest.mark.parametrize(
    "target",
    [
        Tree(root="/", name="a"),
        DockerHost(address="unix:///run/other.sock", name="docker-host:unix:///run/other.sock"),
        None,
    ],
)
def test_another_daemon_is_not_asked(target: Tree | DockerHost | None) -> None:
    with pytest.raises(GateError, match="is not asked"):
        docker_host.state(WorkerSession(Permit(target=target)), "unix:///run/docker.sock", [])


def test_a_daemon_that_does_not_answer_is_an_error_with_what_to_do() -> None:
    address = "unix:///nowhere/docker.sock"
    session = WorkerSession(Permit(target=DockerHost(address=address, name=f"docker-host:{address}")))
    with pytest.raises(GateError, match="does not answer") as raised:
        docker_host.state(session, address, [])
    assert raised.value.path == address
    assert "DOCKER_HOST" in raised.value.hint

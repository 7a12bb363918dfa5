"""A Docker daemon, asked for a worker whose target it is: its settings and the containers that run there."""

from gate.core.errors import GateError
from gate.kubernetes.docker.asking import state_of
from gate.model import DockerHost
from gate.pipeline.broker import Reply, WorkerSession


def state(session: WorkerSession, argument: str, files: list[int]) -> Reply:
    """Return what the daemon of the target says; the argument has to be its address."""
    target = session.permit.target
    if not isinstance(target, DockerHost) or target.address != argument:
        raise GateError("this Docker daemon is not asked for this target")
    return Reply(state_of(target.address))

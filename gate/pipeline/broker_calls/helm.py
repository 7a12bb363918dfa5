"""Helm, run on a chart that a worker read: the broker chooses the program, and parses nothing of its answer."""

from gate.core.errors import GateError
from gate.declarations.kubernetes import KUBERNETES
from gate.kubernetes.helm.helm_program import ChartFiles, find_helm, render
from gate.pipeline.broker import Reply, WorkerSession


def find(session: WorkerSession, argument: None, files: list[int]) -> Reply:
    """Say where the program is."""
    return Reply(find_helm())


def template(session: WorkerSession, argument: ChartFiles, files: list[int]) -> Reply:
    """Return what the program renders a chart to, which is given by its files; only where the settings say so."""
    program = find_helm()
    if program is None or not session.permit.settings.of(KUBERNETES).helm:
        raise GateError("helm is not to be run here")
    return Reply(render(argument, program))

"""Zizmor, run over workflows that a worker read: the broker chooses the program, and parses nothing of its answer."""

from collections.abc import Callable

from gate.ci.zizmor_program import AuditInputs, ZizmorFailed, find_zizmor, remarks_on, said_of_version
from gate.core.errors import GateError
from gate.pipeline.broker import Reply, WorkerSession


def find(session: WorkerSession, argument: None, files: list[int]) -> Reply:
    """Say where the program is."""
    return Reply(find_zizmor())


def version(session: WorkerSession, argument: None, files: list[int]) -> Reply:
    """Return what the program says of its version."""
    return Reply(_done(said_of_version))


def remarks(session: WorkerSession, argument: AuditInputs, files: list[int]) -> Reply:
    """Return what the program prints about files, which are given as their texts."""
    return Reply(_done(lambda program: remarks_on(argument, program)))


def _done(run: Callable[[str], bytes]) -> bytes:
    program = find_zizmor()
    if program is None:
        raise GateError("zizmor is not installed")
    try:
        return run(program)
    except ZizmorFailed as error:
        raise GateError(str(error)) from error

"""ShellCheck, run over scripts that a worker read: the broker chooses the program, and parses nothing of its answer."""

from collections.abc import Callable

from gate.core.errors import GateError
from gate.dockerfile.shellcheck_program import (
    TIMEOUT_S,
    Failed,
    Scripts,
    find_shellcheck,
    remarks_on,
    said_of_version,
)
from gate.pipeline.broker import Reply, WorkerSession


def find(session: WorkerSession, argument: None, files: list[int]) -> Reply:
    """Say where the program is."""
    return Reply(find_shellcheck())


def version(session: WorkerSession, argument: None, files: list[int]) -> Reply:
    """Return what the program says of its version."""
    return Reply(_done(said_of_version))


def remarks(session: WorkerSession, argument: Scripts, files: list[int]) -> Reply:
    """Return what the program prints about scripts, which are given as their texts."""
    seconds = min(argument.seconds, TIMEOUT_S)
    return Reply(_done(lambda program: remarks_on(argument.texts, program, seconds)))


def _done(run: Callable[[str], bytes]) -> bytes:
    program = find_shellcheck()
    try:
        return run(program or "")
    except Failed as error:
        raise GateError(str(error)) from error

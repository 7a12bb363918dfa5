"""git, started for a worker: a command of the fixed table, in the repository that the worker's target is part of."""

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from gate.core.errors import GateError
from gate.core.text import without_credentials
from gate.git.process import Order, start_here
from gate.git.repository import Repository
from gate.model import CommitRange, Tree
from gate.pipeline.broker import Reply, WorkerSession


def start(session: WorkerSession, argument: Order, files: list[int]) -> Reply:
    """Start the command with three given files as its own, and write its status to the fourth when it ends.

    Raises GateError for a command that is none, or a folder that is no business of the worker.
    """
    _check_folder(session, argument.folder)
    stdin, stdout, stderr, status_file = files
    process = start_here(argument, stdin, stdout, stderr)
    number = session.begin(process.kill)
    status_line = os.dup(status_file)

    def send_status() -> None:
        status = str(process.wait()).encode()
        with suppress(BrokenPipeError), os.fdopen(status_line, "wb", buffering=0) as line:
            line.write(status)  # fails if the worker that asked is gone
        session.forget(number)

    threading.Thread(target=send_status, daemon=True).start()
    return Reply(number)


def remotes(session: WorkerSession, argument: str, files: list[int]) -> Reply:
    """Return what a repository says of its remotes, addresses without the credentials in them."""
    _check_folder(session, argument)
    found = Repository(argument).remotes
    return Reply(
        tuple(
            msgspec.structs.replace(
                one,
                urls=tuple(map(without_credentials, one.urls)),
                push_urls=tuple(map(without_credentials, one.push_urls)),
            )
            for one in found
        )
    )


def _check_folder(session: WorkerSession, folder: str) -> None:
    target = session.permit.target
    place = os.path.realpath(folder)
    if not isinstance(target, Tree | CommitRange) or not any(
        place == top or place.startswith(top.rstrip("/") + "/") for top in _tops(target.root)
    ):
        raise GateError("git is asked about a folder that is no part of the target")


def _tops(root: str) -> Iterator[str]:
    """Yield the target's folder, and the root of the repository that it is in."""
    real = os.path.realpath(root)
    yield real
    for above in (Path(real), *Path(real).parents):
        if os.path.lexists(above / ".git"):
            yield str(above)
            return

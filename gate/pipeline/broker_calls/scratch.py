"""Temporary files without a name."""

import os
import tempfile

from gate.core.errors import GateError
from gate.pipeline.broker import Reply, WorkerSession


def new_file(session: WorkerSession, argument: None, files: list[int]) -> Reply:
    """Make an empty file without a name, so that no other process can open it. Raises GateError if there is no room."""
    try:
        with tempfile.TemporaryFile(prefix="gate-", buffering=0) as file:
            return Reply(files=(os.dup(file.fileno()),))
    except OSError as error:
        raise GateError(f"no temporary file can be made ({error.strerror})", hint="Set TMPDIR") from error

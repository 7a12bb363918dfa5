"""Temporary files without a name."""

import os
import tempfile

from gate.core.errors import GateError
from gate.pipeline.broker import Reply, Visit


def new_file(visit: Visit, argument: None, files: list[int]) -> Reply:
    """Make an empty file that nobody else can open. Raises GateError without room for it."""
    try:
        with tempfile.TemporaryFile(prefix="gate-", buffering=0) as file:
            return Reply(files=(os.dup(file.fileno()),))
    except OSError as error:
        raise GateError(f"no temporary file can be made ({error.strerror})", hint="Set TMPDIR") from error

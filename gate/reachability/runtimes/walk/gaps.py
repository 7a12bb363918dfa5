"""Turning errors into gaps: a file that cannot be read leaves a gap for the packages of its runtime only."""

from collections.abc import Iterator

from gate.core.errors import GateError
from gate.reachability.runtimes.walk.graph import Gap, Step


def errors_as_gaps(kind: str, path: str, steps: Iterator[Step]) -> Iterator[Step]:
    """Yield `steps`; if they raise a GateError, yield a Gap of `kind` for the file `path` with the error's message."""
    try:
        yield from steps
    except GateError as error:
        yield Gap(kind=kind, reason=error.message, path=error.path or path)
    except RecursionError:
        yield Gap(kind=kind, reason="is nested too deeply to be read", path=path)

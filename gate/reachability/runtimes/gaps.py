"""What cannot be read leaves a gap for the packages of its own runtime alone."""

from collections.abc import Iterator

from gate.core.errors import GateError
from gate.reachability.runtimes.graph import Gap, Step


def guarded(kind: str, path: str, steps: Iterator[Step]) -> Iterator[Step]:
    """Yield `steps`; if they end with a GateError, a Gap of `kind` that says so of the file `path`."""
    try:
        yield from steps
    except GateError as error:
        yield Gap(kind=kind, reason=error.message, path=error.path or path)
    except RecursionError:
        yield Gap(kind=kind, reason="is nested too deeply to be read", path=path)

"""The end of what goes on for a worker: a stream whose bytes are read, a program that is not needed any more."""

from gate.pipeline.broker import Reply, WorkerSession


def end(session: WorkerSession, argument: int, files: list[int]) -> Reply:
    """End what has this number. Raises what a stream ended by before its end."""
    session.end(argument)
    return Reply()

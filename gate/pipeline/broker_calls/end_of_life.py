"""End-of-life dates: which file of the source of advisories a worker may read them from."""

from pathlib import Path

from gate.advisories.dates_in_force import kept_dates
from gate.pipeline.broker import Reply, WorkerSession


def kept(session: WorkerSession, argument: None, files: list[int]) -> Reply:
    """Return the source's file as it is on this machine; nothing is fetched."""
    permit = session.permit
    return Reply(kept_dates(permit.settings, permit.trust, Path(permit.cache_folder), permit.now))

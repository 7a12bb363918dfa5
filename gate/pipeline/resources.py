"""What a run works with: its cache folder, and what its workers may take and ask for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from gate.core.cache_folder import user_cache_folder
from gate.model import Trust
from gate.pipeline.broker import Permit
from gate.pipeline.workers import WorkerLimits
from gate.settings import Settings

_NOTHING_STATED = Trust()
"""Of commands that ask for no advisories."""


@contextmanager
def cache_folder(settings: Settings) -> Iterator[Path]:
    """Give the folder for what is costly to make again: the user's, or one for this run alone without `cache`."""
    if settings.cache:
        yield user_cache_folder()
        return
    from tempfile import TemporaryDirectory  # late: with a cache start-up does without it

    with TemporaryDirectory(prefix="gate-") as folder:
        yield Path(folder)


def limits_of(settings: Settings) -> WorkerLimits:
    """Return what the workers of a run may take."""
    return WorkerLimits(jobs=settings.jobs or _processors(), timeout_s=settings.timeout, memory=settings.memory)


def _processors() -> int:
    """Return how many processors this process may use; of a container often fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def permit_of(settings: Settings, cache_folder: Path, now: datetime, trust: Trust = _NOTHING_STATED) -> Permit:
    """Return what the broker knows of a run; make the folder of the cache that workers see once they are sealed."""
    with suppress(OSError):
        (cache_folder / "advisories").mkdir(parents=True, exist_ok=True)
    return Permit(settings=settings, cache_folder=str(cache_folder), now=now, trust=trust)

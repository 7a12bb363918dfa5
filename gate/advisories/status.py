"""The local state of the configured source: how many advisories, and how old."""

from datetime import datetime
from pathlib import Path

import msgspec

from gate.advisories.holding import Holding
from gate.advisories.index import open_index
from gate.advisories.sources import open_origin
from gate.core.durations import timedelta_of
from gate.model import Trust
from gate.settings import Settings


class HoldingStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one ecosystem, or of an optional file."""

    name: str
    advisories: int | None
    """None for what is no index."""
    newest: str | None
    """When the newest advisory was modified."""
    checked: datetime
    """When the source was last asked with success."""
    age_s: int
    bytes: int
    is_too_old: bool
    """True if a run would be incomplete because of it."""


class DatabaseStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What `gate db status --json` prints."""

    source: str
    max_age: str
    holdings: tuple[HoldingStatus, ...]

    @property
    def is_usable(self) -> bool:
        """True if there is an index, and none is too old."""
        indexes = [one for one in self.holdings if one.advisories is not None]
        return bool(indexes) and not any(one.is_too_old for one in indexes)


def status_of(settings: Settings, trust: Trust, cache: Path, now: datetime) -> DatabaseStatus:
    """Return the state of the configured source; `cache` is the advisories' part of the cache folder."""
    origin = open_origin(settings, trust, cache, now)
    limit = timedelta_of(settings.advisories.max_age).total_seconds()
    return DatabaseStatus(
        source=origin.shown,
        max_age=settings.advisories.max_age,
        holdings=tuple(_status(holding, limit, now) for holding in origin.holdings()),
    )


def _status(holding: Holding, limit: float, now: datetime) -> HoldingStatus:
    totals = open_index(holding.base, holding.path).totals if holding.base else None
    count, newest = (totals.advisories, totals.newest) if totals else (None, None)
    age = max(0, int((now - holding.checked).total_seconds()))
    return HoldingStatus(
        name=holding.base or holding.name,
        advisories=count,
        newest=newest,
        checked=holding.checked,
        age_s=age,
        bytes=holding.path.stat().st_size,
        is_too_old=bool(holding.base) and age > limit,
    )

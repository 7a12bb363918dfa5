"""Which end-of-life dates a run goes by: the built-in ones, or newer ones of the source of advisories.

Nothing is fetched here: `gate db update` and `gate db import` bring the file. Little is imported, as a run on
Dockerfiles alone asks too.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from gate.advisories.end_of_life import END_OF_LIFE, read_dates
from gate.advisories.places import may_hold
from gate.context import Context
from gate.core import broker
from gate.core.end_of_life import EndOfLifeTable, built_in
from gate.core.end_of_life_age import age_of_table, is_old
from gate.core.errors import GateError, UnreadableError, as_stage_error
from gate.model import StageError, Trust
from gate.settings import Settings

_ZONES = timedelta(days=1)
"""How far the day can be ahead of the run's somewhere on Earth."""


class KeptDates(msgspec.Struct, frozen=True):
    """The source's file of end-of-life dates on this machine."""

    path: str = ""
    """Empty: there is none."""
    source: str = ""
    """The source as messages name it."""
    problem: str = ""
    """Why the source cannot be opened; an error where packages are judged."""


class DatesInForce(msgspec.Struct, frozen=True):
    """The end-of-life dates that a run goes by."""

    fact: str
    """Their day, where they are from, and a warning if they are old."""
    is_old: bool
    table: EndOfLifeTable | None = None
    """None: the built-in ones, which every process has."""
    errors: tuple[StageError, ...] = ()
    """What is wrong with the source's file; then the built-in dates are in force."""


def dates_in_force(context: Context) -> DatesInForce:
    """Return the newer of the source's dates and the built-in ones, for a stage."""
    if broker.is_connected():
        return _newer(lambda: broker.ask("end_of_life", None, KeptDates), context.now.date())
    return dates_of(context.settings, context.trust, context.cache_folder, context.now)


def dates_of(settings: Settings, trust: Trust, cache_folder: Path, now: datetime) -> DatesInForce:
    """Return the newer of the source's dates and the built-in ones, in a process that reads the cache itself."""
    return _newer(lambda: kept_dates(settings, trust, cache_folder, now), now.date())


def kept_dates(settings: Settings, trust: Trust, cache_folder: Path, now: datetime) -> KeptDates:
    """Return the source's file as it is on this machine. Raises UnreadableError for a damaged one."""
    cache = cache_folder / "advisories"
    if not may_hold(END_OF_LIFE, settings.advisories.source, cache):
        return KeptDates()
    from gate.advisories.sources import open_origin  # late: few sources have the file

    try:
        origin = open_origin(settings, trust, cache, now)
    except GateError as error:
        return KeptDates(problem=str(error))
    file = origin.kept(END_OF_LIFE)
    return KeptDates(path=file.path, source=origin.shown) if file is not None else KeptDates()


def _newer(find: Callable[[], KeptDates], today: date) -> DatesInForce:
    try:
        kept = find()
        table = read_dates(kept.path, END_OF_LIFE) if kept.path else built_in()
        if date.fromisoformat(table.as_of) - today > _ZONES:
            raise UnreadableError(f"is of a day to come, {table.as_of}", path=END_OF_LIFE, hint="Fetch the file again")
    except GateError as error:
        return _built_in(today, f"built in, as that of the source is unusable: {error}", as_stage_error(error))
    if table.as_of > built_in().as_of:
        fact = age_of_table(table.as_of, f"{END_OF_LIFE} of {kept.source}", today)
        return DatesInForce(fact=fact, is_old=is_old(table.as_of, today), table=table)
    return _built_in(today, f"built in ({kept.problem})" if kept.problem else "built in")


def _built_in(today: date, origin: str, *errors: StageError) -> DatesInForce:
    as_of = built_in().as_of
    return DatesInForce(fact=age_of_table(as_of, origin, today), is_old=is_old(as_of, today), errors=errors)

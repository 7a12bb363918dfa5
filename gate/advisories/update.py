"""What `gate db update` does: every ecosystem that is asked for is brought up to date, each by itself."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from gate.advisories.download import Tell
from gate.advisories.ecosystems import is_judged
from gate.advisories.index import IndexJob, make_index
from gate.advisories.index_folder import IndexFolder
from gate.advisories.ingest import Totals
from gate.advisories.mirror import Mirror
from gate.advisories.optional_files import OPTIONAL
from gate.advisories.places import folder_named, folder_of
from gate.advisories.remote import copy_of, reach_of
from gate.advisories.sources import open_origin
from gate.core.errors import GateError, UnreadableError, UsageError
from gate.core.web import Web
from gate.ecosystems import base_of
from gate.model import Trust
from gate.settings import Settings

MAX_ECOSYSTEMS = 1 << 20
"""Bytes of a source's list of ecosystems."""
_NAME_THEM = "Name them with --ecosystem"


class Updated(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of an update, for one file of the source."""

    name: str
    """An ecosystem, or the name of an optional file."""
    totals: Totals | None = None
    """What the ecosystem's index holds now."""
    is_changed: bool = False
    error: GateError | None = None
    """Why it could not be brought up to date; what was here stays."""


def update(
    settings: Settings, trust: Trust, bases: Iterable[str], cache: Path, now: datetime, tell: Tell
) -> Iterator[Updated]:
    """Bring the ecosystems `bases` up to date, then the optional files; yield what became of each.

    `trust` knows who names the source, `cache` is the advisories' part of the cache folder. Raises UsageError if the
    source is one that only a package
    manager can bring up to date, or offline forbids to ask it.
    """
    location = settings.advisories.source
    if location.startswith("wheel:"):
        raise UsageError(f"{location} is brought up to date by your package manager, such as pip")
    if location.startswith(("https://", "http://")):
        if settings.offline:
            raise UsageError("offline forbids to ask the source", hint="Leave out --offline, or use `gate db import`")
        yield from _update_remote(settings, trust, bases, cache, now, tell)
    else:
        yield from _read_folder(settings, trust, bases, cache, now)


def _update_remote(
    settings: Settings, trust: Trust, bases: Iterable[str], cache: Path, now: datetime, tell: Tell
) -> Iterator[Updated]:
    location = settings.advisories.source
    web, indexes = _web(settings, trust), IndexFolder(folder_of(location, cache))
    mirror = Mirror(web, indexes, now, tell)
    for base in bases:
        before = indexes.record(base)
        try:
            record = mirror.refresh(base)
        except GateError as error:
            yield Updated(name=base, error=error)
            continue
        if record is None:
            yield Updated(name=base, error=_missing(base))
        else:
            is_changed = before is None or before.store != record.store
            yield Updated(name=base, totals=indexes.index(record).totals, is_changed=is_changed)
    for name in OPTIONAL:
        try:
            copy_of(name, location, cache).refresh(web, now, tell=tell)
        except GateError as error:
            yield Updated(name=name, error=error)
        else:
            yield Updated(name=name)


def _read_folder(
    settings: Settings, trust: Trust, bases: Iterable[str], cache: Path, now: datetime
) -> Iterator[Updated]:
    """Make the indexes of a folder; nothing has to be fetched."""
    origin = open_origin(settings, trust, cache, now)
    for base in bases:
        try:
            file = origin.file(f"{base}/all.zip", is_optional=False)
            if file is None:
                raise _missing(base)
            yield Updated(name=base, totals=make_index(IndexJob(base=base, source=file)).totals)
        except GateError as error:
            yield Updated(name=base, error=error)


def _missing(base: str) -> GateError:
    return UnreadableError("the source has no advisories for it", path=f"{base}/all.zip")


def all_ecosystems(settings: Settings, trust: Trust) -> list[str]:
    """Return the ecosystems of the source whose versions can be compared. Raises GateError if it does not list them."""
    location = settings.advisories.source
    if location.startswith(("https://", "http://")):
        text = _web(settings, trust).read("ecosystems.txt", MAX_ECOSYSTEMS)
        if text is None:
            raise UnreadableError("the source does not list its ecosystems", path="ecosystems.txt", hint=_NAME_THEM)
        names = text.decode("utf-8", "replace").splitlines()
    else:
        names = [path.parent.name for path in folder_named(location).glob("*/all.zip")]
    return sorted(filter(is_judged, {base_of(name.strip()) for name in names}))


def _web(settings: Settings, trust: Trust) -> Web:
    return Web(settings.advisories.source, reach_of(settings, trust), uses_netrc=True)

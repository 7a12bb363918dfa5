"""Where advisories come from: a folder, a web address laid out as OSV's bucket, or an installed package."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from gate.advisories.download import Tell, amount, no_progress
from gate.advisories.ecosystems import is_judged
from gate.advisories.elsewhere import BrokeredOrigin
from gate.advisories.holding import Holding, index_label
from gate.advisories.optional_files import OPTIONAL
from gate.advisories.places import folder_named
from gate.advisories.store import AdvisoryFile
from gate.core import broker
from gate.core.errors import GateError, UnreadableError
from gate.model import Fact, StageError, Trust
from gate.settings import Settings

HINT = "Set advisories.source in gate.yaml (or --advisories) to a folder or URL laid out as OSV's bucket"


class AdvisoryOrigin(Protocol):
    """One kind of source."""

    shown: str
    """As messages and reports name it."""
    errors: list[StageError]
    """What makes a verdict incomplete although there are advisories: they are too old."""
    facts: dict[str, Fact]

    def file(self, name: str, is_optional: bool) -> AdvisoryFile | None:
        """Return the file `name`, or an index in its place; None if the source has none. Raises GateError."""

    def kept(self, name: str) -> AdvisoryFile | None:
        """Return the optional file `name` as it is on this machine, without network access. Raises GateError."""

    def holdings(self) -> list[Holding]:
        """Return what is here and ready to be asked, without network access."""


class AdvisorySource:
    """Holds `ECOSYSTEM/all.zip`, and perhaps optional files at its root."""

    def __init__(
        self,
        settings: Settings,
        trust: Trust,
        cache_folder: Path,
        now: datetime | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Open the source that the settings name; `trust` knows who names it. Raises GateError.

        `say` reports progress.
        """
        cache = cache_folder / "advisories"
        self._origin: AdvisoryOrigin = (
            BrokeredOrigin()
            if broker.is_connected()
            else open_origin(
                settings,
                trust,
                cache,
                now or datetime.now(UTC),
                lambda name, done, total: say(f"fetching {name}, {amount(done, total)}"),
            )
        )
        self.shown = self._origin.shown

    def file(self, name: str, *, is_optional: bool = False) -> AdvisoryFile | None:
        """Return the file `name` of the source (`npm/all.zip`), fetched if need be; None if the source has none.

        It may be an index already (`AdvisoryFile.is_index`). Raises GateError if it is unavailable: no network, or
        offline with nothing in the cache. Offline, an `is_optional` file that is not in the cache is None.
        """
        return self._origin.file(name, is_optional)

    @property
    def errors(self) -> list[StageError]:
        """What makes a verdict incomplete although there are advisories, once all files were asked for."""
        return self._origin.errors

    @property
    def facts(self) -> dict[str, Fact]:
        """Facts about the files that were asked for."""
        return self._origin.facts


def open_origin(
    settings: Settings, trust: Trust, cache: Path, now: datetime, tell: Tell = no_progress
) -> AdvisoryOrigin:
    """Open the source that the settings name; `trust` knows who names it. Raises GateError.

    `cache` is the advisories' part of the cache folder.
    """
    location = settings.advisories.source
    scheme, colon, _ = location.partition(":")
    kinds: dict[str, Callable[[], AdvisoryOrigin]] = {
        "http": lambda: _web(settings, trust, cache, now, tell),
        "https": lambda: _web(settings, trust, cache, now, tell),
        "wheel": lambda: _wheel(settings, cache, now),
        "file": lambda: AdvisoryFolder(location, settings, cache, now),
    }
    if colon and scheme in kinds:
        return kinds[scheme]()
    if "://" in location:
        raise GateError(
            "advisories come from a folder, file:, http(s):// or wheel: only",
            hint=f"An artifact of a registry is brought in with `gate db import`. {HINT}",
        )
    return AdvisoryFolder(location, settings, cache, now)


def _web(settings: Settings, trust: Trust, cache: Path, now: datetime, tell: Tell) -> AdvisoryOrigin:
    from gate.advisories.remote import AdvisoryBucket

    return AdvisoryBucket(settings, trust, cache, now, tell)


def _wheel(settings: Settings, cache: Path, now: datetime) -> AdvisoryOrigin:
    from gate.advisories.wheels import AdvisoryWheel

    return AdvisoryWheel(settings, cache, now)


class AdvisoryFolder:
    """A folder on this machine. Its owner is responsible for its age: the gate takes it as current in every run."""

    def __init__(self, location: str, settings: Settings, cache: Path, now: datetime) -> None:
        self.shown = location
        self.errors: list[StageError] = []
        self.facts: dict[str, Fact] = {}
        self._folder = folder_named(location)
        self._cache = cache
        self._now = now
        self._is_fresh = not settings.cache
        if not self._folder.is_dir():
            raise UnreadableError("there is no such folder of advisories", path=self.shown, hint=HINT)

    def file(self, name: str, is_optional: bool) -> AdvisoryFile | None:
        path = self._folder / name
        if not path.exists():
            return None
        return AdvisoryFile(path=str(path), shown=name, cache_folder=str(self._cache), fresh=self._is_fresh)

    def kept(self, name: str) -> AdvisoryFile | None:
        return self.file(name, is_optional=True)

    def holdings(self) -> list[Holding]:
        bases = sorted(filter(is_judged, (path.parent.name for path in self._folder.glob("*/all.zip"))))
        indexes = [self._index(base) for base in bases]
        files = [self._folder / name for name in OPTIONAL]
        return indexes + [Holding(name=path.name, path=path, checked=self._now) for path in files if path.is_file()]

    def _index(self, base: str) -> Holding:
        from gate.advisories.index import IndexJob, make_index

        file = self.file(f"{base}/all.zip", is_optional=False)
        assert file is not None
        path = Path(make_index(IndexJob(base=base, source=file)).path)
        return Holding(name=index_label(base), base=base, path=path, checked=self._now)

"""A web source, with a local copy that is updated when it is no longer fresh."""

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from gate.advisories.age import oldest, too_old
from gate.advisories.download import Copy, Tell, no_progress
from gate.advisories.holding import Holding, index_label
from gate.advisories.index_folder import IndexFolder, IndexRecord
from gate.advisories.optional_files import OPTIONAL, check
from gate.advisories.places import folder_of
from gate.advisories.store import AdvisoryFile
from gate.core.durations import timedelta_of
from gate.core.errors import UnavailableError
from gate.core.hosts import Reach
from gate.core.text import without_credentials
from gate.core.web import Web
from gate.model import Fact, StageError, Trust
from gate.settings import Settings

FRESH = timedelta(hours=1)
"""A run does not ask the source again within this time; `gate db update` always does."""
_SOURCE = "advisories.source"
_WAYS_OUT = (
    "Run `gate db update` where that host can be reached, or `gate db import FILE` of what `gate db export FILE` wrote "
    "on another machine, or name a folder or mirror that has them (--advisories, or advisories.source in gate.yaml)"
)


def copy_of(name: str, location: str, cache: Path) -> Copy:
    """Return the copy of an optional file of an address; a damaged one is never taken in."""
    return Copy(
        folder_of(location, cache) / name,
        shown=name,
        check=lambda path: check(AdvisoryFile(path=str(path), shown=name, cache_folder=str(cache))),
    )


def is_current(checked: datetime, settings: Settings, now: datetime) -> bool:
    """True if a run asks the source no more than it did, and what it holds is not too old to judge by."""
    is_enough = settings.offline or abs(now - checked) < FRESH
    return is_enough and too_old("", checked, now, timedelta_of(settings.advisories.max_age), "") is None


class AdvisoryBucket:
    """A web address that is laid out as OSV's bucket."""

    def __init__(self, settings: Settings, trust: Trust, cache: Path, now: datetime, tell: Tell = no_progress) -> None:
        location = settings.advisories.source
        self.shown = without_credentials(location)
        self.errors: list[StageError] = []
        self.facts: dict[str, Fact] = {}
        self._settings = settings
        self._cache = cache
        self._now = now
        self._tell = tell
        self._web = Web(location, reach_of(settings, trust), uses_netrc=True)
        self._indexes = IndexFolder(folder_of(location, cache))

    def file(self, name: str, is_optional: bool) -> AdvisoryFile | None:
        path = self._copy(name) if is_optional else self._index(name)
        if path is None:
            return None
        return AdvisoryFile(path=str(path), shown=name, cache_folder=str(self._cache), is_index=not is_optional)

    def kept(self, name: str) -> AdvisoryFile | None:
        copy = self._copy_of(name)
        if not self._settings.cache or copy.checked() is None:
            return None
        return AdvisoryFile(path=str(copy.path), shown=name, cache_folder=str(self._cache))

    def holdings(self) -> list[Holding]:
        indexes = [
            Holding(
                name=index_label(record.base),
                base=record.base,
                path=self._indexes.place(record),
                checked=record.checked,
            )
            for record in self._indexes.all()
        ]
        copies = [(name, self._copy_of(name)) for name in OPTIONAL]
        return indexes + [
            Holding(name=name, path=copy.path, checked=checked) for name, copy in copies if (checked := copy.checked())
        ]

    def _index(self, name: str) -> Path | None:
        base = name.partition("/")[0]
        earlier = self._indexes.record(base) if self._settings.cache else None
        if self._settings.offline and earlier is None:
            raise self._nothing_kept(name, "offline forbids to fetch them from {host}")
        record = earlier if self._is_enough(earlier) else self._refreshed(base, earlier)
        if record is None:
            return None
        self._judge_age(name, record)
        return self._indexes.place(record)

    def _is_enough(self, earlier: IndexRecord | None) -> bool:
        return earlier is not None and (self._settings.offline or abs(self._now - earlier.checked) < FRESH)

    def _refreshed(self, base: str, earlier: IndexRecord | None) -> IndexRecord | None:
        """Ask the source; if it is unavailable, use the local copy and record that as a fact."""
        try:
            from gate.advisories.mirror import Mirror  # what downloads: most runs ask only what is kept

            mirror = Mirror(self._web, self._indexes, self._now, self._tell)
            return mirror.refresh(base, trust=self._settings.cache)
        except UnavailableError as error:
            if earlier is None:
                raise self._nothing_kept(error.path or base, _why(error)) from error
            self._say_unchecked(
                f"{error.path}: {error.message}; what was fetched at {earlier.checked:%Y-%m-%dT%H:%MZ} is used"
            )
            return earlier

    def _nothing_kept(self, name: str, why: str) -> UnavailableError:
        """Return the error for a file of which nothing is on this machine; it is the same for all that are missing."""
        host = urlsplit(self.shown).netloc or self.shown
        text = f"the advisories are not on this machine, and {why.format(host=host)}"
        return UnavailableError(text, path=name, hint=_WAYS_OUT)

    def _say_unchecked(self, text: str) -> None:
        said = self.facts.get("advisories_not_checked", [])
        assert isinstance(said, list)
        self.facts["advisories_not_checked"] = [*said, text]

    def _judge_age(self, name: str, record: IndexRecord) -> None:
        self.facts["advisories_checked"] = oldest(self.facts, record.checked)
        limit = timedelta_of(self._settings.advisories.max_age)
        error = too_old(name, record.checked, self._now, limit, "Run `gate db update`, or allow more")
        if error is not None:
            self.errors.append(error)

    def _copy_of(self, name: str) -> Copy:
        return copy_of(name, self._settings.advisories.source, self._cache)

    def _copy(self, name: str) -> Path | None:
        copy = self._copy_of(name)
        checked = copy.checked() if self._settings.cache else None
        is_enough = checked is not None and abs(self._now - checked) < FRESH
        if self._settings.offline or is_enough:
            return copy.path if checked is not None else None
        try:
            return copy.refresh(self._web, self._now, trust=self._settings.cache, tell=self._tell)
        except UnavailableError as error:
            if checked is None:
                raise self._nothing_kept(name, _why(error)) from error
            self._say_unchecked(f"{name}: {error.message}; what was fetched at {checked:%Y-%m-%dT%H:%MZ} is used")
            return copy.path


def _why(error: UnavailableError) -> str:
    reason = error.message.removeprefix("cannot be fetched ").strip("()").replace("{", "").replace("}", "")
    return f"{{host}} did not send them ({reason})"


def reach_of(settings: Settings, trust: Trust) -> Reach:
    """Return who named the source, and which hosts are trusted."""
    return Reach(is_of_repository=_SOURCE not in trust.stated, trusted_hosts=settings.trusted_hosts)

"""Advisories in a sealed worker: the broker fetches and indexes them, and the worker reads the indexes."""

import msgspec

from gate.advisories.holding import Holding
from gate.advisories.store import AdvisoryFile
from gate.core import broker
from gate.model import Fact, StageError


class WantedFile(msgspec.Struct, frozen=True):
    """A file of the source (`npm/all.zip`); none: only what the source is."""

    name: str = ""
    is_optional: bool = False


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the source, with the errors and facts of the source so far."""

    shown: str
    file: AdvisoryFile | None
    errors: tuple[StageError, ...]
    facts: dict[str, Fact]


class BrokeredOrigin:
    """A `gate.advisories.sources.AdvisoryOrigin` whose files the broker fetches."""

    def __init__(self) -> None:
        """Raises GateError if there is no such source."""
        self._take(broker.ask("advisories", WantedFile(), Given))

    def _take(self, given: Given) -> None:
        self.shown = given.shown
        self.errors: list[StageError] = list(given.errors)
        self.facts: dict[str, Fact] = dict(given.facts)

    def file(self, name: str, is_optional: bool) -> AdvisoryFile | None:
        given = broker.ask("advisories", WantedFile(name, is_optional), Given)
        self._take(given)
        return given.file

    def kept(self, name: str) -> AdvisoryFile | None:
        """Return nothing: a worker asks the broker for what it may read (`gate.advisories.dates_in_force`)."""
        return None

    def holdings(self) -> list[Holding]:
        """Return nothing: only commands that parse no target ask."""
        return []

"""Advisories in a process that cannot fetch or write any: another one does that for it, and it reads the indexes."""

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
    """What the source has, and all that is to be said of it by now."""

    shown: str
    file: AdvisoryFile | None
    errors: tuple[StageError, ...]
    facts: dict[str, Fact]


class BrokeredOrigin:
    """A `gate.advisories.sources.AdvisoryOrigin` whose files another process brings."""

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

    def holdings(self) -> list[Holding]:
        """Return nothing: only commands that parse no target ask."""
        return []

"""From what was seen in each file to a stage's findings and facts."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import msgspec

from gate.core.path_patterns import is_test_path
from gate.declarations.secrets import SECRETS
from gate.model import Fact, Finding, Location, Secret, Severity, StageError
from gate.rules import Hit, finding_of
from gate.rules.hits import Weighed
from gate.secrets.kinds.catalogue import kind_of
from gate.secrets.kinds.life_cycle import if_made_up, purge
from gate.secrets.kinds.rules import rule_of
from gate.secrets.results.detected import DetectedSecret, Examined, FileReading, Spot
from gate.secrets.results.worth import expired, worth_at

STAGE = SECRETS.name
PRAGMA = "pragma: allowlist secret"  # pragma: allowlist secret
"""Words that name the comments of detect-secrets, whichever of their forms is used."""
NAMED = 20
"""Files that a fact lists by name; the rest is in its count alone."""
MAX_PLACES = 1000
"""Places of one secret that a finding lists; its message counts all."""
_NAMED_PLACES = 3

_FACT_OF = {
    FileReading.BINARY: "binary",
    FileReading.PASSED_OVER: "passed_over",
    FileReading.ENCRYPTED: "encrypted",
    FileReading.POINTER: "lfs_pointers",
    FileReading.ARCHIVE: "archives",
}


def within(path: str, inner: str) -> str:
    """Return the path of a file in the archive at `path`; of the archive itself if `inner` is empty."""
    return f"{path}!/{inner}" if inner else path


class _Place(msgspec.Struct):
    """A secret in one file, and the number of commits that add it there."""

    path: str
    secret: DetectedSecret
    commit: str | None
    now: datetime | None = None
    commits: int = 1

    @property
    def severity(self) -> Severity:
        """In tests and fixtures one lower than elsewhere."""
        severity = kind_of(self.secret.type).severity
        return _lowered(severity) if is_test_path(self.path) else severity

    @property
    def worth(self) -> Weighed:
        outdated = expired(self.secret.expires, self.now)
        return outdated or worth_at(self.secret.type, self.path, self.secret.confidence, self.secret.against)

    def order(self) -> tuple[int, int, int, str, int]:
        """Sort the worst first: by worth, severity, confidence, path and line."""
        worth, _ = self.worth
        return -worth.rank, -self.severity.rank, -self.secret.confidence.rank, self.path, self.secret.line


class Tally:
    """Collects what was seen, file by file."""

    def __init__(
        self, target: str, known: frozenset[tuple[str, str]] = frozenset(), now: datetime | None = None
    ) -> None:
        self._target = target
        self._now = now
        self._known = known
        self._baselined: set[tuple[str, str]] = set()
        self._places: dict[tuple[str, str], _Place] = {}
        self._silenced: dict[tuple[str, str], _Place] = {}
        self._named: dict[str, list[str]] = {}
        self._dropped: Counter[str] = Counter()
        self._bytes = 0
        self._sieve = "not needed"
        self.errors: list[StageError] = []

    def take(self, path: str, outcome: Examined | StageError, commit: str | None = None) -> None:
        """Add what one file came to."""
        if isinstance(outcome, StageError):
            self.errors.append(msgspec.structs.replace(outcome, path=path))
            return
        self._bytes += outcome.size
        self._sieve = outcome.sieve or self._sieve
        if outcome.reading in _FACT_OF:
            self.name(_FACT_OF[outcome.reading], path)
        if outcome.encoding not in (None, "utf-8"):
            self.name("other_encoding", path)
        if outcome.dropped:
            self._dropped.update(outcome.dropped)
        for inner in outcome.unread:
            what = outcome.sealed.get(inner)
            self.name("archives_unread", within(path, inner) + (f" ({what})" if what else ""))
        self.errors += [msgspec.structs.replace(error, path=path) for error in outcome.errors]
        for secret in outcome.secrets:
            self._take_secret(path, secret, commit)
        for secret in outcome.silenced:
            inside = within(path, secret.inner)
            self._silenced.setdefault((inside, secret.hash), _Place(inside, secret, commit, self._now))

    def name(self, fact: str, path: str) -> None:
        """Add a file to a fact that counts files and names the first of them."""
        self._named.setdefault(fact, []).append(path)

    def _take_secret(self, path: str, secret: DetectedSecret, commit: str | None) -> None:
        path = within(path, secret.inner)
        key = (path, secret.hash)
        if any((path, listed) in self._known for listed in (secret.listed_as, *secret.also_listed_as)):
            self._baselined.add(key)
        if key in self._places:
            self._places[key].commits += 1
        else:
            self._places[key] = _Place(path, secret, commit, self._now)

    def facts(self) -> dict[str, Fact]:
        """Return the counts, and the first names, of what was read and what was not."""
        counts: dict[str, Fact] = {name: len(paths) for name, paths in sorted(self._named.items())}
        names: dict[str, Fact] = {f"{name}_files": paths[:NAMED] for name, paths in sorted(self._named.items())}
        return {
            "bytes": self._bytes,
            "binary": 0,
            "passed_over": 0,
            **counts,
            "baselined": len(self._baselined),
            "dropped": self._dropped.total(),
            **self._dropped_as(),
            "prefilter": self._sieve,
            **names,
        }

    def _dropped_as(self) -> dict[str, Fact]:
        """Say for which reasons hits were dropped, the most frequent first."""
        ordered = sorted(self._dropped.items(), key=lambda one: (-one[1], one[0]))
        return {"dropped_as": [f"{reason}: {count}" for reason, count in ordered]} if ordered else {}

    def findings(self) -> tuple[Finding, ...]:
        """Return one finding for each secret, with all its places, in the order of paths and lines.

        What the baseline lists and what it does not are two findings, even of the same secret.
        """
        found = [self._finding(places) for places in self._by_secret().values()]
        return tuple(sorted(found, key=lambda one: (one.location.path, one.location.line, one.rule, one.fingerprint)))

    def silenced(self) -> tuple[Finding, ...]:
        """Return one finding for each secret that pragmas silence, with the places where they do."""
        grouped: dict[str, list[_Place]] = {}
        for (_, name), place in self._silenced.items():
            grouped.setdefault(name, []).append(place)
        found = (self._finding(places) for places in grouped.values())
        return tuple(msgspec.structs.replace(one, comment=PRAGMA) for one in found)

    def existing(self) -> tuple[str, ...]:
        """Return the fingerprints of the secrets that the baseline lists."""
        listed = (places for (is_listed, _), places in self._by_secret().items() if is_listed)
        return tuple(sorted(self._finding(places).fingerprint for places in listed))

    def _by_secret(self) -> dict[tuple[bool, str], list[_Place]]:
        """Return the places of each secret, by whether the baseline lists them and its hash."""
        grouped: dict[tuple[bool, str], list[_Place]] = {}
        for key, place in self._places.items():
            grouped.setdefault((key in self._baselined, place.secret.hash), []).append(place)
        return grouped

    def _finding(self, places: list[_Place]) -> Finding:
        """Tell a secret at the worst of its places; so a copy in a test never stands for the one in the program."""
        first, *others = sorted(places, key=_Place.order)
        secret, kind = first.secret, kind_of(first.secret.type)
        worth, worth_evidence = first.worth
        hit = Hit(
            message=_message(kind.title, first, others),
            mend=kind.mend + purge(first.commit) + if_made_up(first.path),
            severity=first.severity,
            confidence=secret.confidence,
            worth=worth,
            worth_evidence=worth_evidence,
            evidence=(secret.hash,),
            secret=Secret(type=secret.type, hash=secret.hash, redacted=secret.redacted),
        )
        return msgspec.structs.replace(
            finding_of(rule_of(kind), hit, self._target, path=first.path),
            location=self._location(first, secret.spots[0]),
            places=tuple(islice(self._further(first, others), MAX_PLACES)),
        )

    def _further(self, first: _Place, others: list[_Place]) -> Iterator[Location]:
        """Yield the other lines of the first file, then the lines of the others."""
        for place in (first, *others):
            yield from (self._location(place, spot) for spot in place.secret.spots[place is first :])

    def _location(self, place: _Place, spot: Spot) -> Location:
        return Location(target=self._target, path=place.path, line=spot.line, column=spot.column, commit=place.commit)


def _lowered(severity: Severity) -> Severity:
    return list(Severity)[max(severity.rank - 1, 0)]


def _message(title: str, place: _Place, others: list[_Place]) -> str:
    """Return what is found, without the path and line of `place`, which are the finding's location."""
    secret = place.secret
    parts = [title]
    if secret.within:
        parts.append(secret.within)
    if secret.redacted != "…":
        parts.append(f"beginning with {secret.redacted}")
    if secret.count > 1:
        parts.append(f"on {secret.count} lines")
    if place.commit:
        parts.append(f"added by commit {place.commit[:12]}")
    if place.commits > 1:
        parts.append(f"in {place.commits} versions of the file")
    return ", ".join(parts) + _also_in(others)


def _also_in(places: list[_Place]) -> str:
    named = [f"{place.path}, line {place.secret.line}" for place in places[:_NAMED_PLACES]]
    more = [f"{len(places) - _NAMED_PLACES:,} more"] if len(places) > _NAMED_PLACES else []
    return f"; also in {'; '.join([*named, *more])}" if places else ""

"""From what was seen in each file to a stage's findings and facts."""

import re
from collections import Counter

import msgspec

from gate.model import Fact, Finding, Fix, Location, Secret, Severity, StageError, fingerprint
from gate.secrets.detected import DetectedSecret, Examined, Reading
from gate.secrets.kinds import KINDS

STAGE = "secrets"
NAMED = 20
"""Files that a fact lists by name; the rest is in its count alone."""

_FACT_OF = {
    Reading.BINARY: "binary",
    Reading.PASSED_OVER: "passed_over",
    Reading.ENCRYPTED: "encrypted",
    Reading.ARCHIVE: "archives",
}

_TEST_PATH = re.compile(
    r"(?:^|/)(?:tests?|testing|test_?data|fixtures?|specs?|mocks?|__tests__|__mocks__|__fixtures__)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*(?:_test|_spec|\.test|\.spec)\.[^/.]+)$",
    re.IGNORECASE,
)


def is_test_path(path: str) -> bool:
    """True if a file is a test or belongs to one, by the names that languages and frameworks use."""
    return _TEST_PATH.search(path) is not None


def within(path: str, inner: str) -> str:
    """Return the path of a file in the archive at `path`; of the archive itself if `inner` is empty."""
    return f"{path}!/{inner}" if inner else path


class _Place(msgspec.Struct):
    """The first place of a secret in one file, and the number of commits that add it there."""

    secret: DetectedSecret
    commit: str | None
    commits: int = 1


class Tally:
    """Collects what was seen, file by file."""

    def __init__(self, target: str, known: frozenset[tuple[str, str]] = frozenset()) -> None:
        self._target = target
        self._known = known
        self._baselined: set[tuple[str, str]] = set()
        self._places: dict[tuple[str, str], _Place] = {}
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
        self._dropped.update(outcome.dropped)
        for inner in outcome.unread:
            self.name("archives_unread", within(path, inner))
        self.errors += [msgspec.structs.replace(error, path=path) for error in outcome.errors]
        for secret in outcome.secrets:
            self._take_secret(path, secret, commit)

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
            self._places[key] = _Place(secret, commit)

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
        """Return one finding for each secret in each file, in the order of paths and lines."""
        found = [self._finding(path, place) for (path, _), place in self._places.items()]
        return tuple(sorted(found, key=lambda one: (one.location.path, one.location.line, one.rule, one.fingerprint)))

    def existing(self) -> tuple[str, ...]:
        """Return the fingerprints of the secrets that the baseline lists."""
        listed = (self._finding(path, self._places[path, mark]) for path, mark in sorted(self._baselined))
        return tuple(finding.fingerprint for finding in listed)

    def _finding(self, path: str, place: _Place) -> Finding:
        secret = place.secret
        kind = KINDS[secret.type]
        return Finding(
            stage=STAGE,
            rule=kind.rule,
            severity=_lowered(kind.severity) if is_test_path(path) else kind.severity,
            confidence=secret.confidence,
            title=kind.title,
            message=_message(kind.title, path, place),
            fingerprint=fingerprint(STAGE, kind.rule, path, secret.hash),
            location=Location(
                target=self._target, path=path, line=secret.line, column=secret.column, commit=place.commit
            ),
            help_uri=kind.help_uri,
            fix=Fix(description=kind.mend),
            secret=Secret(type=secret.type, hash=secret.hash, redacted=secret.redacted),
        )


def _lowered(severity: Severity) -> Severity:
    return list(Severity)[max(severity.rank - 1, 0)]


def _message(title: str, path: str, place: _Place) -> str:
    secret = place.secret
    parts = [f"{title} in {path}, line {secret.line}"]
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
    return ", ".join(parts)

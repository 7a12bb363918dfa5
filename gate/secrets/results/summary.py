"""What many files come to together: those in which there is nothing to find as counts, the others one by one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from gate.model import StageError
from gate.secrets.results.detected import Examined, FileReading
from gate.secrets.sources.names import SecretInName

if TYPE_CHECKING:
    from gate.secrets.results.findings import Tally

Counts = Mapping[str, int]
"""What is counted, by the name of the fact."""
_PLAIN = Examined(reading=FileReading.SCANNED, encoding="utf-8")


class FileOutcome(msgspec.Struct, frozen=True, array_like=True):
    """What one file came to: one of the two."""

    examined: Examined | None = None
    error: StageError | None = None

    @property
    def value(self) -> Examined | StageError:
        value = self.examined or self.error
        assert value is not None
        return value


class Sum(msgspec.Struct, frozen=True):
    """What files come to together."""

    clean: Counts
    """What the tally counts in those in which there is nothing to find."""
    open: tuple[tuple[int, FileOutcome], ...]
    """What each of the others came to, by its place among the files."""


def sum_of(outcomes: Iterable[Examined | StageError]) -> Sum:
    """Return what files with these outcomes come to together."""
    from gate.secrets.results.findings import Tally  # which a tree of clean files need not load

    clean, others = Tally(""), list[tuple[int, FileOutcome]]()
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, StageError):
            others.append((place, FileOutcome(error=outcome)))
        elif is_clean(outcome):
            clean.take("", outcome)
        else:
            others.append((place, FileOutcome(examined=outcome)))
    return Sum(counts_of(clean), tuple(others))


def counts_of(tally: "Tally") -> Counts:
    """Return what a tally counts."""
    return {name: value for name, value in tally.facts().items() if isinstance(value, int)}


def added(first: Counts, second: Counts) -> Counts:
    """Return what both count together."""
    return {name: first.get(name, 0) + second.get(name, 0) for name in (*first, *second)}


class CleanFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Files in which there is nothing to find, as they can be kept: no secret, nor anything made of one."""

    files: int
    plain: Examined
    """The sum of the files of which nothing but their size is reported."""
    special: dict[str, Examined]
    """Path to what is reported of the others: binary, in another encoding, passed over."""
    left: dict[str, tuple[str, ...]]
    """What was not looked at, by the fact that names it."""
    open: tuple[str, ...]
    """Files that hold a secret, or could not be read: to be looked at each time."""


class Survey:
    """Collects outcomes, in any order; tells them in the order of paths, so that the report is always the same."""

    def __init__(self) -> None:
        self._bytes = 0
        self._dropped: Counter[str] = Counter()
        self._sieve: str | None = None
        self._clean = 0
        self._others: dict[str, Examined | StageError] = {}
        self.in_names: list[SecretInName] = []
        """Names of files with a secret in them."""
        self._left: dict[str, list[str]] = {}

    @property
    def files(self) -> int:
        """Files that were wanted, looked at now or before."""
        return self._clean + sum(isinstance(one, StageError) or not is_clean(one) for one in self._others.values())

    def take(self, seen: CleanFiles) -> None:
        """Add what files came to when they were looked at before; those that are open are to be looked at."""
        self._clean += seen.files
        self._take_plain(seen.plain)
        self._others |= seen.special
        for fact, paths in seen.left.items():
            for path in paths:
                self.leave(fact, path)

    def _take_plain(self, outcome: Examined) -> None:
        self._bytes += outcome.size
        self._sieve = outcome.sieve or self._sieve
        if outcome.dropped:
            self._dropped.update(outcome.dropped)

    def leave(self, fact: str, path: str) -> None:
        """Name something that is not looked at under a fact."""
        self._left.setdefault(fact, []).append(path)

    def add(self, path: str, outcome: Examined | StageError) -> None:
        """Add what one file came to."""
        if isinstance(outcome, Examined) and is_clean(outcome):
            self._clean += 1
        if isinstance(outcome, StageError) or not _is_plain(outcome):
            self._others[path] = outcome
        else:
            self._take_plain(outcome)

    def tell(self, tally: "Tally") -> None:
        """Give everything to `tally`."""
        for fact, paths in self._left.items():
            for path in paths:
                tally.name(fact, path)
        tally.take("", self._plain())
        for path in sorted(self._others):
            tally.take(path, self._others[path])
        for found in self.in_names:
            tally.take(found.written.path, found.examined, found.written.commit)

    def _plain(self) -> Examined:
        return msgspec.structs.replace(_PLAIN, size=self._bytes, dropped=dict(self._dropped), sieve=self._sieve)

    def seen(self) -> CleanFiles:
        """Return what may be kept of it."""
        special = {path: one for path, one in self._others.items() if isinstance(one, Examined) and is_clean(one)}
        return CleanFiles(
            files=self._clean,
            plain=self._plain(),
            special=special,
            left={fact: tuple(paths) for fact, paths in self._left.items()},
            open=tuple(sorted(self._others.keys() - special.keys())),
        )


def is_clean(outcome: Examined) -> bool:
    """True if a file holds no secret and was read as a whole: it need not be looked at again."""
    return not (outcome.secrets or outcome.silenced or outcome.errors)


def has_no_candidate(outcome: Examined) -> bool:
    """True if a file is text in UTF-8, and nothing in it was even taken for a secret."""
    return _is_plain(outcome) and not outcome.dropped


def _is_plain(outcome: Examined) -> bool:
    """True if nothing is reported of a file but its size, and what was dropped in it."""
    return msgspec.structs.replace(outcome, size=0, dropped={}, sieve=None) == _PLAIN

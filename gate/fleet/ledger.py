"""What a fleet run has finished: a file for each target in the store, which outlives every process of the run.

    ledger/2026-11-28/ab12…          what a target's judging came to (`LedgerEntry`)
    ledger/2026-11-28/ab12….claim.0  who is at it now: `gate.fleet.claims`
    ledger/2026-11-28/hosts/cd34…/0  who fetches from a host now, the same way

A target has to be judged once, by whichever process comes first. The claim of a process that is gone is taken over.
"""

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

import msgspec

from gate import __version__
from gate.core.errors import UsageError
from gate.core.lazy_regex import lazy_regex
from gate.fleet.claims import Claims
from gate.fleet.store import FleetStore
from gate.model import VerdictStatus

ATTEMPTS = 3
"""How often a target that came out incomplete is tried, over all restarts of a run."""
PER_HOST = 8
"""How many targets are fetched from one host at a time."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.1, 5.0
"""Seconds between two looks whether a host has room: at first, and at most."""
_NAME = lazy_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What judging a target came to."""

    target: str
    """As the list of the run names it, without credentials."""
    status: VerdictStatus
    analyser: str = __version__
    options: str = ""
    """Digest of the options of `gate run`, so that another policy is another judging."""
    reason: str = ""
    """Why it is incomplete."""
    is_passing: bool = False
    """True if it is incomplete because a server did not answer, which may be over soon."""
    attempts: int = 1
    seconds: float = 0.0

    @property
    def is_finished(self) -> bool:
        """True unless it may come out better when it is tried again."""
        return self.status is not VerdictStatus.INCOMPLETE or self.attempts >= ATTEMPTS


class Ledger:
    """The ledger of one run, by its name, and for one set of options."""

    def __init__(self, store: FleetStore, run: str, options: str, per_host: int = PER_HOST) -> None:
        """`per_host` is how many targets may be fetched from a host at a time.

        Raises UsageError for a name that cannot be a folder's.
        """
        if not _NAME.fullmatch(run):
            raise UsageError("a run's name has letters, digits, dots and hyphens", path=run[:100])
        self._files = store.files
        self._run = run
        self._options = options
        self._per_host = per_host
        self._claims = Claims(store.files)
        self._held: dict[str, str] = {}

    def entry(self, target: str) -> LedgerEntry | None:
        """Return what this version and these options made of a target; None if that is still to be done."""
        content = self._files.read(self._place(target))
        try:
            entry = msgspec.json.decode(content, type=LedgerEntry) if content else None
        except (msgspec.MsgspecError, UnicodeDecodeError):  # half-written: it is done again
            return None
        if entry is None or (entry.analyser, entry.options) != (__version__, self._options):
            return None
        return entry

    def unfinished(self, targets: Iterable[str]) -> list[str]:
        """Return the targets that are still to be judged."""
        found = ((target, self.entry(target)) for target in targets)
        return [target for target, entry in found if entry is None or not entry.is_finished]

    def write(self, entry: LedgerEntry) -> None:
        """Write down what became of a target."""
        self._files.write(self._place(entry.target), msgspec.json.encode(entry))

    def beating(self) -> AbstractContextManager[None]:
        """Keep what this process claims meanwhile, however long that takes."""
        return self._claims.beating()

    def claim(self, target: str) -> bool:
        """Claim a target for this process; False if another one is at it."""
        name = self._claims.take(f"{self._place(target)}.claim")
        if name is not None:
            self._held[target] = name
        return name is not None

    def release(self, target: str) -> None:
        """Give the claim of a target back."""
        self._claims.give_back(self._held.pop(target))

    @contextmanager
    def slot(self, host: str) -> Iterator[None]:
        """Wait until fewer than `per_host` processes of the run, on all machines, are at a host; be one meanwhile."""
        places = [f"ledger/{self._run}/hosts/{_digest(host)}/{number}" for number in range(self._per_host)]
        wait = _FIRST_WAIT_S
        while (name := next(filter(None, map(self._claims.take, places)), None)) is None:
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_S)
        try:
            yield
        finally:
            self._claims.give_back(name)

    def _place(self, target: str) -> str:
        return f"ledger/{self._run}/{_digest(target)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()

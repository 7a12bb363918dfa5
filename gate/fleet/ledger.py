"""What a fleet run has finished: a file for each target in the store, which outlives every process of the run.

    ledger/2026-11-28/ab12…          what a target's judging came to (`LedgerEntry`)
    ledger/2026-11-28/ab12….claim    who is at it now (`_Claim`)

A target has to be judged once, by whichever process comes first. A claim that its process can no longer keep (it ended,
or it is older than a target may take) is taken over.
"""

import hashlib
import os
import platform
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from gate import __version__
from gate.core.errors import UsageError
from gate.core.lazy_regex import lazy_regex
from gate.fleet.store import FleetStore
from gate.model import VerdictStatus

ATTEMPTS = 3
"""How often a target that came out incomplete is tried, over all restarts of a run."""
_NAME = lazy_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MARGIN_S = 60.0
"""Seconds that clocks of machines may differ by, and that a process needs besides its target."""


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
    attempts: int = 1
    seconds: float = 0.0

    @property
    def is_finished(self) -> bool:
        """True unless it may come out better when it is tried again."""
        return self.status is not VerdictStatus.INCOMPLETE or self.attempts >= ATTEMPTS


class _Claim(msgspec.Struct, frozen=True):
    host: str
    process: int
    at: float


class Ledger:
    """The ledger of one run, by its name, and for one set of options."""

    def __init__(self, store: FleetStore, run: str, options: str, limit_s: float) -> None:
        """`limit_s` is how long a target may take. Raises UsageError for a name that cannot be a folder's."""
        if not _NAME.fullmatch(run):
            raise UsageError("a run's name has letters, digits, dots and hyphens", path=run[:100])
        self._files = store.files
        self._run = run
        self._options = options
        self._limit_s = limit_s

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

    def release(self, target: str) -> None:
        """Give the claim of a target back."""
        self._files.delete(f"{self._place(target)}.claim")

    def claim(self, target: str, now: float | None = None) -> bool:
        """Claim a target for this process; False if another one is at it."""
        now = time.time() if now is None else now
        place = f"{self._place(target)}.claim"
        claim = msgspec.json.encode(_Claim(platform.node(), os.getpid(), now))
        if self._files.create(place, claim):
            return True
        try:
            other = msgspec.json.decode(self._files.read(place) or b"", type=_Claim)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            other = None
        if other is not None and self._is_held(other, now):
            return False
        self._files.delete(place)
        return self._files.create(place, claim)

    def _is_held(self, claim: _Claim, now: float) -> bool:
        if now - claim.at > self._limit_s + _MARGIN_S:
            return False
        return claim.host != platform.node() or _is_alive(claim.process)

    def _place(self, target: str) -> str:
        return f"ledger/{self._run}/{hashlib.sha256(target.encode('utf-8', 'surrogateescape')).hexdigest()}"


def _is_alive(process: int) -> bool:
    """True if a process of this machine goes on; one that ended and was not waited for does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return not _is_zombie(process)


def _is_zombie(process: int) -> bool:
    try:
        stated = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:  # no such file system
        return False
    return stated.rpartition(b")")[2].split()[:1] == [b"Z"]

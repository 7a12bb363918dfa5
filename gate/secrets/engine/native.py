"""The pre-filter by Hyperscan, and its compiled form in the cache."""

import hashlib
import platform
import re
import threading
from pathlib import Path
from typing import Any

import msgspec

from gate.core.cache import Cache
from gate.secrets.engine.marked_lines import PatternEnd
from gate.secrets.engine.prefilter_patterns import PATTERNS, Pattern

_REPEAT = re.compile(rb"\{(\d+),(\d+)\}")
_INDENT = re.compile(rb"^\^\[ \\t\]\{0,\d+\}")
_COUNTED = 31
"""Repeats that Hyperscan counts. One without an end costs it nothing; many long ones cost seconds to compile."""


class HyperscanSieve:
    """Patterns in one database, scanned at once."""

    def __init__(self, hyperscan: Any, database: Any, patterns: tuple[Pattern, ...]) -> None:
        self.patterns = patterns
        self.name = f"hyperscan {hyperscan.__version__}"
        self._database = database
        self._lock = threading.Lock()  # the scratch space belongs to one scan at a time

    def hits(self, utf8: bytes, path: str | None = None) -> list[PatternEnd]:
        found: list[PatternEnd] = []

        def keep(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((end, number))

        if utf8:
            with self._lock:
                self._database.scan(utf8, match_event_handler=keep)
        return sorted(found)


def load(cache_folder: str | None, patterns: tuple[Pattern, ...] = PATTERNS) -> HyperscanSieve | None:
    """Load or compile the database; None where Hyperscan cannot be had or does not know the processor."""
    try:
        import hyperscan
    except ImportError:  # no wheel for this platform
        return None
    try:
        return HyperscanSieve(hyperscan, _database(hyperscan, cache_folder, patterns), patterns)
    except hyperscan.error:  # the processor lacks what Hyperscan needs (SSSE3)
        return None


def _database(hyperscan: Any, cache_folder: str | None, patterns: tuple[Pattern, ...]) -> Any:
    if cache_folder is None:
        return _compile(hyperscan, patterns)
    kept, name = Cache(Path(cache_folder)), f"secrets/{_key(hyperscan, patterns)}.hyperscan"
    database = _loaded(hyperscan, kept.read(name))
    if database is None:
        database = _compile(hyperscan, patterns)
        kept.write(name, hyperscan.dumpb(database))
    return database


def _compile(hyperscan: Any, patterns: tuple[Pattern, ...]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[loosened(pattern.expression) for pattern in patterns],
        ids=list(range(len(patterns))),
        flags=[_flags(hyperscan, pattern) for pattern in patterns],
    )
    return database


def loosened(expression: bytes) -> bytes:
    """Return a pattern that matches where `expression` does: `[^;]{0,200}` becomes `[^;]{0,}`.

    Hyperscan 5.4 overlooks `^[ \\t]{0,8}(?:password|smtp_pass)` behind a line with blanks, and not without the bound.
    """
    if b"{" not in expression:
        return expression
    unbounded = _INDENT.sub(rb"^[ \\t]*", expression)
    return _REPEAT.sub(lambda most: b"{%s,}" % most[1] if int(most[2]) > _COUNTED else most[0], unbounded)


def _flags(hyperscan: Any, pattern: Pattern) -> int:
    caseless = hyperscan.HS_FLAG_CASELESS if pattern.ignores_case else 0
    return int(hyperscan.HS_FLAG_MULTILINE | caseless)


def _key(hyperscan: Any, patterns: tuple[Pattern, ...]) -> str:
    """Name what the compiled form depends on: the patterns, Hyperscan's version and the processor."""
    loose = [loosened(pattern.expression) for pattern in patterns]
    parts = (patterns, loose, hyperscan.__version__, platform.machine(), _processor())
    return hashlib.sha256(msgspec.msgpack.encode(parts)).hexdigest()[:32]


def _processor() -> str:
    """Return the processor's abilities, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    features = next((line for line in lines if line.startswith(("flags", "Features"))), None)
    return features or platform.processor()  # which starts a program


def _loaded(hyperscan: Any, serialized: bytes | None) -> Any:
    """Return the database that was kept, or None. What is loaded runs as native code's tables: only ours is."""
    if serialized is None:
        return None
    try:
        database = hyperscan.loadb(serialized, mode=hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
    except (hyperscan.error, ValueError, TypeError):
        return None
    return database

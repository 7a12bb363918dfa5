"""The project's baseline: findings that were there when it was made, in `.gate/baseline.jsonl`.

Its first line holds the version and a random key; every other line is one finding in one file: file, stage, rule and a
mark. The mark is a keyed hash of the finding. That of a leaked credential, the same in every file, is made by scrypt,
so that trying a list of passwords against it is slow. Lines are sorted and independent of each other, so that two
branches that change different lines can be merged.
"""

import hashlib
import hmac
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec

from gate.core.errors import ConfigError, UsageError
from gate.core.safe_write import write_below
from gate.model import Finding
from gate.policy.copies import identity, paths_of

FILE = ".gate/baseline.jsonl"
VERSION = 1
"""Version of the file format, in its first line."""
MAX_BYTES = 64 << 20
MAX_ENTRIES = 500_000
"""Lines; each takes some 300 bytes of memory."""
_KEY_SIZE = 16
_MARK_SIZE = 12
_COST = 2**12
"""scrypt's N, with blocks of 8: 4 MiB and about 10 ms a credential, on the development machine."""


Shape = TypeVar("Shape", bound=msgspec.Struct)


class BaselineEntry(msgspec.Struct, frozen=True, array_like=True, order=True, forbid_unknown_fields=True):
    """One finding that was there, in one file."""

    path: str
    stage: str
    rule: str
    mark: str


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    baseline: int
    key: str


class FindingsBaseline(msgspec.Struct, frozen=True, dict=True):
    """What was there, under a key of its own."""

    key: bytes = b""
    entries: frozenset[BaselineEntry] = frozenset()

    def listed(self, findings: Iterable[Finding]) -> dict[str, frozenset[str]]:
        """Return the files in which findings were there, by the findings' fingerprints."""
        found = ((finding.fingerprint, self._listed(finding)) for finding in findings)
        return {name: paths for name, paths in found if paths}

    def _listed(self, finding: Finding) -> frozenset[str]:
        # Marks are slow to make, so only where the rule has found something in one of these files before.
        paths = paths_of(finding)
        if not any((path, finding.stage, finding.rule) in self._places for path in paths):
            return frozenset()
        listed = frozenset(entry.path for entry in entries_of(finding, self.key) & self.entries)
        is_listed_as_before = not listed and len(paths) == 1 and self._lists_by_fingerprint(finding)
        return paths if is_listed_as_before else listed

    def _lists_by_fingerprint(self, finding: Finding) -> bool:
        """Return whether a secret is listed as earlier versions did, by a mark of its first file."""
        path = finding.location.path or ""
        mark = _slow_mark(finding.fingerprint, self.key)
        return finding.secret is not None and BaselineEntry(path, finding.stage, finding.rule, mark) in self.entries

    @cached_property
    def _places(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((entry.path, entry.stage, entry.rule) for entry in self.entries)


def listed_by_all(baselines: Sequence[FindingsBaseline], findings: Collection[Finding]) -> dict[str, frozenset[str]]:
    """Return the files in which findings were there by each of the baselines, by the findings' fingerprints."""
    first, *others = [one.listed(findings) for one in baselines]
    listed: dict[str, frozenset[str]] = {}
    for name, paths in first.items():
        listed[name] = paths.intersection(*(one.get(name, frozenset()) for one in others))
    return listed


def new_key() -> bytes:
    """Return a key for a new baseline."""
    return os.urandom(_KEY_SIZE)


def entries_of(finding: Finding, key: bytes) -> frozenset[BaselineEntry]:
    """Return the lines that stand for a finding, one for each of its files."""
    mark = _mark(finding, key)
    return frozenset(BaselineEntry(path, finding.stage, finding.rule, mark) for path in paths_of(finding))


def _mark(finding: Finding, key: bytes) -> str:
    name = "\0".join(identity(finding))
    if finding.secret is None:
        return hmac.new(key, name.encode(), "sha256").hexdigest()[: 2 * _MARK_SIZE]
    return _slow_mark(name, key)


def _slow_mark(name: str, key: bytes) -> str:
    return hashlib.scrypt(name.encode(), salt=key, n=_COST, r=8, p=1, dklen=_MARK_SIZE).hex()


def parse_baseline(content: bytes, path: str) -> FindingsBaseline:
    """Read a baseline's lines. Raises ConfigError with the line that cannot be understood."""
    if content.count(b"\n") + content.count(b"\r") > MAX_ENTRIES:
        raise ConfigError(f"has more than {MAX_ENTRIES:,} lines", path=path)
    head, *lines = content.splitlines() or [b""]
    first = _line(head, _Head, f"{path}:1")
    if first.baseline != VERSION:
        raise ConfigError(f"is of version {first.baseline}; version {VERSION} is read", path=path)
    try:
        key = bytes.fromhex(first.key)
    except ValueError as error:
        raise ConfigError("the key is not a hexadecimal number", path=f"{path}:1") from error
    if len(key) != _KEY_SIZE:
        raise ConfigError(f"the key has {len(key)} bytes, not {_KEY_SIZE}", path=f"{path}:1")
    entries = (_line(line, BaselineEntry, f"{path}:{number}") for number, line in enumerate(lines, 2) if line.strip())
    return FindingsBaseline(key=key, entries=frozenset(entries))


def _line(text: bytes, shape: type[Shape], place: str) -> Shape:
    try:
        return msgspec.json.decode(text, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(
            "cannot be understood as a line of a baseline", path=place, hint="Write it again with `gate baseline`"
        ) from error


def write_baseline(root: str, baseline: FindingsBaseline) -> Path:
    """Write the baseline of the project in `root` in one step and return its file. Raises UsageError."""
    file = Path(root) / FILE
    try:
        write_below(root, FILE, b"".join(_lines(baseline)))
    except OSError as error:
        raise UsageError(f"cannot be written ({error.strerror})", path=str(file)) from error
    return file


def _lines(baseline: FindingsBaseline) -> Iterator[bytes]:
    yield msgspec.json.encode(_Head(VERSION, baseline.key.hex())) + b"\n"
    for entry in sorted(baseline.entries):
        yield msgspec.json.encode(entry) + b"\n"

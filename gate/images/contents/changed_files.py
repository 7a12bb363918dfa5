"""Files of packages whose content was changed after the installation: it does not have the recorded digest.

hashlib releases Python's global lock for large files, so threads hash these in the background. For small files the
Python code around the hash takes longer than the hash, and threads would only compete for the lock.
"""

import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from gate.images.contents.comparison_cache import ComparisonCache
from gate.images.contents.observations import Changed
from gate.inventory.records.file_record import Record, has_digest
from gate.trees import MAX_FILE_SIZE, Entry

if TYPE_CHECKING:
    from gate.images.layers.merged import LayeredTree

LARGE = 256 << 10
"""Bytes from which on a file is hashed in a thread."""
WINDOW = 4 << 20
"""Bytes that are hashed at a time: after each, a thread has to wait for Python's lock."""


class RecordedFile(msgspec.Struct, frozen=True):
    """A file of a package and its record."""

    entry: Entry
    record: Record


def may_be_compared(record: Record | None) -> bool:
    """True if the record has a digest, and the file is not meant to be changed (configuration is)."""
    return record is not None and bool(record.digest) and not record.is_configuration


@contextmanager
def comparing(
    tree: "LayeredTree", candidates: Iterable[RecordedFile], compared: ComparisonCache
) -> Iterator["FileComparison"]:
    """Start comparing `candidates` with their records, without those that `compared` knows to be unchanged."""
    comparison = FileComparison(tree, compared, candidates)
    with ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="compare") as threads:
        try:
            comparison.begin(threads)
            yield comparison
        finally:
            comparison.abandon()


class FileComparison:
    """Files that are being compared with their records."""

    def __init__(self, tree: "LayeredTree", compared: ComparisonCache, candidates: Iterable[RecordedFile]) -> None:
        self._tree = tree
        self._compared = compared
        self._small: list[RecordedFile] = []
        self._changed: list[RecordedFile] = []
        self._running: list[Future[None]] = []
        self.count = 0
        large: list[RecordedFile] = []
        for file in candidates:
            self.count += 1
            if file.entry.size > MAX_FILE_SIZE:  # too large to be read; no distribution's package has such a file
                self._changed.append(file)
            elif not compared.has(file.entry, file.record):
                (large if file.entry.size >= LARGE else self._small).append(file)
        self._large = deque(sorted(large, key=lambda file: -file.entry.size))
        self._hashed: list[tuple[RecordedFile, bool]] = []

    def begin(self, threads: ThreadPoolExecutor) -> None:
        """Start hashing the large files."""
        workers = min(len(self._large), os.cpu_count() or 1)
        self._running = [threads.submit(self._hash_large) for _ in range(workers)]

    def abandon(self) -> None:
        """Start no further file."""
        self._large.clear()

    def changed(self) -> tuple[Changed, ...]:
        """Return the files whose content is not what the record says, by path. Raises as `FileTree.read` does."""
        for file in self._small:
            self._judge(file, is_same=has_digest(self._tree.read(file.entry.path), file.record))
        self._small.clear()
        for task in self._running:
            task.result()
        while self._hashed:
            file, is_same = self._hashed.pop()
            self._judge(file, is_same=is_same)
        return tuple(
            Changed(path=file.entry.path, package=file.record.package, layer=file.entry.origin)
            for file in sorted(self._changed, key=lambda file: file.entry.path)
        )

    def _judge(self, file: RecordedFile, *, is_same: bool) -> None:
        if is_same:
            self._compared.add(file.entry, file.record)
        else:
            self._changed.append(file)

    def _hash_large(self) -> None:
        """Hash large files until none is left; several threads do so."""
        buffer = memoryview(bytearray(WINDOW))
        while True:
            try:
                file = self._large.popleft()
            except IndexError:
                return
            hasher = hashlib.new(file.record.algorithm, usedforsecurity=False)
            for window in self._tree.windows(file.entry.path, buffer):
                hasher.update(window)
            self._hashed.append((file, hasher.hexdigest() == file.record.digest))

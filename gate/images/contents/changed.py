"""Files of packages whose content is not what the package brought: somebody changed them after the installation."""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from gate.images.contents.record import Record
from gate.trees import MAX_FILE_SIZE, Entry, FileTree


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that differs from its package's record."""

    path: str
    package: str
    layer: str | None = None
    """Diff id of the layer that brought what is there now."""


class Candidate(msgspec.Struct, frozen=True):
    """A file of a package and its record."""

    entry: Entry
    record: Record


def may_be_compared(record: Record) -> bool:
    """True if the record tells the content, and nobody is meant to change it."""
    return bool(record.digest) and not record.is_configuration


def changed_files(tree: FileTree, candidates: Iterable[Candidate]) -> Iterator[Changed]:
    """Yield those of `candidates` whose content has another digest than the record. Raises as `FileTree.read` does."""
    for file in candidates:
        if not _is_as_recorded(tree, file):
            yield Changed(path=file.entry.path, package=file.record.package, layer=file.entry.origin)


def _is_as_recorded(tree: FileTree, file: Candidate) -> bool:
    # no distribution's package brings a file that is too large to be read
    return file.entry.size <= MAX_FILE_SIZE and has_digest(tree.read(file.entry.path), file.record)


def has_digest(content: bytes, record: Record) -> bool:
    """True if the content is what the record says that the package brought."""
    return bool(record.digest) and (
        hashlib.new(record.algorithm, content, usedforsecurity=False).hexdigest() == record.digest
    )

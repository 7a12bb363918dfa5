"""Files of packages whose content is not what the package brought: somebody changed them after the installation."""

from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from gate.images.contents.compared import Compared
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


def changed_files(tree: FileTree, candidates: Iterable[Candidate], compared: Compared) -> Iterator[Changed]:
    """Yield those of `candidates` whose content has another digest than the record. Raises as `FileTree.read` does."""
    for file in candidates:
        entry = file.entry
        # no distribution's package brings a file that is too large to be read
        if entry.size > MAX_FILE_SIZE or not compared.is_as_recorded(
            entry, file.record, partial(tree.read, entry.path)
        ):
            yield Changed(path=entry.path, package=file.record.package, layer=entry.origin)

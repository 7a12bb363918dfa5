"""Many blobs through one `git cat-file`, in the order that the pack has them."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec

from gate.git.repository import Repository

_SKIPPED_AT_ONCE = 1 << 20


class Blob(msgspec.Struct, frozen=True, gc=False):
    """An object as `git cat-file --batch` gives it."""

    id: str
    size: int | None
    """Bytes; None if it is not in the object store (shallow or partial clone)."""
    content: bytes | None = None
    """None if it is missing, or larger than the reader's limit."""


def all_blobs(repository: Repository) -> list[Blob]:
    """Return every blob of the object store without its content, reachable or not, in the order of the packs."""
    listing = repository.run(
        "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectsize) %(objectname)"
    ).decode()
    lines = (line.split(" ") for line in listing.splitlines() if line.startswith("blob "))
    return [Blob(blob_id, int(size)) for _, size, blob_id in lines]


def read_blobs(repository: Repository, blob_ids: Iterable[str], limit: int) -> Iterator[Blob]:
    """Yield the blobs in the order of `blob_ids`, each with its content if it has at most `limit` bytes."""
    wanted = list(blob_ids)
    with repository.stream("cat-file", "--batch", "--buffer", lines=wanted) as answers:
        for blob_id in wanted:
            yield _read(answers, blob_id, limit)


def _read(answers: BinaryIO, blob_id: str, limit: int) -> Blob:
    words = answers.readline().split()
    if len(words) != 3:
        return Blob(blob_id, None)
    size = int(words[2])
    if size > limit:
        _skip(answers, size + 1)
        return Blob(blob_id, size)
    content = answers.read(size + 1)
    return Blob(blob_id, size, content[:-1]) if len(content) == size + 1 else Blob(blob_id, None)


def _skip(answers: BinaryIO, count: int) -> None:
    while count > 0:
        part = len(answers.read(min(count, _SKIPPED_AT_ONCE)))
        count = count - part if part else 0

"""All objects of a repository, and the content of many blobs through one `git cat-file --batch`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import msgspec

from gate.core.errors import UnreadableError
from gate.git.object_ids import is_what_its_id_says
from gate.git.repository import Repository
from gate.git.running import Running

_SKIPPED_AT_ONCE = 1 << 20
"""Bytes that are read at a time of a blob that is too large."""


class Blob(msgspec.Struct, frozen=True, gc=False):
    """An object as `git cat-file --batch` gives it."""

    id: str
    size: int | None
    """Bytes; None if it is not in the object store (shallow or partial clone)."""
    content: bytes | None = None
    """None if it is missing, or larger than the reader's limit."""
    is_damaged: bool = False
    """True if the content does not hash to the id."""


def list_ids(repository: Repository) -> Running:
    """Start listing the ids of all objects of the repository, reachable or not, sorted."""
    return repository.start("all ids")


def list_objects(repository: Repository) -> Running:
    """Start listing all objects as `list_ids` does, with their types, which takes git four times as long."""
    return repository.start("all objects")


def ids_among(listing: bytes) -> bytes:
    """Return the output of `list_ids` for the objects that `list_objects` listed."""
    return b"".join(line.partition(b" ")[0] + b"\n" for line in listing.splitlines())


def blobs_among(listing: bytes) -> list[str]:
    """Return the ids of the blobs that `list_objects` listed, in their order."""
    return [line[:-5] for line in listing.decode().splitlines() if line.endswith(" blob")]


def tags_among(listing: bytes) -> list[str]:
    """Return the ids of the tag objects that `list_objects` listed, in their order."""
    return [line[:-4] for line in listing.decode().splitlines() if line.endswith(" tag")]


def read_blobs(
    repository: Repository, blob_ids: Iterable[str], limit: int, *, is_checked: bool = False
) -> Iterator[Blob]:
    """Yield the blobs in the order of `blob_ids`, each with its content if it has at most `limit` bytes.

    With `is_checked` each content is hashed and compared with its id, which takes as long as reading it.
    """
    wanted = list(blob_ids)
    with repository.stream("contents", lines=wanted) as answers:
        for blob_id in wanted:
            yield _read(answers, blob_id, limit, is_checked)


def check_contents(repository: Repository, names: Sequence[str]) -> None:
    """Hash objects of any type and compare them with their ids. Raises UnreadableError for a damaged or missing one."""
    with repository.stream("contents", lines=names) as answers:
        for name in names:
            words = answers.readline().decode("ascii", "replace").split()
            if len(words) != 3:
                raise UnreadableError("is not in the object store (shallow or partial clone?)", path=name)
            object_id, kind, size = words[0], words[1].encode(), int(words[2])
            content = answers.read(size + 1)[:-1]
            if not is_what_its_id_says(object_id, kind, content):
                raise UnreadableError("is damaged in the object store", path=name)


def _read(answers: BinaryIO, blob_id: str, limit: int, is_checked: bool) -> Blob:
    words = answers.readline().split()
    if len(words) != 3:
        return Blob(blob_id, None)
    size = int(words[2])
    if size > limit:
        _skip(answers, size + 1)
        return Blob(blob_id, size)
    content = answers.read(size + 1)
    if len(content) != size + 1:
        return Blob(blob_id, None)
    content = content[:-1]
    is_damaged = is_checked and not is_what_its_id_says(blob_id, words[1], content)
    return Blob(blob_id, size, content, is_damaged=is_damaged)


def _skip(answers: BinaryIO, count: int) -> None:
    """Read `count` bytes and drop them: git sends the content of a large blob too."""
    while count > 0:
        part = len(answers.read(min(count, _SKIPPED_AT_ONCE)))
        count = count - part if part else 0

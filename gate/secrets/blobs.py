"""Many blobs at once: a batch is read through one `git cat-file` and looked at in one worker."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from gate.errors import GateError, LimitError, UnreadableError
from gate.git.blobs import Blob, read_blobs
from gate.model import StageError
from gate.secrets.cache import Memory
from gate.secrets.detected import Examined, Reading
from gate.secrets.files import (
    AddedFile,
    Options,
    examine_content,
    is_passed_over,
    is_time_limited,
    limited_time,
    repository_in,
    scan_blob,
)
from gate.stages.base import as_stage_error
from gate.trees import MAX_FILE_SIZE

if TYPE_CHECKING:
    from gate.stages.base import Context

_FILES_A_BATCH = 1000
"""Enough for git to use what it has unpacked of one version for the next, few enough to spread over workers."""


class Batch(msgspec.Struct, frozen=True):
    """Files that one worker looks at together."""

    files: tuple[AddedFile, ...]


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """What one file of a batch came to: one of the two."""

    examined: Examined | None = None
    error: StageError | None = None

    @property
    def value(self) -> Examined | StageError:
        value = self.examined or self.error
        assert value is not None
        return value


def look_at_blobs(
    files: Sequence[AddedFile], root: str, options: Options, memory: Memory, context: "Context"
) -> dict[tuple[str, str], Examined | StageError]:
    """Return what files came to, by (path, blob id); what is known from an earlier run is not read again."""
    known = memory.files((file.path, file.blob_id) for file in files)
    outcomes: dict[tuple[str, str], Examined | StageError] = dict(known)
    rest = [file for file in files if (file.path, file.blob_id) not in known]
    for file, outcome in _look(rest, root, options, context):
        outcomes[file.path, file.blob_id] = outcome
    found = ((file, outcomes[file.path, file.blob_id]) for file in rest)
    memory.keep_files({(file.path, file.blob_id): one for file, one in found if isinstance(one, Examined)})
    return outcomes


def _look(
    files: Sequence[AddedFile], root: str, options: Options, context: "Context"
) -> Iterator[tuple[AddedFile, Examined | StageError]]:
    failed: list[AddedFile] = []
    for batch, outcomes in context.map(scan_batch, _batches(files), root, options):
        if isinstance(outcomes, StageError):  # its worker died, or one file did what nobody foresaw
            failed.extend(batch.files)
        else:
            yield from zip(batch.files, (one.value for one in outcomes), strict=True)
    yield from context.map(scan_blob, failed, root, options)


def _batches(files: Iterable[AddedFile]) -> Iterator[Batch]:
    left = iter(files)
    while part := tuple(islice(left, _FILES_A_BATCH)):
        yield Batch(part)


def scan_batch(batch: Batch, root: str, options: Options) -> tuple[Outcome, ...]:
    """Look at each file of a batch, each of its blobs read once. Raises LimitError if it takes too long as a whole."""
    left = {path for path in {file.path for file in batch.files} if is_passed_over(path, options)}
    by_blob: dict[str, list[AddedFile]] = {}
    for file in batch.files:
        if file.path not in left:
            by_blob.setdefault(file.blob_id, []).append(file)
    with limited_time("a batch"):
        outcomes = {
            file: _outcome(blob, file, options)
            for blob in read_blobs(repository_in(root), by_blob, MAX_FILE_SIZE)
            for file in by_blob[blob.id]
        }
    passed_over = Outcome(examined=Examined(reading=Reading.PASSED_OVER))
    return tuple(outcomes.get(file, passed_over) for file in batch.files)


def _outcome(blob: Blob, file: AddedFile, options: Options) -> Outcome:
    try:
        return Outcome(examined=examine_content(_content(blob, file.path), file.path, options))
    except GateError as error:
        if not is_time_limited():  # the batch's time is up: its files are looked at one by one
            raise
        return Outcome(error=as_stage_error(error, file.path))


def _content(blob: Blob, path: str) -> bytes:
    if blob.size is None:
        raise UnreadableError("is not in the object store (shallow or partial clone?)", path=path)
    if blob.content is None:
        raise LimitError(f"has {blob.size:,} bytes; at most {MAX_FILE_SIZE:,} are read", path=path)
    return blob.content

"""Many blobs at once: a batch is read through one `git cat-file` and looked at in one worker."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

import msgspec

from gate.context import MANY
from gate.core.errors import GateError, LimitError, UnreadableError, as_stage_error
from gate.core.read_counter import count_read
from gate.git.blobs import Blob, read_blobs
from gate.model import StageError
from gate.secrets.results.detected import Examined, FileReading
from gate.secrets.results.summary import Counts, FileOutcome, Sum, added, has_no_candidate, sum_of
from gate.secrets.sources.cache import SecretsCache
from gate.secrets.sources.files import (
    AddedFile,
    FileOptions,
    examine_content,
    is_passed_over,
    is_read_whole,
    is_time_limited,
    limited_time,
    repository_in,
    scan_blob,
)
from gate.secrets.sources.files import prepare as prepare
from gate.secrets.sources.versions import look_at_versions
from gate.trees import MAX_FILE_SIZE

if TYPE_CHECKING:
    from gate.context import Context

_FILES_A_BATCH = 50, 1000
"""At least enough for git to use what it has unpacked of one version for the next, at most what a worker may hold."""
_BYTES_A_SERIES = 8 << 20
"""Bytes of a file's versions that are held at a time, to be compared."""


class Batch(msgspec.Struct, frozen=True):
    """Files that one worker looks at together."""

    files: tuple[AddedFile, ...]


def look_at_blobs(
    files: Sequence[AddedFile], root: str, options: FileOptions, memory: SecretsCache, context: "Context"
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


def sum_blobs(
    files: Sequence[AddedFile], root: str, options: FileOptions, context: "Context"
) -> tuple[Counts, dict[tuple[str, str], Examined | StageError]]:
    """Return what the files in which there is nothing to find count, and what each of the others came to."""
    clean: Counts = {}
    outcomes: dict[tuple[str, str], Examined | StageError] = {}
    failed: list[AddedFile] = []

    def take(looked_at: Sequence[AddedFile], found: Sum) -> None:
        nonlocal clean
        clean = added(clean, found.clean)
        for place, outcome in found.open:
            outcomes[looked_at[place].path, looked_at[place].blob_id] = outcome.value

    for batch, found in context.map(sum_batch, _batches(files), root, options):
        if isinstance(found, StageError):
            failed.extend(batch.files)
        else:
            take(batch.files, found)
    alone = [outcome for _, outcome in context.map(scan_blob, failed, root, options)]
    take(failed, sum_of(alone))
    return clean, outcomes


def sum_batch(batch: Batch, root: str, options: FileOptions) -> Sum:
    """Look at each file of a batch, as `scan_batch` does, but for its id: a whole history holds what it holds."""
    return sum_of(outcome.value for outcome in _scan(batch, root, options, is_checked=False))


def _look(
    files: Sequence[AddedFile], root: str, options: FileOptions, context: "Context"
) -> Iterator[tuple[AddedFile, Examined | StageError]]:
    failed: list[AddedFile] = []
    for batch, outcomes in context.map(scan_batch, _batches(files), root, options):
        if isinstance(outcomes, StageError):  # its worker died, or one file did what was not foreseen
            failed.extend(batch.files)
        else:
            yield from zip(batch.files, (one.value for one in outcomes), strict=True)
    yield from context.map(scan_blob, failed, root, options)


def _batches(files: Sequence[AddedFile]) -> Iterator[Batch]:
    """Cut files into batches, the versions of each path one after the other; MANY, if files suffice."""
    by_path: dict[str, list[AddedFile]] = {}
    for file in files:
        by_path.setdefault(file.path, []).append(file)
    left = chain.from_iterable(by_path.values())
    fewest, most = _FILES_A_BATCH
    size = min(max(len(files) // MANY, fewest), most)
    while part := tuple(islice(left, size)):
        yield Batch(part)


def scan_batch(batch: Batch, root: str, options: FileOptions) -> tuple[FileOutcome, ...]:
    """Look at each file of a batch; one that is not what its id says is an error of its own.

    Raises LimitError if it takes too long as a whole.
    """
    return _scan(batch, root, options, is_checked=True)


def _scan(batch: Batch, root: str, options: FileOptions, *, is_checked: bool) -> tuple[FileOutcome, ...]:
    paths = {file.path for file in batch.files}
    left = {path for path in paths if is_passed_over(path, options)}
    files = [file for file in batch.files if file.path not in left]
    outcomes: list[FileOutcome] = []
    with limited_time("a batch"):
        blobs = read_blobs(repository_in(root), (file.blob_id for file in files), MAX_FILE_SIZE, is_checked=is_checked)
        for path, series in _series(zip(files, blobs, strict=True), options):
            outcomes += _look_at_series(series, path, options)
    found = iter(outcomes)
    passed_over = FileOutcome(examined=Examined(reading=FileReading.PASSED_OVER))
    return tuple(passed_over if file.path in left else next(found) for file in batch.files)


def _series(read: Iterable[tuple[AddedFile, Blob]], options: FileOptions) -> Iterator[tuple[str, list[Blob]]]:
    """Yield the versions of a path that can be looked at by their differences together, and any other by itself."""
    from gate.secrets.decoders import is_apart

    path, series, size = "", list[Blob](), 0
    for file, blob in read:
        count_read(files=1, size=blob.size or 0)
        content = blob.content
        is_alone = content is None or len(content) > options.max_file_size or is_apart(content, file.path)
        size += blob.size or 0
        if series and (is_alone or file.path != path or size > _BYTES_A_SERIES):
            yield path, series
            series, size = [], blob.size or 0
        if is_alone:
            yield file.path, [blob]
        else:
            path = file.path
            series.append(blob)
    if series:
        yield path, series


def _look_at_series(series: list[Blob], path: str, options: FileOptions) -> Iterator[FileOutcome]:
    if len(series) == 1:
        yield _outcome(series[0], path, options)
        return
    found = look_at_versions(
        [_content(blob, path) for blob in series],
        look=lambda content: _outcome(Blob("", len(content), content), path, options),
        is_clean=lambda lines, outcome: (
            outcome.examined is not None
            and has_no_candidate(outcome.examined)
            and not is_read_whole(lines, path, options)
        ),
    )
    yield from (_of_size(outcome, blob.size or 0) for outcome, blob in zip(found, series, strict=True))


def _of_size(outcome: FileOutcome, size: int) -> FileOutcome:
    if outcome.examined is None or outcome.examined.size == size:
        return outcome
    return FileOutcome(examined=msgspec.structs.replace(outcome.examined, size=size))


def _outcome(blob: Blob, path: str, options: FileOptions) -> FileOutcome:
    try:
        return FileOutcome(examined=examine_content(_content(blob, path), path, options))
    except GateError as error:
        if not is_time_limited():  # the batch's time is up: its files are looked at one by one
            raise
        return FileOutcome(error=as_stage_error(error, path))


def _content(blob: Blob, path: str) -> bytes:
    if blob.size is None:
        raise UnreadableError("is not in the object store (shallow or partial clone?)", path=path)
    if blob.is_damaged:
        raise UnreadableError("is damaged in the object store", path=path)
    if blob.content is None:
        raise LimitError(f"has {blob.size:,} bytes; at most {MAX_FILE_SIZE:,} are read", path=path)
    return blob.content

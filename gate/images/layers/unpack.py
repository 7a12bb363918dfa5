"""Unpacking and verifying layers in threads, while their headers are already read.

An uncompressed layer is read in place, a compressed one from a temporary file that grows while it is read. Inflating,
hashing and writing release Python's global lock, so a layer takes as long as the slowest of the three.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.core.read_counter import count_read
from gate.images.digests import check, hasher_for
from gate.images.layers.blob import Layer, LayerBlob
from gate.images.layers.compression import unpacked
from gate.images.layers.scratch import GrowingSpan, spool
from gate.images.layers.span import Span
from gate.images.limits import FREE_SIZE, MAX_RATIO, Budget

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

Piece = TypeVar("Piece")

_WINDOW = 4 << 20
"""Bytes that are hashed at a time: after each, a thread has to wait for Python's lock."""


class Unpacking:
    """Layers that are being unpacked and verified; a context manager, inside which they can be read.

    Leaving it waits until all are done. It raises UnreadableError if a layer does not have its digests, also in place
    of an error that this damage has caused inside; LimitError for too many bytes.
    """

    def __init__(self, budget: Budget, opened: ExitStack) -> None:
        """Files for the layers are closed with `opened`, which has to be closed later than this."""
        self._budget = budget
        self._opened = opened
        self._threads: ThreadPoolExecutor | None = None
        """None until there is work for them: all layers may be in the cache."""
        self._running: list[Future[None]] = []
        self._begun: dict[LayerBlob, Layer] = {}
        self._is_abandoned = False

    def __enter__(self) -> "Unpacking":
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        try:
            if error is None or isinstance(error, UnreadableError):
                for task in self._running:
                    task.result()
        finally:
            self._is_abandoned = True
            if self._threads is not None:
                self._threads.shutdown(cancel_futures=True)

    def begin(self, blob: LayerBlob, *, is_checked: bool = False) -> Layer:
        """Start unpacking a layer, once; with `is_checked` it is not verified.

        Raises UnreadableError for a digest or compression that is not known, LimitError for too many bytes.
        """
        if blob not in self._begun:
            self._begun[blob] = Layer(diff_id=blob.diff_id, archive=self._archive(blob, is_checked))
        return self._begun[blob]

    def verify(self, blob: LayerBlob) -> None:
        """Start verifying that a layer in the cache has its digest; its unpacked content then is as in the cache.

        It is unpacked only if its diff id is the only digest that is known. Raises as `begin` does.
        """
        digest = blob.digest or blob.diff_id
        if blob.digest is None and unpacked(blob.span) is not None:
            self.begin(blob)
            return
        hasher_for(digest, blob.span.name)
        self._run(self._check, blob.span, digest)

    def settle(self) -> None:
        """Wait until all layers that were started are done, and end the threads. Raises as leaving does."""
        for task in self._running:
            task.result()
        if self._threads is not None:
            self._threads.shutdown()
            self._threads = None

    def _archive(self, blob: LayerBlob, is_checked: bool) -> Span:
        """Return the uncompressed bytes, which may still be written. Tasks are started in the order of their needs.

        Otherwise all threads could wait for bytes that a task without a thread has to write.
        """
        pieces = unpacked(blob.span)
        digests = [] if is_checked else [digest for digest in (blob.digest, blob.diff_id) if digest]
        for digest in digests:
            hasher_for(digest, blob.span.name)
        if pieces is None:
            self._budget.take_bytes(blob.span.size)
            for digest in dict.fromkeys(digests):
                self._run(self._check, blob.span, digest, is_counted=digest == blob.diff_id)
            return blob.span
        for digest in digests[:-1]:
            self._run(self._check, blob.span, digest)
        archive = GrowingSpan(blob.span.name, self._opened)
        self._run(archive.fill, bounded(self._until_abandoned(pieces), blob.span, self._budget))
        for digest in digests[-1:]:
            self._run(self._check, archive, digest, is_counted=True)
        return archive

    def _run(self, function: Callable[..., None], *arguments: Any, **more: Any) -> None:
        self._threads = self._threads or _threads()
        self._running.append(self._threads.submit(function, *arguments, **more))

    def _check(self, span: Span, digest: str, *, is_counted: bool = False) -> None:
        hasher = hasher_for(digest, span.name)
        for window in self._until_abandoned(span.windows(memoryview(bytearray(_WINDOW)))):
            hasher.update(window)
            count_read(size=len(window) if is_counted else 0)
        check(hasher, digest, span.name)

    def _until_abandoned(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        for piece in pieces:
            if self._is_abandoned:
                raise GateError("was abandoned, as something else of the image cannot be read")
            yield piece


def _threads() -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor  # late: not needed if all layers are in the cache

    return ThreadPoolExecutor(max_workers=(os.cpu_count() or 1) + 1, thread_name_prefix="layer")


def unpack(span: Span, budget: Budget, opened: ExitStack) -> Span:
    """Return the uncompressed bytes of `span`, or `span` itself if it is not compressed. Raises as `Unpacking`."""
    pieces = unpacked(span)
    if pieces is not None:
        return spool(bounded(pieces, span, budget), span.name, opened)
    budget.take_bytes(span.size)
    return span


def bounded(pieces: Iterable[bytes], packed: Span, budget: Budget) -> Iterator[bytes]:
    """Yield `pieces` as long as they are within the ratio limit and the budget. Raises LimitError beyond."""
    most = max(FREE_SIZE, packed.size * MAX_RATIO)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise _bomb(packed)
        budget.take_bytes(len(piece))
        yield piece


def _bomb(packed: Span) -> LimitError:
    return LimitError(
        f"unpacks to more than {MAX_RATIO} times its {packed.size:,} bytes (ratio limit): a decompression bomb",
        path=packed.name,
        hint="Do not use this image",
    )

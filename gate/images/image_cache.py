"""What earlier runs know of images: blobs that were checked, and what layers together came to.

See `docs/decisions/0008-known-layers.md` for what is believed and why. Nothing in it is a secret or tells of one.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from gate.core.cache import Cache, key_of, own_code
from gate.images.layers.blob import LayerBlob

Outcome = TypeVar("Outcome")

_SETTLED_NS = 2_000_000_000
"""Age of a file whose next change is sure to show in its times, on every file system."""
_LEVEL = 1
"""Of zstd: the fastest."""


class KnownLayer(msgspec.Struct, frozen=True):
    """What is known of a layer by its digest and diff id."""

    size: int
    """Uncompressed bytes."""
    is_believed: bool
    """Its bytes need no look: they are in a file that did not change since, or elsewhere until somebody reads them."""


class ImageCache:
    """What is known in one cache folder; None as folder: nothing, and nothing is kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self._cache = Cache(folder) if folder else None
        self._now_ns = time.time_ns()
        self._found: dict[bytes, bytes] = {}

    @property
    def is_kept(self) -> bool:
        """True if what is found out now serves the next run."""
        return self._cache is not None

    def known_layers(self, blobs: Sequence[LayerBlob]) -> list[KnownLayer | None]:
        """Return what is known of each layer from runs that checked one of its digest and diff id; None of others."""
        digests = [_digest_key(blob) for blob in blobs]
        files = [self._file_key(blob) if blob.span.is_here else None for blob in blobs]
        known = self._cache.get({key for key in (*digests, *files) if key}) if self._cache else {}
        return [
            _known_layer(known.get(digest), is_believed=not blob.span.is_here or file in known)
            for blob, digest, file in zip(blobs, digests, files, strict=True)
        ]

    def keep(self, layers: Iterable[tuple[LayerBlob, int]]) -> None:
        """Keep that these layers, each with its uncompressed size, were checked, and with that all that was found.

        Not before: what is found in bytes that are not what their digests say must never be found again under them.
        """
        if self._cache is None:
            return
        checked = {
            key: pack(size)
            for blob, size in layers
            for key in (self._file_key(blob), _digest_key(blob))
            if key is not None
        }
        self._cache.put(self._found | checked)

    def outcome(
        self,
        looking: tuple[str, ...],
        shape: type[Outcome],
        look: Callable[[], Outcome],
        is_kept: Callable[[Outcome], bool] = lambda _: True,
    ) -> Outcome:
        """Return what `look` came to in an earlier run, else now.

        `looking` names all that it depends on: which look it is, the diff ids in their order, the settings that
        matter. Only what `is_kept` says yes to is kept: nothing that could not be read, and nothing of a secret. It is
        kept when `keep` is called.
        """
        known = self.known(looking, shape)
        if known is None:
            known = look()
            if is_kept(known):
                self.note(looking, known)
        return known

    def known(self, looking: tuple[str, ...], shape: type[Outcome]) -> Outcome | None:
        """Return what `looking` came to in an earlier run; None if that is not known."""
        if self._cache is None:
            return None
        key = key_of(own_code(), *looking)
        answer = self._cache.get([key]).get(key)
        return None if answer is None else _decoded(answer, shape)

    def note(self, looking: tuple[str, ...], outcome: object) -> None:
        """Note what `looking` came to; it is kept when `keep` is called. Nothing of a secret may be in it."""
        if self._cache is not None:
            self._found[key_of(own_code(), *looking)] = pack(outcome)

    def _file_key(self, blob: LayerBlob) -> bytes | None:
        """Name a blob by the file that it lies in; None if that may still change unnoticed, or is temporary."""
        if self._cache is None:
            return None
        status = blob.span.status()
        if status.st_nlink == 0 or max(status.st_mtime_ns, status.st_ctime_ns) > self._now_ns - _SETTLED_NS:
            return None
        place = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        stretch = (blob.span.start, blob.span.size)
        return key_of("checked layer", " ".join(map(str, place + stretch)), blob.digest or "", blob.diff_id)


def _known_layer(answer: bytes | None, *, is_believed: bool) -> KnownLayer | None:
    size = None if answer is None else _decoded(answer, int)
    return None if size is None else KnownLayer(size, is_believed)


def _digest_key(blob: LayerBlob) -> bytes:
    """Name a blob by what its bytes have to be, which manifest or configuration say."""
    return key_of("known layer", blob.digest or blob.diff_id, blob.diff_id)


def pack(outcome: object) -> bytes:
    """Return an outcome as it is kept: paths and digests take a quarter of their room, and are packed in no time."""
    import zstandard

    return zstandard.compress(msgspec.msgpack.encode(outcome), _LEVEL)


def unpack(packed: bytes, shape: type[Outcome]) -> Outcome:
    """Return what was packed. Raises ZstdError or MsgspecError for what is no outcome of that shape."""
    import zstandard

    return msgspec.msgpack.decode(zstandard.decompress(packed), type=shape)


def _decoded(answer: bytes, shape: type[Outcome]) -> Outcome | None:
    from zstandard import ZstdError

    try:
        return unpack(answer, shape)
    except (ZstdError, msgspec.MsgspecError):  # of another shape under the same key: looked at again
        return None

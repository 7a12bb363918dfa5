"""The cache for images: layers that were verified, and results of analyses of layers.

See `docs/decisions/0008-known-layers.md` for what is trusted and why. It holds no secret, and what it holds about one
is sealed: not readable without this machine's key.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import zstandard

from gate.core.cache import Cache, key_of, own_code
from gate.core.file_stamp import is_settled, stamp
from gate.core.sealed import seal, unseal
from gate.images.layers.blob import LayerBlob

Result = TypeVar("Result")

_LEVEL = 1
"""Compression level of zstd, the fastest."""


class KnownLayer(msgspec.Struct, frozen=True):
    """A layer that an earlier run verified, found by its digest and diff id."""

    size: int
    """Uncompressed bytes."""
    is_believed: bool
    """True if it need not be verified again: its file is unchanged, or it will be verified when it is fetched."""


class ImageCache:
    """The cache in one folder; without a folder nothing is found or stored."""

    def __init__(self, folder: Path | None = None) -> None:
        self._cache = Cache(folder) if folder else None
        self._now_ns = time.time_ns()
        self._results: dict[bytes, bytes] = {}

    @property
    def is_persistent(self) -> bool:
        """True if results are stored for the next run."""
        return self._cache is not None

    def known_layers(self, blobs: Sequence[LayerBlob]) -> list[KnownLayer | None]:
        """Return each layer that an earlier run verified; None for the others."""
        digests = [_digest_key(blob) for blob in blobs]
        files = [self._file_key(blob) if blob.span.is_here else None for blob in blobs]
        known = self._cache.get({key for key in (*digests, *files) if key}) if self._cache else {}
        return [
            _known_layer(known.get(digest), is_believed=not blob.span.is_here or file in known)
            for blob, digest, file in zip(blobs, digests, files, strict=True)
        ]

    def store(self, layers: Iterable[tuple[LayerBlob, int]]) -> None:
        """Store that these layers, given with their uncompressed sizes, were verified, and all results of this run.

        Only then: a result for content that does not have its digest must never be stored under that digest.
        """
        if self._cache is None:
            return
        checked = {
            key: pack(size)
            for blob, size in layers
            for key in (self._file_key(blob), _digest_key(blob))
            if key is not None
        }
        self._cache.put(self._results | checked)

    def get_or_compute(
        self,
        key: tuple[str, ...],
        shape: type[Result],
        compute: Callable[[], Result],
        is_storable: Callable[[Result], bool] = lambda _: True,
        is_private: Callable[[Result], bool] = lambda _: False,
    ) -> Result:
        """Return the result of `compute`, from an earlier run if there is one.

        `key` is the name of the analysis, the diff ids in their order, and the settings that matter. A result is
        stored, when `store` is called, only if `is_storable` accepts it: it must be complete. One that `is_private`
        accepts is sealed; no other may hold any part of a secret.
        """
        result = self.get(key, shape)
        if result is None:
            result = self.get_sealed(key, shape)
        if result is None:
            result = compute()
            if is_private(result) and is_storable(result):
                self.put_sealed(key, result)
            elif is_storable(result):
                self.put(key, result)
        return result

    def get(self, key: tuple[str, ...], shape: type[Result]) -> Result | None:
        """Return the result of an earlier run under `key`; None if there is none."""
        if self._cache is None:
            return None
        hashed = key_of(own_code(), *key)
        packed = self._cache.get([hashed]).get(hashed)
        return None if packed is None else _decoded(packed, shape)

    def put(self, key: tuple[str, ...], result: object) -> None:
        """Add a result under `key`; `store` stores it. It must hold no part of a secret."""
        if self._cache is not None:
            self._results[key_of(own_code(), *key)] = pack(result)

    def get_sealed(self, key: tuple[str, ...], shape: type[Result]) -> Result | None:
        """Return what `put_sealed` put under `key` in an earlier run; None if there is none."""
        if self._cache is None:
            return None
        hashed = _sealed_key(key)
        stored = self._cache.get([hashed]).get(hashed)
        packed = unseal(stored) if stored is not None else None
        return None if packed is None else _decoded(packed, shape)

    def put_sealed(self, key: tuple[str, ...], result: object) -> None:
        """Add a result, as `put` does, that only this machine can read; none if it has no key."""
        sealed = seal(pack(result)) if self._cache is not None else None
        if sealed is not None:
            self._results[_sealed_key(key)] = sealed

    def _file_key(self, blob: LayerBlob) -> bytes | None:
        """Return the key of a blob by its file; None if the file is temporary, or could change unnoticed."""
        if self._cache is None:
            return None
        status = blob.span.status()
        if status.st_nlink == 0 or not is_settled(status, self._now_ns):
            return None
        stretch = f"{stamp(status)} {blob.span.start} {blob.span.size}"
        return key_of("checked layer", stretch, blob.digest or "", blob.diff_id)


def _sealed_key(key: tuple[str, ...]) -> bytes:
    return key_of(own_code(), "sealed", *key)


def _known_layer(packed: bytes | None, *, is_believed: bool) -> KnownLayer | None:
    size = None if packed is None else _decoded(packed, int)
    return None if size is None else KnownLayer(size, is_believed)


def _digest_key(blob: LayerBlob) -> bytes:
    """Return the key of a blob by the digest that manifest or configuration state."""
    return key_of("known layer", blob.digest or blob.diff_id, blob.diff_id)


def pack(result: object) -> bytes:
    """Return a result as it is stored: compressed, as paths and digests then take a quarter of the space."""
    return zstandard.compress(msgspec.msgpack.encode(result), _LEVEL)


def unpack(packed: bytes, shape: type[Result]) -> Result:
    """Return the result that was packed. Raises ZstdError or MsgspecError for any other content."""
    return msgspec.msgpack.decode(zstandard.decompress(packed), type=shape)


def _decoded(packed: bytes, shape: type[Result]) -> Result | None:
    try:
        return unpack(packed, shape)
    except (zstandard.ZstdError, msgspec.MsgspecError):  # a result of another shape under the same key
        return None

"""The limits for one image, and a budget that counts what is left of them."""

import threading

import msgspec

from gate.core.errors import LimitError

MAX_RATIO = 100
"""Unpacked bytes for one packed byte. Programs and texts reach 2 to 10, deflate 1032 on zeros, zstd far more."""
FREE_SIZE = 64 << 20
"""Bytes that a layer may always unpack to, whatever its ratio: small layers of zeros are harmless."""
MAX_JSON = 4 << 20
"""Bytes of a manifest, index or configuration; registries take no larger manifest either."""
MAX_EXTENSION = 1 << 20
"""Bytes of a pax or GNU extension header, as in Go's archive/tar, which Docker reads layers with."""
MAX_PATH = 4096
"""Bytes of a path or link, as in Linux (PATH_MAX)."""


class Limits(msgspec.Struct, frozen=True):
    """How much of an image is read at most: see `stages.image` in the settings."""

    size: int
    entries: int


class Budget:
    """What is left of the limits of one image."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._size = limits.size
        self._entries = limits.entries
        self._lock = threading.Lock()  # several layers are unpacked at once

    @property
    def entries(self) -> int:
        """Entries that may still come."""
        return self._entries

    def require_bytes(self, count: int) -> None:
        """Raise LimitError if `count` bytes are more than are left."""
        if count > self._size:
            raise LimitError(
                f"has more than {self._limits.size:,} bytes after decompression",
                hint="Raise stages.image.max_size in gate.yaml if the image is meant to be this large",
            )

    def take_bytes(self, count: int) -> None:
        """Count unpacked bytes. Raises LimitError when there are more than the image may have."""
        with self._lock:
            self.require_bytes(count)
            self._size -= count

    def give_back_bytes(self, count: int) -> None:
        """Give back bytes that were counted in advance, before they are counted while being unpacked."""
        with self._lock:
            self._size += count

    def take_entry(self) -> None:
        """Count a tar entry. Raises LimitError when there are more than the image may have."""
        self.take_entries(1)

    def take_entries(self, count: int) -> None:
        """Count `count` tar entries as `take_entry` does."""
        self._entries -= count
        if self._entries < 0:
            raise LimitError(
                f"has more than {self._limits.entries:,} entries in its layers",
                hint="Raise stages.image.max_entries in gate.yaml if the image is meant to have this many",
            )

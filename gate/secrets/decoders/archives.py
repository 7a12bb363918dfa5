"""Files inside of archives: zip and its variants, tar, compressed or not, single compressed files; in memory alone.

No name of an entry is ever used as a path; links and devices have no content.
"""

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.core.zip_errors import ZIP_DAMAGE

MAX_DEPTH = 3
"""Archives within one another."""
MAX_FILES = 20_000
"""Entries of an archive and all archives within it."""
MAX_BYTES = 256 << 20
"""Bytes of all of them, unpacked."""
MAX_RATIO = 250
"""Bytes out for one byte in; texts come to 2 to 20."""
FREE_SIZE = 16 << 20
"""Bytes that an archive may always unpack to, whatever its ratio."""

_DAMAGE: tuple[type[Exception], ...] = (*ZIP_DAMAGE, tarfile.TarError, lzma.LZMAError, LookupError, MemoryError)
"""What the libraries raise for damage, truncation, encryption and methods that they do not know."""


_END_OF_ZIP = b"PK\x05\x06"
_LAST_OF_ZIP = 22 + 0xFFFF
"""Bytes of the record that ends a zip, and of the longest comment in it."""
_HINT = "List it under stages.secrets.ignore in gate.yaml"
_MAX_STREAMS = 1000
"""Compressed streams in one file; each costs a copy of what follows."""
_MAX_WINDOW = 128 << 20
"""Bytes of memory that a decompressor may ask for."""
_STEP = 512
"""Bytes that are given to zstd at once: no more than 16 MiB come out of them (blocks of 128 KiB in four bytes)."""


class Unpacked(msgspec.Struct, frozen=True):
    """What a compressed file holds."""

    held: bytes
    is_cut: bool = False
    """True if its stream does not end: there was more."""


class ArchiveBudget:
    """What is left of the bounds of one outermost archive."""

    def __init__(self, size: int) -> None:
        """`size`: bytes of the archive as it is stored."""
        self.left = min(MAX_BYTES, max(FREE_SIZE, MAX_RATIO * size))
        self._files = MAX_FILES

    def take(self, size: int) -> None:
        """Count unpacked bytes. Raises LimitError."""
        self.left -= size
        if self.left < 0:
            raise LimitError(f"unpacks to more than {MAX_BYTES >> 20} MiB or {MAX_RATIO} times its size", hint=_HINT)

    def take_file(self, count: int = 1) -> None:
        """Count entries. Raises LimitError."""
        self._files -= count
        if self._files < 0:
            raise LimitError(f"holds more than {MAX_FILES:,} files", hint=_HINT)


def files_in(content: bytes, path: str, budget: ArchiveBudget) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the files in an archive; nothing for what only has an archive's name.

    Raises UnreadableError for damage and encryption, LimitError at a bound; what came before stands.
    """
    try:
        if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            yield from _from_zip(content, budget)
        elif content[257:262] == b"ustar":
            yield from _from_tar(content, budget)
        elif (unpacked := _unpacked(content, budget)) is not None:
            if unpacked.held[257:262] == b"ustar":
                yield from _from_tar(unpacked.held, budget)
            else:
                name = path.rpartition("/")[2]
                yield name.rpartition(".")[0] or name, unpacked.held
            if unpacked.is_cut:
                raise EOFError
        elif _END_OF_ZIP in content[-_LAST_OF_ZIP:]:  # behind a program that unpacks or starts it
            yield from _from_zip(content, budget)
    except _DAMAGE as error:
        raise UnreadableError(f"cannot be unpacked ({type(error).__name__})", path=path) from error


def _from_zip(content: bytes, budget: ArchiveBudget) -> Iterator[tuple[str, bytes]]:
    budget.take_file(content.count(b"PK\x01\x02"))  # before zipfile makes an object of each
    damage: Exception | None = None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for item in archive.infolist():
            if not item.is_dir():
                try:
                    with archive.open(item) as entry:
                        held = entry.read(budget.left + 1)
                except _DAMAGE as error:  # encrypted, perhaps; the others are read all the same
                    damage = error
                    continue
                budget.take(len(held))
                yield _shown(item.filename), held
    if damage:
        raise damage


def _from_tar(content: bytes, budget: ArchiveBudget) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        members, damage = _members(archive, budget)
        for member in members:
            if member.issparse():
                damage = tarfile.ReadError("a sparse file is not read")
            elif member.isreg():
                budget.take(member.size)
                entry = archive.extractfile(member)
                yield _shown(member.name), entry.read() if entry else b""
        if damage:
            raise damage


def _members(archive: tarfile.TarFile, budget: ArchiveBudget) -> tuple[list[tarfile.TarInfo], tarfile.TarError | None]:
    """Return the entries of a tar up to the first that is damaged, and how that is."""
    members: list[tarfile.TarInfo] = []
    try:
        for member in archive:
            budget.take_file()
            members.append(member)
    except tarfile.TarError as error:
        return members, error
    return members, None


def _shown(name: str) -> str:
    """Return a name without the halves of characters that tar keeps broken bytes as."""
    return name.encode("utf-8", "replace").decode()


def _streams(make: Callable[[], Any], mark: bytes) -> Callable[[bytes, int], Unpacked]:
    """Return a function that decompresses the streams of a file, one after the other, to a number of bytes at most."""

    def unpack(content: bytes, limit: int) -> Unpacked:
        held = bytearray()
        for _ in range(_MAX_STREAMS):
            stream = make()
            held += stream.decompress(content, limit - len(held))
            if len(held) >= limit:
                return Unpacked(bytes(held))
            if not stream.eof:
                return Unpacked(bytes(held), is_cut=True)
            content = stream.unused_data
            if not content.startswith(mark):
                return Unpacked(bytes(held))
        raise ValueError("more compressed streams than a file has")

    return unpack


class _Zstd:
    """zstd with the interface of the standard library's decompressors."""

    def __init__(self) -> None:
        import zstandard

        self._frame = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompressobj()
        self._error = zstandard.ZstdError
        self.eof = False
        self.unused_data = b""

    def decompress(self, content: bytes, limit: int) -> bytes:
        """Return what a frame holds, up to `limit` and a step more. Raises ValueError for damage."""
        held = bytearray()
        try:
            for start in range(0, len(content), _STEP):
                held += self._frame.decompress(content[start : start + _STEP])
                self.eof = self._frame.eof
                if self.eof or len(held) >= limit:
                    self.unused_data = self._frame.unused_data + content[start + _STEP :]
                    break
        except self._error as error:
            raise ValueError("damaged zstd") from error
        return bytes(held)


_COMPRESSIONS: tuple[tuple[bytes, Callable[[bytes, int], Unpacked]], ...] = (
    (b"\x1f\x8b", _streams(lambda: zlib.decompressobj(31), b"\x1f\x8b")),
    (b"BZh", _streams(bz2.BZ2Decompressor, b"BZh")),
    (b"\xfd7zXZ\0", _streams(lambda: lzma.LZMADecompressor(memlimit=_MAX_WINDOW), b"\xfd7zXZ\0")),
    (b"\x28\xb5\x2f\xfd", _streams(_Zstd, b"\x28\xb5\x2f\xfd")),
)


def _unpacked(content: bytes, budget: ArchiveBudget) -> Unpacked | None:
    """Return what a compressed file holds; None for one that is not compressed."""
    unpack = next((unpack for mark, unpack in _COMPRESSIONS if content.startswith(mark)), None)
    if unpack is None:
        return None
    unpacked = unpack(content, budget.left + 1)
    budget.take(len(unpacked.held))
    return unpacked

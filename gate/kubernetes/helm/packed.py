"""Charts in archives, as `helm dependency build` leaves them in `charts`: unpacked in memory, within bounds."""

import io
import tarfile
import zlib
from collections.abc import Iterator, Mapping

from gate.core.errors import LimitError, UnreadableError
from gate.trees import Entry, EntryKind
from gate.trees.base import MAX_FILE_SIZE

ENDINGS = (".tgz", ".tar.gz")
MAX_PACKED = 8 << 20
"""Bytes of an archive."""
MAX_UNPACKED = 64 << 20
"""Bytes of all files in the archives of a chart, and in those within them."""
MAX_ENTRIES = 5_000
MAX_DEPTH = 3
"""Archives within one another."""
_GZIP = 31
"""What tells zlib that the stream is one of gzip."""
_DAMAGE = (tarfile.TarError, zlib.error, ValueError, EOFError, OverflowError, LookupError)
"""What the libraries raise for damage."""


class PackedFiles:
    """The files of an archive, as a tree."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def walk(self) -> Iterator[Entry]:
        return (self._entry(path) for path in sorted(self._files))

    def look_up(self, path: str) -> Entry | None:
        return self._entry(path) if path in self._files else None

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        content = self._files.get(path)
        if content is None:
            raise UnreadableError("is not in the archive", path=path)
        if len(content) > limit:
            raise LimitError(f"has more than {limit:,} bytes", path=path)
        return content

    def _entry(self, path: str) -> Entry:
        return Entry(path=path, kind=EntryKind.FILE, size=len(self._files[path]))


class ArchiveBounds:
    """What is left of the bounds for the archives of one chart."""

    def __init__(self) -> None:
        self._left = MAX_UNPACKED

    def files_in(self, content: bytes, path: str) -> dict[str, bytes]:
        """Return the files of a gzipped tar. Raises UnreadableError for damage, LimitError at a bound."""
        try:
            stream = zlib.decompressobj(_GZIP)
            unpacked = stream.decompress(content, self._left + 1)
            if len(unpacked) > self._left:
                self._left = 0  # never below: to zlib, no more than 0 bytes are any number
                raise LimitError(f"the archives of a chart unpack to more than {MAX_UNPACKED >> 20} MiB", path=path)
            self._left -= len(unpacked)
            if not stream.eof:
                raise EOFError
            with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
                return dict(_files(archive, path))
        except _DAMAGE as error:
            raise UnreadableError(f"cannot be unpacked ({type(error).__name__})", path=path) from error


def _files(archive: tarfile.TarFile, path: str) -> Iterator[tuple[str, bytes]]:
    for number, member in enumerate(archive):
        if number >= MAX_ENTRIES:
            raise LimitError(f"holds more than {MAX_ENTRIES:,} files", path=path)
        name = member.name.removeprefix("./")
        if member.isreg() and not member.issparse() and _is_plain(name):
            entry = archive.extractfile(member)
            yield name, entry.read() if entry else b""


def _is_plain(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/")

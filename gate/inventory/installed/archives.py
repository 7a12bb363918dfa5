"""Java archives opened in memory, those inside of them too, within bounds over all (JAR File Specification)."""

import io
import zipfile
from collections.abc import Iterator

import msgspec

from gate.core.errors import LimitError
from gate.core.zip_errors import ZIP_DAMAGE
from gate.inventory.installed.packages import unparsable

MAX_DEPTH = 4
"""Archives in one another: an .ear holds .war files, which hold .jar files, which may be shaded."""
MAX_ENTRIES = 500_000
"""Entries of all archives in one file."""
MAX_BYTES = 1 << 30
"""Bytes that are unpacked of one file."""
ENDINGS = (".jar", ".war", ".ear", ".par", ".sar", ".jpi", ".hpi")

_CHUNK = 1 << 20


class ArchiveMetadata(msgspec.Struct, frozen=True):
    """A file that may say what an archive is."""

    archive: tuple[str, ...]
    """Names of the archives that it is in, the outermost first."""
    name: str
    """Empty: the archive itself, which may have none."""
    content: bytes


class ArchiveReader:
    """The reading of one file with all archives in it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._entries = MAX_ENTRIES
        self._bytes = MAX_BYTES

    def statements(self, content: bytes, archive: tuple[str, ...]) -> Iterator[ArchiveMetadata]:
        """Yield the manifests and pom.properties, those of an inner archive after its outer's own.

        Raises UnreadableError for an archive that is damaged, LimitError for one beyond the bounds.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                yield from self._statements(opened, archive)
        except ZIP_DAMAGE as error:
            raise unparsable(self._path, f"{'!'.join(archive)[:200]} is no sound archive") from error

    def _statements(self, opened: zipfile.ZipFile, archive: tuple[str, ...]) -> Iterator[ArchiveMetadata]:
        yield ArchiveMetadata(archive, "", b"")
        entries = opened.infolist()
        self._entries -= len(entries)
        if self._entries < 0:
            raise LimitError(f"has more than {MAX_ENTRIES:,} entries in its archives", path=self._path)
        for entry in entries:
            if _is_statement(entry.filename):
                yield ArchiveMetadata(archive, entry.filename, self._unpack(opened, entry))
        for entry in entries:
            if entry.filename.lower().endswith(ENDINGS) and not entry.is_dir():
                if len(archive) >= MAX_DEPTH:
                    raise LimitError(f"has more than {MAX_DEPTH} archives in one another", path=self._path)
                inner = entry.filename.rpartition("/")[2]
                yield from self.statements(self._unpack(opened, entry), (*archive, inner))

    def _unpack(self, opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        """Return the bytes of an entry; what its header says of their number is not believed."""
        pieces = []
        with opened.open(entry) as file:
            while piece := file.read(_CHUNK):
                self._bytes -= len(piece)
                if self._bytes < 0:
                    raise LimitError(f"has more than {MAX_BYTES:,} bytes in its archives", path=self._path)
                pieces.append(piece)
        return b"".join(pieces)


def _is_statement(name: str) -> bool:
    if name == "META-INF/MANIFEST.MF":
        return True
    return name.startswith("META-INF/maven/") and name.endswith("/pom.properties")

"""Reads the JSON files of a zip within bounds; an entry that is missing or damaged is an error."""

import struct
import zipfile
from collections.abc import Iterator
from io import BufferedReader

from gate.core.errors import LimitError, UnreadableError
from gate.core.zip_errors import ZIP_DAMAGE

MAX_ENTRIES = 2_000_000
"""Files in one zip."""
MAX_ENTRY = 32 << 20
"""Bytes of one file."""
MAX_BYTES = 32 << 30
"""Bytes of all files."""
MAX_RATIO = 250
"""Unpacked bytes for each byte of the zip, over all files: JSON does not compress better, a zip bomb does."""

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_MAX_TAIL = (1 << 16) + 256
"""Bytes: the longest comment, and the records at the end (APPNOTE.TXT, 4.3.14 to 4.3.16)."""


def json_files(file: BufferedReader, shown: str) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the JSON files of the zip `file`, which messages call `shown`.

    Raises UnreadableError for damage and LimitError at a bound. Names are never used as paths.
    """
    size = file.seek(0, 2)
    left = min(MAX_BYTES, MAX_RATIO * max(size, 1 << 16))
    try:
        with zipfile.ZipFile(file) as archive:
            for item in _listed(archive, file, shown):
                with archive.open(item) as entry:
                    content = entry.read(MAX_ENTRY + 1)
                left -= len(content)
                if len(content) > MAX_ENTRY or left < 0:
                    raise LimitError("unpacks to more than an advisory database can have", path=shown)
                if item.filename.endswith(".json"):
                    yield item.filename, content
    except ZIP_DAMAGE as error:
        raise UnreadableError(
            f"is no zip file or is damaged ({type(error).__name__})", path=shown, hint="Fetch the file again"
        ) from error


def _listed(archive: zipfile.ZipFile, file: BufferedReader, shown: str) -> list[zipfile.ZipInfo]:
    items = archive.infolist()
    if len(items) > MAX_ENTRIES:
        raise LimitError(f"has more than {MAX_ENTRIES:,} entries", path=shown)
    if not _has_all_entries(archive, file):
        raise UnreadableError("lists fewer files than it has", path=shown, hint="Fetch the file again")
    return items


def _has_all_entries(archive: zipfile.ZipFile, file: BufferedReader) -> bool:
    """True if `archive` lists as many entries as the end record of the zip states.

    zipfile does not check this, and with a damaged directory entries would be missing without an error.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _MAX_TAIL))
    tail = file.read()
    end = tail.rfind(_END)
    (promised,) = struct.unpack_from("<H", tail, end + 10)
    end_64 = tail.rfind(_END_64, 0, end)
    if promised == 0xFFFF and end_64 >= 0:
        (promised,) = struct.unpack_from("<Q", tail, end_64 + 32)
    return bool(promised == len(archive.infolist()))

"""What zipfile does not check: that a damaged directory of a zip file has not swallowed entries."""

import struct
import zipfile
from io import BufferedReader

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_MAX_TAIL = (1 << 16) + 256
"""Bytes: the longest comment, and the records at the end (APPNOTE.TXT, 4.3.14 to 4.3.16)."""


def has_all_entries(archive: zipfile.ZipFile, file: BufferedReader) -> bool:
    """True if `archive` lists as many entries as the record at the end of `file` promises."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _MAX_TAIL))
    tail = file.read()
    end = tail.rfind(_END)
    (promised,) = struct.unpack_from("<H", tail, end + 10)
    end_64 = tail.rfind(_END_64, 0, end)
    if promised == 0xFFFF and end_64 >= 0:
        (promised,) = struct.unpack_from("<Q", tail, end_64 + 32)
    return bool(promised == len(archive.infolist()))

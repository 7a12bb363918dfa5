"""The exceptions of Python's `zipfile` for files that are damaged or not supported."""

import struct
import zipfile
import zlib

ZIP_DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    OSError,
)
"""Raised for damage, truncation, encryption and unknown compression."""

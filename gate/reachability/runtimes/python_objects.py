"""Objects that Python stored: to load them imports the modules of their classes (Python documentation, "pickle").

Models of scikit-learn and PyTorch, caches and tables are kept so. What loads them need not name any of these modules.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

import msgspec

from gate.reachability.runtimes.files import Files
from gate.trees.memo import Analysis

_ENDINGS = re.compile(
    r".*\.(?:pkl|pickle|pck|pk|p|joblib|jl|jbl|dill|cloudpickle|sav|model|pt|pth|ckpt|bin|npy|npz)"
    r"(?:\.(?:gz|z|bz2|xz|lzma|zst|lz4))?",
    re.IGNORECASE,
)
_BEGINNINGS = tuple(b"\x80%c" % version for version in range(2, 6))
_GLOBAL = re.compile(rb"[ci]([A-Za-z_]\w{0,80})(?:\.\w{1,80}){0,20}\n")
_TEXT = re.compile(rb"(?:\x8c.|X.{4}|U.|V)([A-Za-z_]\w{0,80})(?:\.\w{1,80}){0,20}", re.DOTALL)
"""How stored objects state a module: by itself up to version 3, since then as any other text (pickletools)."""
_OF_ZIP = b"PK\3\4"
_OF_ZLIB = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_PACKED_ELSE = (b"BZh", b"\xfd7zXZ", b"]\0\0", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")
_BY_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_MOST = 256 << 20
"""Bytes of what was packed that are read."""


class StoredObjects(msgspec.Struct, frozen=True, array_like=True):
    """What a file of stored objects states."""

    modules: list[str]
    """The outermost modules, and other words."""
    is_read: bool = True
    """False if it is packed in a way that is not read."""


def may_be_objects(path: str, files: Files, *, is_reached: bool) -> bool:
    """True for a file that is called as stored objects are, or is reached and begins as they do.

    Raises as `Files.read` does.
    """
    return _ENDINGS.fullmatch(path) is not None or (
        is_reached and any(map(partial(files.starts_with, path), _BEGINNINGS))
    )


def objects_in(path: str, files: Files) -> StoredObjects:
    """Return what a file of stored objects states. Raises as `Files.read` does."""
    return files.analysed(path, Analysis("modules of stored objects", StoredObjects, read_objects))


def read_objects(content: bytes) -> StoredObjects:
    """Return what stored objects state, which may be packed."""
    modules: set[str] = set()
    try:
        for part in _unpacked(content):
            modules.update(found.decode() for form in (_GLOBAL, _TEXT) for found in form.findall(part))
    except (ValueError, EOFError, OSError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile):
        return StoredObjects(sorted(modules), is_read=False)
    return StoredObjects(sorted(modules))


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the parts of a file. Raises ValueError and others if they cannot be read, or are too large."""
    if content.startswith(_OF_ZIP):
        left = _MOST
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.infolist():
                left -= one.file_size
                if left < 0:
                    raise ValueError
                yield archive.read(one)
    elif content.startswith(_OF_ZLIB):
        unpacking = zlib.decompressobj(_BY_GZIP_OR_ZLIB)
        yield unpacking.decompress(content, _MOST)
        if not unpacking.eof or unpacking.unused_data:
            raise ValueError
    elif content.startswith(_PACKED_ELSE):
        raise ValueError
    else:
        yield content

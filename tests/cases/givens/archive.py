"""An archive in the repository, `{path, kind, files, front, comment}`: zip, tar, 7z, … made of texts.

`kind` is `zip`, `tar`, `gz`, `bz2`, `xz`, `zst`, a kind of which only the first bytes are written (`7z`, `rar`, …), or
several, the innermost first (`[zip, gz]`). `front` is a text before it, `comment` a zip's.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import zstandard

_SEALED = {
    "7z": b"7z\xbc\xaf\x27\x1c\0\x04",
    "rar": b"Rar!\x1a\x07\x01\0",
    "lz4": b"\x04\x22\x4d\x18\x64\x40",
    "lzip": b"LZIP\x01\x0c",
    "cab": b"MSCF\0\0\0\0",
    "qcow2": b"QFI\xfb\0\0\0\x03",
    "squashfs": b"hsqs\x01\0\0\0",
    "luks": b"LUKS\xba\xbe\0\x02",
    "kdbx": b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5",
    "deb": b"!<arch>\ndebian-binary   ",
    "rpm": b"\xed\xab\xee\xdb\x03\0",
    "pack": b"PACK\0\0\0\x02\0\0\0\x01",
}
_PACKED = {
    "gz": lambda content: gzip.compress(content, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda content: zstandard.ZstdCompressor().compress(content),
}


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Write the archive."""
    files = {scene.filled(name): scene.filled(text).encode() for name, text in value.get("files", {}).items()}
    kinds = value["kind"] if isinstance(value["kind"], list) else [value["kind"]]
    content = b""
    for number, kind in enumerate(kinds):
        held = {f"inner.{kinds[number - 1]}": content} if number else files
        content = _made(kind, held, scene.filled(value.get("comment", "")))
    path = scene.repository / value["path"]
    path.write_bytes(scene.filled(value.get("front", "")).encode() + content)
    yield {}


def _made(kind: str, files: dict[str, bytes], comment: str) -> bytes:
    if kind in _SEALED:
        return _SEALED[kind] + bytes(range(128, 256)) * 8
    if kind in _PACKED:
        return _PACKED[kind](next(iter(files.values())))
    return _tar(files) if kind == "tar" else _zip(files, comment, is_encrypted=kind == "encrypted")


def _zip(files: dict[str, bytes], comment: str, *, is_encrypted: bool) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = comment.encode()
    made = bytearray(stream.getvalue())
    if is_encrypted:
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            made[made.index(mark) + offset] |= 1
    return bytes(made)


def _tar(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()

"""rpm's database as a list of files with digests and flags (RPM file format, "File Info")."""

from collections.abc import Iterator
from functools import partial
from typing import TypeVar

from gate.inventory.installed import rpm_header as tags
from gate.inventory.installed.rpm import databases
from gate.inventory.installed.rpm_databases import header_blobs
from gate.inventory.installed.rpm_header import Header
from gate.inventory.records.file_record import Record
from gate.trees import FileTree
from gate.trees.memo import Analysis, analysed

Value = TypeVar("Value", str, int)

_CHANGEABLE = 1 << 0 | 1 << 6
"""Flags of a file that is configuration, or that a program writes later (ghost)."""
_ALGORITHMS = {0: "md5", 1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224"}
"""Numbers of RFC 4880, section 9.4; without one it is MD5."""


def read(tree: FileTree) -> Iterator[Record]:
    """Yield the files of all installed packages. Raises UnreadableError for a broken database."""
    for path in databases(tree):
        yield from analysed(tree, path, Analysis("rpm records", list[Record], partial(_records, path)))


def _records(path: str, content: bytes) -> list[Record]:
    return [record for blob in header_blobs(content, path) for record in _files(Header(blob, path))]


def _files(header: Header) -> Iterator[Record]:
    package = header.text(tags.NAME)
    algorithm = _ALGORITHMS.get(header.number(tags.DIGEST_ALGORITHM), "")
    paths = list(header.files())
    digests = _as_many(list(header.strings(tags.DIGESTS)), paths, "")
    flags = _as_many(list(header.numbers(tags.FLAGS)), paths, 0)
    for path, digest, flag in zip(paths, digests, flags, strict=True):
        own_digest, own_algorithm = (digest.lower(), algorithm) if digest and algorithm else ("", "")
        yield Record(
            path=path.strip("/"),
            package=package,
            digest=own_digest,
            algorithm=own_algorithm,
            is_configuration=bool(flag & _CHANGEABLE),
        )


def _as_many(values: list[Value], paths: list[str], default: Value) -> list[Value]:
    return values if len(values) == len(paths) else [default] * len(paths)

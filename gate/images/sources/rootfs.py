"""A root file system in a folder: judged as the image that `docker import` would make of it, with one layer.

Owners, modes and hard links are those on disk. Links are written down, never followed, so that what they mean is
settled inside the image, as everywhere else.
"""

import errno
import hashlib
import os
import stat
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

import msgspec

from gate.core.errors import UnreadableError
from gate.images.access import Access
from gate.images.config import ImageConfig, RootFs
from gate.images.digests import sha256
from gate.images.image import FoundImage
from gate.images.layers.blob import LayerBlob
from gate.images.layers.scratch import spool
from gate.images.layers.span import CHUNK
from gate.images.limits import Budget
from gate.trees import shown

_BLOCK = tarfile.BLOCKSIZE
_TYPES = {
    stat.S_IFREG: tarfile.REGTYPE,
    stat.S_IFDIR: tarfile.DIRTYPE,
    stat.S_IFLNK: tarfile.SYMTYPE,
    stat.S_IFCHR: tarfile.CHRTYPE,
    stat.S_IFBLK: tarfile.BLKTYPE,
    stat.S_IFIFO: tarfile.FIFOTYPE,
}
"""What a layer can hold; a socket is no part of any image."""


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image that the folder `reference` is: see `gate.images.sources.ImageSource.find`."""
    folder = _Folder(reference, budget)
    layer = spool(folder.archive(), os.path.basename(reference), opened)
    system, _, architecture = (access.platform or "linux/unknown").partition("/")
    config = ImageConfig(os=system, architecture=architecture, rootfs=RootFs(type="layers", stated=[folder.diff_id]))
    return FoundImage(
        id=sha256(msgspec.json.encode(config)),
        config=config,
        layers=(LayerBlob(span=layer, diff_id=folder.diff_id),),
        not_read=tuple(folder.mounted),
    )


class _Folder:
    """Writes a folder down as a layer: the same bytes for the same content."""

    def __init__(self, root: str, budget: Budget) -> None:
        self._root = os.fsencode(os.path.realpath(root))
        self._budget = budget
        self._hasher = hashlib.sha256()
        self._size = 0
        self._first_names: dict[tuple[int, int], bytes] = {}
        """Names under which files that have several were written down."""
        self.mounted: list[str] = []
        """Folders in it that are the roots of other file systems (`proc`, `sys`, volumes): written down as empty."""

    @property
    def diff_id(self) -> str:
        """Digest of all that `archive` has yielded."""
        return f"sha256:{self._hasher.hexdigest()}"

    def archive(self) -> Iterator[bytes]:
        """Yield the bytes of a tar archive. Raises UnreadableError for what cannot be read, LimitError."""
        for piece in self._pieces():
            self._size += len(piece)
            self._budget.require_bytes(self._size)
            self._hasher.update(piece)
            yield piece

    def _pieces(self) -> Iterator[bytes]:
        device = self._status(b"").st_dev
        todo = [b""]
        while todo:
            name = todo.pop()
            status = self._status(name)
            if name:
                yield from self._member(name, status)
            if stat.S_ISDIR(status.st_mode) and status.st_dev == device:
                todo.extend(self._children(name))
            elif stat.S_ISDIR(status.st_mode):
                self.mounted.append(f"{shown(name)}: another file system is mounted there")
        yield bytes(2 * _BLOCK)

    def _member(self, name: bytes, status: os.stat_result) -> Iterator[bytes]:
        kind = stat.S_IFMT(status.st_mode)
        if kind not in _TYPES:
            return
        first = self._first_name(name, status)
        if first != name:
            yield _header(name, tarfile.LNKTYPE, status, first)
        elif kind == stat.S_IFREG:
            yield from self._file(name, status)
        else:
            yield _header(name, _TYPES[kind], status, self._link(name) if kind == stat.S_IFLNK else b"")

    def _first_name(self, name: bytes, status: os.stat_result) -> bytes:
        if status.st_nlink == 1 or not stat.S_ISREG(status.st_mode):
            return name
        return self._first_names.setdefault((status.st_dev, status.st_ino), name)

    def _file(self, name: bytes, status: os.stat_result) -> Iterator[bytes]:
        """Yield a file's header and content. Raises UnreadableError if its size is not that of `status` any more."""
        self._budget.require_bytes(self._size + status.st_size)
        try:
            with open(os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb", 0) as file:
                yield _header(name, tarfile.REGTYPE, status, capability=_capability(file.fileno()))
                yield from _content(file, name, status.st_size)
        except OSError as error:
            raise _unreadable(name, error) from error

    def _path(self, name: bytes) -> bytes:
        return os.path.join(self._root, name) if name else self._root

    def _status(self, name: bytes) -> os.stat_result:
        try:
            return os.lstat(self._path(name))
        except OSError as error:
            raise _unreadable(name, error) from error

    def _link(self, name: bytes) -> bytes:
        try:
            return os.readlink(self._path(name))
        except OSError as error:
            raise _unreadable(name, error) from error

    def _children(self, folder: bytes) -> list[bytes]:
        """Return what is in a folder, the last name first."""
        try:
            names = os.listdir(self._path(folder))
        except OSError as error:
            raise _unreadable(folder, error) from error
        return [os.path.join(folder, name) for name in sorted(names, reverse=True)]


def _content(file: IO[bytes], name: bytes, size: int) -> Iterator[bytes]:
    """Yield a file's bytes, filled up to whole blocks."""
    left = size
    while piece := file.read(CHUNK):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise UnreadableError("changed its size while it was read", path=shown(name), hint="Try again")
    yield bytes(-size % _BLOCK)


def _capability(file: int) -> bytes:
    """Return the attribute `security.capability`, nothing where there is none or the file system has none.

    It is asked of the open file: a sealed worker may not ask by a path, which could lie anywhere.
    """
    try:
        return os.getxattr(file, "security.capability")
    except OSError as error:
        if error.errno in (errno.ENODATA, errno.ENOTSUP):
            return b""
        raise


def _header(name: bytes, kind: bytes, status: os.stat_result, link: bytes = b"", capability: bytes = b"") -> bytes:
    """Return the tar header of an entry; without times, which are no part of what is judged."""
    entry = tarfile.TarInfo(os.fsdecode(name))
    entry.type, entry.linkname = kind, os.fsdecode(link)
    entry.size = status.st_size if kind == tarfile.REGTYPE else 0
    entry.mode, entry.uid, entry.gid = stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid
    if capability:
        entry.pax_headers = {"SCHILY.xattr.security.capability": os.fsdecode(capability)}
        return entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
    return entry.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _unreadable(name: bytes, error: OSError) -> UnreadableError:
    return UnreadableError(
        f"cannot be read ({error.strerror})", path=shown(name) or None, hint="Run as a user who may read all of it"
    )

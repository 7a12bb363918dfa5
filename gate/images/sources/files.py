"""The files of an image layout by their names, whether they lie in a folder or in a tar archive."""

import os
import stat
from contextlib import ExitStack
from typing import Protocol

import msgspec

from gate.core.errors import UnreadableError
from gate.images.layers.span import Span
from gate.images.layers.tar import TarMember, members
from gate.images.limits import Budget
from gate.trees import EntryKind, join, shown


class Expected(msgspec.Struct, frozen=True):
    """What an index or manifest says of a file."""

    media_type: str
    size: int


class LayoutFiles(Protocol):
    """Finds a file of a layout."""

    def find(self, name: str, expected: Expected | None = None) -> Span | None:
        """Return the file with this relative path, or None. Raises UnreadableError if it cannot be read safely."""


def required(files: LayoutFiles, name: str, expected: Expected | None = None) -> Span:
    """Return a file that has to be there. Raises UnreadableError if it is missing."""
    span = files.find(name, expected)
    if span is None:
        raise UnreadableError("is missing from the image", path=name, hint="Fetch or save the image again")
    return span


def open_file(path: str, name: str, opened: ExitStack) -> Span | None:
    """Open a file that errors call `name`; None if it is not there. Raises UnreadableError if it is no regular file."""
    try:
        # O_NONBLOCK: the path could be a pipe without a writer, on which opening would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(f"cannot be opened ({error.strerror})", path=name) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError("is not a regular file", path=name)
    return Span.of_file(opened.enter_context(os.fdopen(descriptor, "rb", buffering=0)), name)


class FolderFiles:
    """An unpacked layout; links must not lead out of its folder."""

    def __init__(self, folder: str, opened: ExitStack) -> None:
        self._root = os.path.realpath(folder)
        self._opened = opened

    def find(self, name: str, _: Expected | None = None) -> Span | None:
        path = os.path.realpath(os.path.join(self._root, name))
        if os.path.commonpath((self._root, path)) != self._root:
            raise UnreadableError("is a link that leaves the image's folder", path=name)
        return open_file(path, name, self._opened)


class ArchiveFiles:
    """A layout in a tar archive; every name may be there once."""

    def __init__(self, archive: Span, budget: Budget) -> None:
        self._archive = archive
        self._members: dict[str, TarMember] = {}
        for member in members(archive, budget):
            self._add(member)

    def _add(self, member: TarMember) -> None:
        steps = [step for step in shown(member.name).split("/") if step not in ("", ".")]
        name = "/".join(steps)
        if ".." in steps:
            raise UnreadableError(f"has an entry whose path holds '..': {name[:200]!r}", path=self._archive.name)
        if member.kind is EntryKind.FOLDER:
            return
        if name in self._members:
            raise UnreadableError(f"has two files named {name[:200]!r}", path=self._archive.name)
        self._members[name] = member

    def find(self, name: str, _: Expected | None = None) -> Span | None:
        member = self._members.get(name)
        if member is not None and (member.kind is EntryKind.LINK or member.is_hard_link):
            member = self._members.get(self._link_target(name, member))
        if member is None:
            return None
        if member.kind is not EntryKind.FILE or member.is_hard_link:
            raise UnreadableError("is not a regular file", path=name)
        return self._archive.part(member.offset, member.size, name)

    @staticmethod
    def _link_target(name: str, member: TarMember) -> str:
        # `docker save` before version 25 wrote a layer that occurs twice as a link to the first.
        folder = name.rpartition("/")[0] if member.kind is EntryKind.LINK else ""
        return join(folder, shown(member.link)) or ""

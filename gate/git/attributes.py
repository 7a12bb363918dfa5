"""Whether attributes can make git convert files on their way to the disk, as far as a quick search can tell."""

import os
from collections.abc import Iterable

from gate.core import broker
from gate.core.errors import GateError
from gate.git.locate import RepositoryPlace, read_small
from gate.git.view import view_of

_NAME = b".gitattributes"
_CONVERTING = (b"filter", b"ident", b"working-tree-encoding")
"""Attributes that convert (gitattributes(5)). None can be set, by a macro either, without its name being written."""


def is_attributes_file(name: bytes) -> bool:
    """True for the name of a file of attributes; a disk may not tell capitals apart."""
    return name.rpartition(b"/")[2].lower() == _NAME


def may_convert(place: RepositoryPlace, names: Iterable[bytes]) -> bool:
    """False if certainly no attribute converts a file; `names` are the files of attributes, below the top.

    A worker, which may not read this machine's own attributes, does not know.
    """
    if broker.is_connected():
        return True
    own = os.path.join(view_of(place).folder, "info", "attributes")
    files = [own, *(os.path.join(place.top, os.fsdecode(name)) for name in names)]
    return any(_may_name_one(file) for file in files)


def _may_name_one(file: str) -> bool:
    """True if a file names a converting attribute, or is nothing that can be read here: git may know it otherwise."""
    try:
        return os.path.islink(file) or any(word in read_small(file) for word in _CONVERTING)
    except GateError:
        return True

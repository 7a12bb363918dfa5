"""Objects that Python stored: to load them imports the modules of their classes (Python documentation, "pickle").

Models of scikit-learn and PyTorch, caches and tables are kept so. What loads them need not name any of these modules.
"""

import re
from functools import partial

import msgspec

from gate.reachability.runtimes.strings.packed_texts import UNREADABLE, unpacked
from gate.reachability.runtimes.walk.files import Files
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
    return files.analysed(path, Analysis("modules of stored objects, by bzip2 and xz too", StoredObjects, read_objects))


def read_objects(content: bytes) -> StoredObjects:
    """Return what stored objects state, which may be packed."""
    modules: set[str] = set()
    try:
        for part in unpacked(content, _MOST):
            modules.update(found.decode() for form in (_GLOBAL, _TEXT) for found in form.findall(part))
    except UNREADABLE:
        return StoredObjects(sorted(modules), is_read=False)
    return StoredObjects(sorted(modules))

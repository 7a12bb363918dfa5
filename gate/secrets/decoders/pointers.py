"""Files that stand for others: Git LFS keeps a pointer in the repository, and the file itself on a server."""

import re

_BEGINNING = b"version https://git-lfs.github.com/spec/v1\n"
_MAX_SIZE = 1024
"""Bytes; a larger file is none (git-lfs, docs/spec.md)."""
_REST = re.compile(
    rb"(?:ext-[0-9]-[A-Za-z0-9-]{1,64} sha256:[0-9a-f]{64}\n){0,10}oid sha256:[0-9a-f]{64}\nsize [0-9]{1,20}\n"
)


def begins_as_pointer(content: bytes) -> bool:
    """True for the first bytes of a pointer, whatever follows."""
    return content.startswith(_BEGINNING)


def is_pointer(content: bytes) -> bool:
    """True for a pointer of Git LFS and nothing else: any other line could hold a secret."""
    return (
        begins_as_pointer(content)
        and len(content) < _MAX_SIZE
        and _REST.fullmatch(content, len(_BEGINNING)) is not None
    )

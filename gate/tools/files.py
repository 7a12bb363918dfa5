"""Writing the files of a revision to a folder, for programs that cannot read git objects."""

from pathlib import Path

from gate.core.errors import LimitError
from gate.model import Tree
from gate.trees import EntryKind, open_tree

_MAX_BYTES = 1 << 30
"""Bytes of all files of a revision at most."""


def write_out(target: Tree, folder: str) -> None:
    """Write the regular files of `target` below `folder`, without links. Raises LimitError for too many bytes."""
    tree = open_tree(target)
    root = Path(folder)
    left = _MAX_BYTES
    for entry in tree.walk():
        if entry.kind is not EntryKind.FILE or not (root / entry.path).resolve().is_relative_to(root.resolve()):
            continue
        content = tree.read(entry.path)
        left -= len(content)
        if left < 0:
            raise LimitError(f"the files have more than {_MAX_BYTES:,} bytes", hint="Skip the stage: --skip tools")
        place = root / entry.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

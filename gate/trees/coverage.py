"""Which share of some files of a tree is looked at: counted only where something is narrowed."""

from collections.abc import Callable, Iterable

from gate.core.errors import GateError
from gate.model.share import Share
from gate.trees.base import Entry, EntryKind, FileTree

MAX_READ = 64 << 20
"""Bytes that are read to count lines; of more, and of what cannot be read, the lines are told by the size."""
_LINE = 40
"""Bytes of a line where nobody counts."""


def measured(tree: FileTree, paths: Iterable[str], is_wanted: Callable[[str], bool]) -> Share:
    """Return which share of the files at `paths` is wanted."""
    entries = (tree.look_up(path) for path in dict.fromkeys(paths))
    return measured_entries(tree, [entry for entry in entries if entry is not None], is_wanted)


def measured_entries(
    tree: FileTree, entries: Iterable[Entry], is_wanted: Callable[[str], bool], *, reads: bool = True
) -> Share:
    """Do so for entries, of which only files count. Without `reads` lines are told by the sizes."""
    files = [entry for entry in entries if entry.kind is EntryKind.FILE]
    reads = reads and sum(entry.size for entry in files) <= MAX_READ
    lines = {entry.path: _lines(tree, entry, reads=reads) for entry in files}
    wanted = [path for path in lines if is_wanted(path)]
    return Share(
        files=len(wanted),
        of_files=len(lines),
        lines=sum(lines[path] for path in wanted),
        of_lines=sum(lines.values()),
    )


def _lines(tree: FileTree, entry: Entry, *, reads: bool) -> int:
    by_size = -(-entry.size // _LINE)
    if not reads:
        return by_size
    try:
        content = tree.read(entry.path, MAX_READ)
    except GateError:
        return by_size
    return content.count(b"\n") + bool(content and not content.endswith(b"\n"))

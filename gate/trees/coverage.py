"""How many of a stage's files and lines `paths` and `ignore` leave: counted only where they leave something out."""

from collections.abc import Callable, Iterable

from gate.core.errors import GateError
from gate.model.share import Share
from gate.trees.base import Entry, EntryKind, FileTree

MAX_READ = 64 << 20
"""Bytes that are read to count lines. Of more, and of what cannot be read, lines are estimated from the size."""
_LINE = 40
"""Bytes of a line, on average, for that estimate."""


def measured(tree: FileTree, paths: Iterable[str], is_wanted: Callable[[str], bool]) -> Share:
    """Return the share of the files at `paths` that `is_wanted` accepts."""
    entries = (tree.look_up(path) for path in dict.fromkeys(paths))
    return measured_entries(tree, [entry for entry in entries if entry is not None], is_wanted)


def measured_entries(
    tree: FileTree, entries: Iterable[Entry], is_wanted: Callable[[str], bool], *, reads: bool = True
) -> Share:
    """Return the share of `entries`, of which only files count. Without `reads` lines are estimated from the sizes."""
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

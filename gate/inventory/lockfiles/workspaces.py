"""The folders of a workspace: where the patterns of a root manifest lead (npm, Yarn, Cargo)."""

from collections.abc import Iterator, Sequence

from gate.core.path_patterns import matches
from gate.trees import EntryKind, FileTree


def members(tree: FileTree, folder: str, manifest: str, patterns: Sequence[str]) -> Iterator[str]:
    """Yield the folders below `folder` that hold a file called `manifest` and that one of `patterns` names.

    The patterns are relative to `folder`; those that begin with `!` take nothing away, so that what is in doubt is
    read. What was installed is no member.
    """
    if not patterns:
        return
    start = f"{folder}/" if folder else ""
    for entry in tree.walk():
        place, _, name = entry.path.rpartition("/")
        if name == manifest and entry.kind is not EntryKind.FOLDER and place.startswith(start):
            relative = place.removeprefix(start)
            if "node_modules" not in relative and is_named(relative, patterns):
                yield place


def is_named(folder: str, patterns: Sequence[str]) -> bool:
    """True if one of `patterns` means `folder`, which is relative as they are: the very folder, not what is below."""
    plain = (pattern.removeprefix("./").strip("/") for pattern in patterns)
    return any(
        ("**" in pattern or folder.count("/") == pattern.count("/")) and matches(folder, [f"/{pattern}"])
        for pattern in plain
        if folder and pattern and not pattern.startswith("!")
    )

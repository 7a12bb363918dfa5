"""The folders of a workspace: where the patterns of a root manifest lead (npm, Yarn, Cargo)."""

from collections.abc import Iterator, Sequence

from gate.patterns import matches
from gate.trees import FileTree, Kind


def members(tree: FileTree, folder: str, manifest: str, patterns: Sequence[str]) -> Iterator[str]:
    """Yield the folders below `folder` that hold a file called `manifest` and that one of `patterns` names.

    The patterns are relative to `folder`; those that begin with `!` take nothing away, so that what is in doubt is
    read. What was installed is no member.
    """
    wanted = [pattern.removeprefix("./").strip("/") for pattern in patterns if pattern.strip("./")]
    wanted = [pattern for pattern in wanted if not pattern.startswith("!")]
    if not wanted:
        return
    start = f"{folder}/" if folder else ""
    for entry in tree.walk():
        place, _, name = entry.path.rpartition("/")
        if name == manifest and entry.kind is not Kind.FOLDER and place.startswith(start):
            relative = place.removeprefix(start)
            if relative and "node_modules" not in relative and any(_names(pattern, relative) for pattern in wanted):
                yield place


def _names(pattern: str, folder: str) -> bool:
    """True if the pattern means the very folder, not what is below it."""
    return ("**" in pattern or folder.count("/") == pattern.count("/")) and matches(folder, [f"/{pattern}"])

"""`.gitmodules` (git's documentation, "gitmodules"): the submodules of a repository, each a commit of another one.

The commit stands in no file, but in git's index or tree: there a submodule is an entry that is neither file nor folder.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.ecosystems import COMMITS
from gate.inventory.commits import commit_of
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_text, unparsable
from gate.trees import ClonedTree, EntryKind, FileTree, join

_SECTION = re.compile(r'\[submodule\s+"(?P<name>(?:[^"\\]|\\.)+)"\]\s*(?:[#;].*)?')
_SETTING = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(?P<value>.*?))?\s*")
_STEPS = re.compile(r"(?:\.\.?/)*+")
_COMMENT = ("#", ";")


class Submodule(msgspec.Struct):
    """One section of a .gitmodules."""

    line: int
    path: str = ""
    """Relative to the .gitmodules; empty if the section does not say."""
    url: str = ""


def read(tree: FileTree, path: str) -> Locked:
    """Read a .gitmodules. A submodule whose commit or repository is unknown is imprecise."""
    listing = Listing(COMMITS, path)
    for submodule in submodules(tree, path):
        place = join(path.rpartition("/")[0], submodule.path)
        entry = tree.look_up(place) if place else None
        commit = commit_of(submodule.url, entry.content_id) if entry and entry.kind is EntryKind.OTHER else None
        if commit is None:
            listing.add(submodule.path or submodule.url or "a submodule", None, submodule.line)
        else:
            listing.add_commit(commit, submodule.line, DependencyRole(direct=True))
    return listing.locked


def submodules(tree: FileTree, path: str) -> Iterator[Submodule]:
    """Yield the sections of the .gitmodules `path`. Raises UnreadableError for what git would not read.

    An address that is relative to the repository's own is resolved, if that is known.
    """
    own = tree.cloned_from() if isinstance(tree, ClonedTree) else None
    for submodule in _sections(read_text(tree, path), path):
        if own and submodule.url.startswith(("./", "../")):
            submodule.url = _resolved(submodule.url, own)
        yield submodule


def _resolved(url: str, own: str) -> str:
    """Return `url` as git's documentation ("git-submodule", "add") resolves it: `own` is like a folder."""
    base, separator = own.rstrip("/"), "/"
    steps = _STEPS.match(url)
    assert steps is not None
    for _ in range(steps[0].count("../")):
        end = max(base.rfind("/"), base.rfind(":"))
        base, separator = base[: max(end, 0)], base[end : end + 1]
    return f"{base}{separator}{url[steps.end() :]}"


def _sections(text: str, path: str) -> Iterator[Submodule]:
    current: Submodule | None = None
    for number, row in enumerate(text.split("\n"), 1):
        said = row.strip()
        if not said or said.startswith(_COMMENT):
            continue
        if said.startswith("["):
            if current is not None:
                yield current
            if not _SECTION.fullmatch(said):
                raise unparsable(path, "not a section of a submodule", number)
            current = Submodule(number)
            continue
        setting = _SETTING.fullmatch(said)
        if setting is None or current is None:
            raise unparsable(path, "not a setting of a submodule", number)
        value = (setting["value"] or "").removeprefix('"').removesuffix('"')
        match setting["key"].lower():
            case "path":
                current.path = value
            case "url":
                current.url = value
    if current is not None:
        yield current

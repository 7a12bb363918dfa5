"""`mix.lock` of Elixir: a map from the name of a dependency to the tuple that its source writes.

    "jason": {:hex, :jason, "1.4.0", "hash", [:mix], [{:decimal, "~> 1.0", […]}], "hexpm", "hash"}
    "fork": {:git, "https://…", "commit", []}

What the project asks for stands in mix.exs, which is code: what no other package needs, it must ask for itself.
"""

from collections.abc import Iterator

import msgspec

from gate.inventory.commits import Commit, commit_of
from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_written, unparsable
from gate.inventory.lockfiles.beam_terms import BeamGroup, BeamText, parse
from gate.model import Scope
from gate.trees import FileTree

_HEX = "hex"
_NEEDS = 5
"""Place of the dependencies in the tuple, in lockfiles since Elixir 1.3."""


class _Entry(msgspec.Struct, frozen=True):
    key: str
    line: int
    source: BeamGroup

    @property
    def is_published(self) -> bool:
        return self.source.texts[:1] == [_HEX] and len(self.source.items) > 2

    @property
    def commit(self) -> Commit | None:
        """What it is built from, if it comes from git: `{:git, address, commit, options}`."""
        kind, address, commit = (*self.source.texts[:3], "", "", "")[:3]
        return commit_of(address, commit) if kind == "git" else None

    @property
    def needs(self) -> list[str]:
        listed = self.source.items[_NEEDS : _NEEDS + 1]
        return [one.texts[0] for group in listed if isinstance(group, BeamGroup) for one in group.groups if one.items]


def read(tree: FileTree, path: str) -> Locked:
    """Read a mix.lock. What comes from git is imprecise: the file does not tell its version."""
    top = parse(read_written(tree, path), path)
    if len(top.items) > 1 or not all(isinstance(item, BeamGroup) for item in top.items):
        raise unparsable(path, "a mix.lock holds one map", 1)
    entries = [entry for group in top.groups for entry in _entries(group, path)]
    needs = {entry.key: entry.needs for entry in entries}
    needed = {name for names in needs.values() for name in names}
    roots = {Scope.RUNTIME: [entry.key for entry in entries if entry.key not in needed]}
    roles = DependencyRoles(roots, needs, {})
    listing = Listing("Hex", path)
    for entry in entries:
        if not entry.is_published:
            listing.add(entry.key, None, entry.line, commit=entry.commit)
            continue
        _, name, version, *_ = entry.source.texts
        one = roles.of(entry.key)
        direct = one.direct or None  # what others need, the project may ask for too
        listing.add(name, version, entry.line, msgspec.structs.replace(one, direct=direct))
    return listing.locked


def _entries(group: BeamGroup, path: str) -> Iterator[_Entry]:
    seen: set[str] = set()
    pairs = iter(group.items)
    for key in pairs:
        source = next(pairs, None)
        if not isinstance(key, BeamText) or not isinstance(source, BeamGroup):
            raise unparsable(path, "a dependency is written as: name and a tuple", key.line)
        if key.said in seen:
            raise unparsable(path, f"the key {key.said[:60]!r} stands twice", key.line)
        seen.add(key.said)
        yield _Entry(key.said, key.line, source)

"""`rebar.lock` of Erlang's rebar3: `{Version, [{Name, Source, Level}]}.`, before rebar3 3.0 the list alone.

Level 0 is what the project asks for; who needs the others is not told.
"""

from gate.inventory.commits import Commit, commit_of
from gate.inventory.dependency_role import Standing
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_written, unparsable
from gate.inventory.lockfiles.beam_terms import Group, Term, Text, parse
from gate.trees import FileTree

_KNOWN = ("1.0.0", "1.1.0", "1.2.0")


def read(tree: FileTree, path: str) -> Locked:
    """Read a rebar.lock. What comes from git or Mercurial is imprecise: the file does not tell its version."""
    top = parse(read_written(tree, path), path)
    listing = Listing("Hex", path)
    for entry in _listed(top, path).items:
        match entry:
            case Group(items=[Text(said=key), Group(items=[Text(said=kind), *stated]), Text(said=level)]):
                if kind == "pkg" and len(stated) > 1:
                    name, version = (item.said if isinstance(item, Text) else "" for item in stated[:2])
                    listing.add(name, version, entry.line, Standing(direct=level == "0"))
                else:
                    listing.add(key, None, entry.line, commit=_commit(kind, stated))
            case _:
                raise unparsable(path, "a dependency is written as: {name, source, level}", entry.line)
    return listing.locked


def _commit(kind: str, stated: list[Term]) -> Commit | None:
    """Return the commit of `{git, address, {ref, commit}}`."""
    match stated:
        case [Text(said=address), Group(items=[Text(said="ref"), Text(said=commit)])] if kind == "git":
            return commit_of(address, commit)
        case _:
            return None


def _listed(top: Group, path: str) -> Group:
    """Return the list of dependencies."""
    match top.items:
        case [Group(items=[Text(said=version), Group() as listed]), *_]:
            if version not in _KNOWN:
                raise unparsable(path, f"its version {version[:20]!r} is not known", listed.line)
            return listed
        case [Group() as listed]:
            return listed
        case _:
            raise unparsable(path, "a rebar.lock holds a version and a list", 1)

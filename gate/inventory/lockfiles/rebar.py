"""`rebar.lock` of Erlang's rebar3: `{Version, [{Name, Source, Level}]}.`, before rebar3 3.0 the list alone.

Level 0 are the direct packages; the file does not state which package needs the others.
"""

from gate.inventory.commits import Commit, commit_of
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_written, unparsable
from gate.inventory.lockfiles.beam_terms import BeamGroup, BeamText, Term, parse
from gate.trees import FileTree

_KNOWN = ("1.0.0", "1.1.0", "1.2.0")


def read(tree: FileTree, path: str) -> Locked:
    """Read a rebar.lock. What comes from git or Mercurial is imprecise: the file does not tell its version."""
    top = parse(read_written(tree, path), path)
    listing = Listing("Hex", path)
    for entry in _listed(top, path).items:
        match entry:
            case BeamGroup(
                items=[BeamText(said=key), BeamGroup(items=[BeamText(said=kind), *stated]), BeamText(said=level)]
            ):
                if kind == "pkg" and len(stated) > 1:
                    name, version = (item.said if isinstance(item, BeamText) else "" for item in stated[:2])
                    listing.add(name, version, entry.line, DependencyRole(direct=level == "0"))
                else:
                    listing.add(key, None, entry.line, commit=_commit(kind, stated))
            case _:
                raise unparsable(path, "a dependency is written as: {name, source, level}", entry.line)
    return listing.locked


def _commit(kind: str, stated: list[Term]) -> Commit | None:
    """Return the commit of `{git, address, {ref, commit}}`."""
    match stated:
        case [BeamText(said=address), BeamGroup(items=[BeamText(said="ref"), BeamText(said=commit)])] if kind == "git":
            return commit_of(address, commit)
        case _:
            return None


def _listed(top: BeamGroup, path: str) -> BeamGroup:
    """Return the list of dependencies."""
    match top.items:
        case [BeamGroup(items=[BeamText(said=version), BeamGroup() as listed]), *_]:
            if version not in _KNOWN:
                raise unparsable(path, f"its version {version[:20]!r} is not known", listed.line)
            return listed
        case [BeamGroup() as listed]:
            return listed
        case _:
            raise unparsable(path, "a rebar.lock holds a version and a list", 1)

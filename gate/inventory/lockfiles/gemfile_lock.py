"""`Gemfile.lock` and `gems.locked` (Bundler, "Gemfile.lock"): sections, in them `name (version)`, below that its needs.

Groups stand in the Gemfile alone, which is code: what it says literally is read, nothing is executed.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.inventory.commits import commit_of
from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_written, unparsable
from gate.inventory.lockfiles.gemfile import groups_of
from gate.model import Scope
from gate.trees import FileTree

_MANIFESTS = {"Gemfile.lock": "Gemfile", "gems.locked": "gems.rb"}
_SOURCES = frozenset({"GEM", "GIT", "PATH", "PLUGIN SOURCE", "SVN"})
_OTHERS = frozenset({"PLATFORMS", "DEPENDENCIES", "CHECKSUMS", "RUBY VERSION", "BUNDLED WITH"})
_REMOTE = "  remote: "
_REVISION = "  revision: "
_SPEC = re.compile(r" {4}(?P<name>\S+) \((?P<version>[^\s()-]+)(?:-[^\s()]+)?\)")
_NEED = re.compile(r" {6}(?P<name>[^\s!]+)!?(?: \([^()]*\))?")
_ASKED = re.compile(r" {2}(?P<name>[^\s!]+)!?(?: \([^()]*\))?!?")


_ASKS = re.compile(r"^DEPENDENCIES\s*$", re.MULTILINE)


class _Gem(msgspec.Struct):
    name: str
    version: str
    line: int
    section: str
    remote: str = ""
    revision: str | None = None
    needs: list[str] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a Gemfile.lock. A gem that is locked for several platforms is one package."""
    gems, asked = _read_lock(read_written(tree, path), path)
    folder, _, name = path.rpartition("/")
    roles = _roles(gems, asked, groups_of(tree, f"{folder}/{_MANIFESTS[name]}".lstrip("/")))
    firsts = {(gem.name, gem.version): gem for gem in reversed(gems) if gem.section != "PATH"}
    listing = Listing("RubyGems", path)
    for gem in reversed(firsts.values()):
        commit = commit_of(gem.remote, gem.revision)
        listing.add(gem.name, gem.version, gem.line, roles.of(gem.name), registry=gem.remote, commit=commit)
    return listing.locked


def _roles(gems: list[_Gem], asked: list[str], scopes: dict[str, Scope]) -> DependencyRoles:
    needs: dict[str, list[str]] = {}
    for gem in gems:
        needs.setdefault(gem.name, []).extend(gem.needs)
    own = {gem.name for gem in gems if gem.section == "PATH"}
    roots: dict[Scope, list[str]] = {scope: [] for scope in Scope}
    for name in asked:
        scope = scopes.get(name, Scope.RUNTIME)
        roots[scope] += needs.get(name, []) if name in own else [name]
    return DependencyRoles(roots, needs, {})


def _read_lock(text: str, path: str) -> tuple[list[_Gem], list[str]]:
    """Return the gems, and the names of those that the Gemfile asks for."""
    gems: list[_Gem] = []
    asked: list[str] = []
    remote, revision = "", None
    for number, section, row in _rows(text, path):
        if section == "DEPENDENCIES":
            asked.append(_matched(_ASKED, row, path, number)["name"])
        elif row.startswith("      ") and section in _SOURCES:
            if not gems:
                raise unparsable(path, "a dependency of no gem", number)
            gems[-1].needs.append(_matched(_NEED, row, path, number)["name"])
        elif row.startswith("    ") and section in _SOURCES:
            spec = _matched(_SPEC, row, path, number)
            gems.append(_Gem(spec["name"], spec["version"], number, section, remote, revision, []))
        elif row.startswith(_REMOTE):
            remote, revision = row.removeprefix(_REMOTE), None
        elif row.startswith(_REVISION):
            revision = row.removeprefix(_REVISION)
    if not _ASKS.search(text):
        raise unparsable(path, "it has no DEPENDENCIES, which Bundler writes behind all gems: it was cut")
    return gems, asked


def _rows(text: str, path: str) -> Iterator[tuple[int, str, str]]:
    """Yield (number, section, row) of the rows inside of sections."""
    section = ""
    for number, row in enumerate(text.split("\n"), 1):
        row = row.rstrip()
        if row.startswith(" ") and section:
            yield number, section, row
        elif row in _SOURCES or row in _OTHERS:
            section = row
        elif row:
            what = "it holds a merge conflict" if row[:7] in ("<<<<<<<", "=======", ">>>>>>>") else "an unknown section"
            raise unparsable(path, what, number)


def _matched(pattern: re.Pattern[str], row: str, path: str, number: int) -> re.Match[str]:
    found = pattern.fullmatch(row)
    if found is None:
        raise unparsable(path, "not a line as Bundler writes it", number)
    return found

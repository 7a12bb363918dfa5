"""`Gemfile` and `gems.rb` (Bundler, "Gemfiles"). They are Ruby code, which is not executed: what stands there literally
is read, a `gem` line with its group, and what else can bring gems in is imprecise.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_text
from gate.model import Scope
from gate.trees import FileTree, resolve

LOCKED_BY = ("./Gemfile.lock", "./gems.locked")
_DEVELOPMENT = frozenset({"development", "test"})
_GEM = re.compile(r"gem[\s(]\s*(?P<quote>[\"'])(?P<name>[^\"']+)(?P=quote)(?P<rest>.*)", re.DOTALL)
_GROUP = re.compile(r"group\b(?P<names>[^#]*?)\bdo\b")
_OPENS = re.compile(
    r"(?:if|unless|case|begin|def|class|module|while|until|for)\b|[^#]*\bdo\s*+(?:\|[^|]*\|\s*+)?(?:#|$)"
)
_BRINGS = re.compile(r"(?:gemspec|eval_gemfile|instance_eval|eval)\b")
_REQUIREMENT = re.compile(r",\s*+([\"'])(?P<said>[^\"']*)\1")
_IN_GROUPS = re.compile(r"(?:\bgroups?:|:groups?\s*+=>)\s*+(?P<names>\[[^\[\]]*\]|:\w+|\"[^\"]*\"|'[^']*')")
_FROM_FOLDER = re.compile(r"\bpath:|:path\s*=>")
_FROM_GIT = re.compile(r"\b(?:git|github|gist|bitbucket):|:(?:git|github|gist|bitbucket)\s*=>")
_EXACT = re.compile(r"\s*=?\s*(?P<version>[0-9][0-9A-Za-z.]*)\s*")
_WORD = re.compile(r"[A-Za-z_]\w*")


class _Statement(msgspec.Struct, frozen=True):
    line: int
    name: str
    rest: str
    """What follows the name."""
    groups: frozenset[str]

    @property
    def scope(self) -> Scope:
        return Scope.DEVELOPMENT if self.groups and self.groups <= _DEVELOPMENT else Scope.RUNTIME

    @property
    def version(self) -> str | None:
        """A bare version is exact in a Gemfile."""
        said = [found["said"] for found in _REQUIREMENT.finditer(self.rest.partition(":")[0])]
        exact = _EXACT.fullmatch(said[0]) if len(said) == 1 else None
        return exact["version"] if exact and not _FROM_GIT.search(self.rest) else None


def read(tree: FileTree, path: str) -> Locked:
    """Read a Gemfile that no lockfile makes precise."""
    listing = Listing("RubyGems", path)
    for statement in _statements(read_text(tree, path)):
        if not _FROM_FOLDER.search(statement.rest):
            listing.add(statement.name, statement.version, statement.line, DependencyRole(statement.scope, True))
    return listing.locked


def groups_of(tree: FileTree, path: str) -> dict[str, Scope]:
    """Return the scope of each gem that the Gemfile `path` names literally; nothing if it is not there."""
    if resolve(tree, path) is None:
        return {}
    scopes: dict[str, Scope] = {}
    for statement in _statements(read_text(tree, path)):
        if scopes.get(statement.name) is not Scope.RUNTIME:
            scopes[statement.name] = statement.scope
    return scopes


def _statements(text: str) -> Iterator[_Statement]:
    """Yield the gems, and under their own words the statements that bring in gems from elsewhere."""
    blocks: list[frozenset[str]] = []
    """The groups of each block that is open, with those of the blocks around it."""
    for number, row in _logical_rows(text):
        groups: frozenset[str] = blocks[-1] if blocks else frozenset()
        if gem := _GEM.match(row):
            named = _IN_GROUPS.search(gem["rest"])
            own = frozenset(_WORD.findall(named["names"])) if named else frozenset()
            yield _Statement(number, gem["name"], gem["rest"], groups | own)
        elif group := _GROUP.match(row):
            blocks.append(groups.union(_WORD.findall(group["names"].replace("optional: true", ""))))
        elif row.startswith("end") and blocks:
            blocks.pop()
        elif brings := _BRINGS.match(row):
            yield _Statement(number, brings[0], "", groups)
        elif _OPENS.match(row):
            blocks.append(groups)


def _logical_rows(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number of the first row, text) without comment rows; a row that ends with a comma goes on."""
    first, parts = 0, list[str]()
    for number, row in enumerate(text.split("\n"), 1):
        said = row.strip()
        if not said or said.startswith("#"):
            continue
        first = first if parts else number
        parts.append(said)
        if not said.endswith(","):
            yield first, " ".join(parts)
            parts = []
    if parts:
        yield first, " ".join(parts)

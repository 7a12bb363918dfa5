"""`composer.json`: what a PHP project asks for (Composer documentation, "Versions and constraints").

Without a lockfile it is read as such: a whole version is judged, all else is a range.
"""

import re

import msgspec

from gate.inventory.dependency_role import DependencyRole
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import MAX_NAME, Locked, read_json
from gate.model import Scope
from gate.trees import FileTree, join, resolve

LOCKED_BY = ("./composer.lock", "./vendor/composer/installed.json")
_SECTIONS = {"require": Scope.RUNTIME, "require-dev": Scope.DEVELOPMENT}
_EXACT = re.compile(r"\s*=?\s*(?P<version>v?\d+(?:\.\d+){2,3}(?:[-+.]?[0-9A-Za-z][0-9A-Za-z.-]*)?)(?:@\w+)?\s*")


Links = dict[str, str] | tuple[()]
"""Name to constraint; PHP writes a map without members as an empty list."""


class ComposerProject(msgspec.Struct, frozen=True, rename="kebab"):
    """A composer.json."""

    require: Links = {}
    require_dev: Links = {}

    @property
    def asked(self) -> dict[Scope, dict[str, str]]:
        return {Scope.RUNTIME: dict(self.require), Scope.DEVELOPMENT: dict(self.require_dev)}


def read(tree: FileTree, path: str) -> Locked:
    """Read a composer.json that no lockfile makes precise."""
    project, text = read_json(tree, path, ComposerProject)
    listing = Listing("Packagist", path)
    for section, scope in _SECTIONS.items():
        lines = dict(member_lines(text, section))
        for name, said in project.asked[scope].items():
            if "/" in name:  # else it is PHP itself, an extension or a library of the system
                exact = _EXACT.fullmatch(said) if len(said) <= MAX_NAME else None
                listing.add(
                    name.lower(), exact["version"] if exact else None, lines.get(name), DependencyRole(scope, True)
                )
    return listing.locked


def project_of(tree: FileTree, folder: str) -> ComposerProject | None:
    """Return the composer.json of `folder`, or None if there is none in the tree."""
    path = join(folder, "composer.json")
    if path is None or resolve(tree, path) is None:
        return None
    return read_json(tree, path, ComposerProject)[0]

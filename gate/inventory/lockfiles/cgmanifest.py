"""`cgmanifest.json` (Component Detection's documentation, "Component Governance manifest"): code that was copied in.

Its program reads the keys in any case, so `Registrations` and `RepositoryURL` are keys too.

A registration names a component of a type: a commit of a git repository, a package of a registry, or something else.
"""

from typing import Any

import msgspec

from gate.ecosystems import COMMITS
from gate.ecosystems.pypi import normalised
from gate.inventory.commits import commit_of
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.entries import merged
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_json, unparsable
from gate.model import Scope
from gate.trees import FileTree

_ECOSYSTEMS = {
    "cargo": "crates.io",
    "go": "Go",
    "npm": "npm",
    "nuget": "NuGet",
    "pip": "PyPI",
    "pod": "CocoaPods",
    "rubygems": "RubyGems",
}
"""Type of a component that has `name` and `version` to its ecosystem."""


def _lower_case(field: str) -> str:
    return field.replace("_", "")


class _Registration(msgspec.Struct, frozen=True, rename=_lower_case):
    component: dict[str, Any]
    """`type`, and under the name of the type what it says of the component."""
    development_dependency: bool = False


class _Manifest(msgspec.Struct, frozen=True):
    registrations: list[_Registration]


def read(tree: FileTree, path: str) -> Locked:
    """Read a cgmanifest.json. What is no commit and no package of a registry is imprecise."""
    document, text = read_json(tree, path, dict[str, Any])
    try:
        manifest = msgspec.convert(_in_lower_case(document), _Manifest)
    except ValueError as error:
        raise unparsable(path, str(error)) from error
    named = next(key for key in document if key.lower() == "registrations")
    lines = [line for _, line in member_lines(text, named)]
    listings = {name: Listing(name, path) for name in (COMMITS, "Maven", *_ECOSYSTEMS.values())}
    for registration, line in zip(manifest.registrations, lines, strict=True):
        scope = Scope.DEVELOPMENT if registration.development_dependency else Scope.RUNTIME
        _add(registration.component, line, DependencyRole(scope, direct=True), listings)
    return merged(listing.locked for listing in listings.values())


def _in_lower_case(written: Any) -> Any:
    """Return a JSON value with all keys in lower case. Raises ValueError for a key that is there twice then."""
    if isinstance(written, list):
        return [_in_lower_case(item) for item in written]
    if not isinstance(written, dict):
        return written
    members = {key.lower(): _in_lower_case(value) for key, value in written.items()}
    if len(members) < len(written):
        raise ValueError("a key stands twice in one object, in different cases")
    return members


def _add(component: dict[str, Any], line: int, role: DependencyRole, listings: dict[str, Listing]) -> None:
    kind = _text(component, "type").lower()
    stated = component.get(kind)
    said = stated if isinstance(stated, dict) else {}
    if kind == "git":
        address = _text(said, "repositoryUrl")
        commit = commit_of(address, _text(said, "commitHash"))
        if commit is not None:
            listings[COMMITS].add_commit(commit, line, role)
        else:
            listings[COMMITS].add(address or "a repository", None, line)
    elif kind == "maven":
        name = f"{_text(said, 'groupId')}:{_text(said, 'artifactId')}"
        listings["Maven"].add(name, _text(said, "version") or None, line, role)
    elif kind in _ECOSYSTEMS:
        name = normalised(_text(said, "name")) if kind == "pip" else _text(said, "name")
        listings[_ECOSYSTEMS[kind]].add(name, _text(said, "version") or None, line, role)
    else:
        listings[COMMITS].add(_text(said, "name") or f"a component of type {kind}", None, line)


def _text(said: dict[str, Any], key: str) -> str:
    return value if isinstance(value := said.get(key.lower()), str) else ""

"""`bun.lock`, Bun's lockfile as text (Bun documentation, "Lockfile"); `bun.lockb`, its binary form, is refused.

It is JSON with comments and trailing commas. Under `packages` a key is the way through nested copies (`a/b` is the
`b` that `a` has for itself), a value is an array: `name@version`, then by kind of source more, among it an object
with the package's dependencies.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gate.core.errors import UnreadableError
from gate.inventory.commits import commit_in
from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import MAX_JSON, Locked, parse_json, read_text, refused, unparsable
from gate.inventory.lockfiles.package_json import NpmManifest
from gate.model import Scope
from gate.trees import FileTree

MAX_DEPTH = 200
"""Names of a key: copies in one another."""
_KNOWN = (0, 1, 2)
_LOCAL = ("workspace:", "file:", "link:", "root:", "./", "../", "/")
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*+"|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"|,(?=\s*+[}\]])', re.DOTALL)


class _Workspace(NpmManifest, frozen=True, rename="camel"):
    name: str = ""


class _Lock(msgspec.Struct, frozen=True, rename="camel"):
    lockfile_version: int
    workspaces: dict[str, _Workspace] = {}
    packages: dict[str, list[Any]] = {}


class _Entry(msgspec.Struct, frozen=True):
    name: str
    said: str
    """A version, or where it comes from if that is no registry."""
    manifest: NpmManifest
    registry: str | None
    """Empty for the default one."""

    @property
    def is_local(self) -> bool:
        return self.said.startswith(_LOCAL)

    @property
    def version(self) -> str | None:
        return self.said if self.said and not {":", "/"} & set(self.said) else None


def read(tree: FileTree, path: str) -> Locked:
    """Read a bun.lock. What comes from git or an address is imprecise: the file does not tell its version."""
    if path.endswith("b"):
        raise UnreadableError(
            "cannot be parsed: it is Bun's binary lockfile",
            path=path,
            hint="Make the text form and commit it instead: bun install --save-text-lockfile --frozen-lockfile",
        )
    text = relaxed(read_text(tree, path, MAX_JSON))
    lock = parse_json(text, path, _Lock)
    if lock.lockfile_version not in _KNOWN:
        raise unparsable(path, f"its lockfileVersion {lock.lockfile_version} is not known")
    lines = dict(member_lines(text, "packages"))
    entries = {key: _entry(value, path, lines.get(key)) for key, value in lock.packages.items()}
    roles = _roles(lock, entries, path)
    listing = Listing("npm", path)
    for key, entry in entries.items():
        if not entry.is_local:
            role, commit = roles.of(key), commit_in(entry.said)
            listing.add(entry.name, entry.version, lines.get(key), role, registry=entry.registry, commit=commit)
    return listing.locked


def relaxed(text: str) -> str:
    """Return JSON with comments and trailing commas as strict JSON; every line keeps its number."""
    text = _STRING_OR_COMMENT.sub(lambda found: found[0] if found[0][0] == '"' else "\n" * found[0].count("\n"), text)
    return _STRING_OR_COMMA.sub(lambda found: found[0] if found[0][0] == '"' else "", text)


def _entry(value: list[Any], path: str, line: int | None) -> _Entry:
    spec = value[0] if value and isinstance(value[0], str) else ""
    at = spec.find("@", 1)
    if at < 0:
        raise unparsable(path, "a package is an array that begins with name@version", line)
    manifest = next((part for part in value if isinstance(part, dict)), {})
    registry = value[1] if len(value) > 1 and isinstance(value[1], str) else None
    try:
        return _Entry(spec[:at], spec[at + 1 :], msgspec.convert(manifest, NpmManifest), registry)
    except msgspec.ValidationError as error:
        raise unparsable(path, str(error), line) from error


def _roles(lock: _Lock, entries: Mapping[str, _Entry], path: str) -> DependencyRoles:
    roots: dict[Scope, list[str]] = {scope: [] for scope in Scope}
    for folder, workspace in lock.workspaces.items():
        for scope, ranges in workspace.asked.items():
            roots[scope] += _resolved(_names(workspace.name, path) if folder else (), ranges, entries)
    needs: dict[str, list[str]] = {}
    for key, entry in entries.items():
        names = _names(key, path)
        needs[key] = [found for ranges in entry.manifest.asked.values() for found in _resolved(names, ranges, entries)]
    return DependencyRoles(roots, needs, {key: entry.name for key, entry in entries.items()})


def _names(key: str, path: str) -> tuple[str, ...]:
    """Return the names of a key; a scope belongs to the name behind it."""
    names: list[str] = []
    for part in key.split("/"):
        if names and names[-1].startswith("@") and "/" not in names[-1]:
            names[-1] += f"/{part}"
        else:
            names.append(part)
    if len(names) > MAX_DEPTH:
        raise refused(path, f"more than {MAX_DEPTH} copies in one another")
    return tuple(names)


def _resolved(above: tuple[str, ...], asked: Mapping[str, str], entries: Mapping[str, _Entry]) -> Iterator[str]:
    """Yield the key of each package asked for: the nearest copy, from the asking package's own up to the shared one."""
    for name in asked:
        ways = ("/".join((*above[:depth], name)) for depth in range(len(above), -1, -1))
        found = next((way for way in ways if way in entries), None)
        if found is not None and not entries[found].is_local:
            yield found

"""`Package.resolved` of the Swift Package Manager, versions 1 to 3; advisories call a package by its repository."""

from collections.abc import Sequence

import msgspec

from gate.inventory.commits import commit_of, repository
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, parse_json, read_json, unparsable
from gate.trees import FileTree


class _State(msgspec.Struct, frozen=True):
    version: str | None = None
    """None where a branch or a revision is asked for."""
    revision: str | None = None


class _Pin(msgspec.Struct, frozen=True):
    state: _State
    location: str = ""
    """Empty for a package of a registry."""
    identity: str = ""
    kind: str = "remoteSourceControl"


class _OldPin(_Pin, frozen=True):
    """A pin of version 1, in its words."""

    location: str = msgspec.field(default="", name="repositoryURL")
    identity: str = msgspec.field(default="", name="package")


class _Lock(msgspec.Struct, frozen=True):
    version: int
    pins: Sequence[_Pin] = []


class _OldPins(msgspec.Struct, frozen=True):
    pins: Sequence[_OldPin] = []


class _OldLock(msgspec.Struct, frozen=True):
    object: _OldPins


_WAYS: dict[int, tuple[str, ...]] = {1: ("object", "pins"), 2: ("pins",), 3: ("pins",)}
"""Version to where the pins stand."""


def read(tree: FileTree, path: str) -> Locked:
    """Read a Package.resolved. A pin without a version is imprecise, one of the registry bears its identity."""
    lock, text = read_json(tree, path, _Lock)
    if lock.version not in _WAYS:
        raise unparsable(path, f"its version {lock.version} is not known")
    pins = lock.pins if lock.version > 1 else parse_json(text, path, _OldLock).object.pins
    lines = [line for _, line in member_lines(text, *_WAYS[lock.version])]
    listing = Listing("SwiftURL", path)
    for pin, line in zip(pins, lines, strict=True):
        if not pin.kind.startswith("local"):
            name = repository(pin.location) or pin.identity
            listing.add(name, pin.state.version, line, commit=commit_of(pin.location, pin.state.revision))
    return listing.locked

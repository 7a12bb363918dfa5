"""Node-RED: the nodes that its registry loads at the start (Node-RED documentation, "Packaging").

It finds them by the key `node-red` in the manifests of installed packages; those of its own are sources that have a
page of the same name.
"""

import posixpath
from collections.abc import Iterator
from contextlib import suppress

import msgspec

from gate.core.errors import GateError
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Step, opened
from gate.trees import EntryKind

_REGISTRY = "/@node-red/registry/lib/localfilesystem.js"
_OWN = "node_modules/@node-red/nodes/core/"
_MODULES = "node_modules/"
_MANIFEST = "/package.json"
_KEY = b'"node-red"'
_PAGE = ".html"


class _Contribution(msgspec.Struct, frozen=True):
    """What a manifest says to it, each by its name."""

    nodes: dict[str, str] = {}
    plugins: dict[str, str] = {}


class _NodeManifest(msgspec.Struct, frozen=True, rename="kebab"):
    """The part of a manifest that Node-RED reads."""

    node_red: _Contribution = _Contribution()


def nodes_of(path: str, files: Files) -> Iterator[Step]:
    """Yield the nodes that are loaded, if `path` is the source of the registry that looks for them."""
    if not path.endswith(_REGISTRY):
        return
    because = Because(path, "loads the nodes of")
    home = path[: path.rindex(_MODULES)]
    for entry in list(files.walk()):
        if entry.kind is not EntryKind.FILE or _MODULES not in entry.path:
            continue
        if entry.path.endswith(_PAGE) and _OWN in entry.path:
            yield from opened((entry.path.removesuffix(_PAGE) + ".js",), because)
        elif entry.path.endswith(_MANIFEST) and _may_contribute(entry.path, home):
            yield from opened(_contributed(entry.path, files), because)


def _may_contribute(manifest: str, home: str) -> bool:
    """True for a package of the folder that the registry is in, or of a user; not for one that another brings."""
    above, _, inside = manifest.rpartition(_MODULES)
    is_package = inside.count("/") == (2 if inside.startswith("@") else 1)
    return is_package and _MODULES not in above and (above == home or not manifest.startswith("usr/"))


def _contributed(manifest: str, files: Files) -> list[str]:
    content = files.read(manifest)
    if _KEY not in content:
        return []
    with suppress(msgspec.MsgspecError, GateError):
        stated = msgspec.json.decode(content, type=_NodeManifest).node_red
        folder = posixpath.dirname(manifest)
        paths = (*stated.nodes.values(), *stated.plugins.values())
        return [manifest, *(posixpath.normpath(f"{folder}/{path}") for path in paths)]
    return []

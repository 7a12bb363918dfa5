"""The syntax of the lockfile of Yarn 2 and later: YAML, with `__metadata` (Yarn documentation, "Protocols").

A locator's protocol says where a package comes from: `npm:` a registry, `patch:` another package with changes,
`workspace:`, `portal:`, `link:`, `file:` and `exec:` the repository, anything else git or an address.
"""

import re
from urllib.parse import unquote

import msgspec

from gate.inventory.commits import commit_in
from gate.inventory.lockfile import unparsable
from gate.inventory.lockfiles.yarn_entry import YarnEntry
from gate.inventory.yaml_document import places, read_yaml
from gate.trees import FileTree

_METADATA = "__metadata"
_OLDEST, _NEWEST = 3, 10
_LOCAL = ("workspace:", "portal:", "link:", "file:", "exec:")
_FROM_REGISTRY = re.compile(r"npm:(?P<version>[0-9]+\.[0-9]+\.[0-9]+[^:#]*)(?:::.*)?")
_ARCHIVE = re.compile(r"::(?:.*&)?__archiveUrl=(?P<address>[^&]+)")
_IS_BERRY = re.compile(r"^__metadata:", re.MULTILINE)


class _Entry(msgspec.Struct, frozen=True):
    version: str | None = None
    resolution: str = ""
    dependencies: dict[str, str] = {}


def is_berry(text: str) -> bool:
    """True if a yarn.lock is of Yarn 2 or later."""
    return _IS_BERRY.search(text) is not None


def entries(tree: FileTree, path: str) -> list[YarnEntry]:
    """Return the entries of a yarn.lock of Yarn 2 or later. A patch of a package that is locked too is left out."""
    document, root = read_yaml(tree, path, dict[str, _Entry])
    lines = dict(places(root))
    if _METADATA not in document:  # it stands at a line's start, in a text or behind other signs
        raise unparsable(path, f"it has no {_METADATA}", 1)
    version = document.pop(_METADATA).version or ""
    if not (version.isdecimal() and len(version) < 4 and _OLDEST <= int(version) <= _NEWEST):
        raise unparsable(path, f"its version {version[:20]!r} is not known", lines[_METADATA])
    found = [_entry(key, entry, lines[key], path) for key, entry in document.items()]
    plain = {(one.name, one.version) for one in found if not _is_patch(one)}
    return [one for one in found if not _is_patch(one) or (one.name, one.version) not in plain]


def _entry(key: str, entry: _Entry, line: int, path: str) -> YarnEntry:
    name, protocol = _split(entry.resolution, line, path)
    return YarnEntry(
        descriptors=tuple(key.split(", ")),
        name=name,
        version=entry.version,
        line=line,
        needs=tuple(entry.dependencies.items()),
        registry=_archive(protocol),
        commit=commit_in(protocol),
        locator_version=found["version"] if (found := _FROM_REGISTRY.fullmatch(protocol)) else None,
        is_local=protocol.startswith(_LOCAL),
    )


def _archive(protocol: str) -> str | None:
    """Return the address that a locator is bound to, where the registry's own is another (`::__archiveUrl=…`)."""
    found = _ARCHIVE.search(protocol)
    return unquote(found["address"]) if found else None


def _split(locator: str, line: int, path: str) -> tuple[str, str]:
    """Return name and the rest of `name@protocol:…`; of a patch, those of what is patched."""
    for _ in range(10):  # a patch can be of a patch
        at = locator.find("@", 1)
        if at < 0:
            raise unparsable(path, "an entry without a resolution", line)
        name, rest = locator[:at], locator[at + 1 :]
        if not rest.startswith("patch:"):
            return name, rest
        locator = unquote(rest.removeprefix("patch:").partition("#")[0])
    raise unparsable(path, "patches of patches of patches", line)


def _is_patch(entry: YarnEntry) -> bool:
    return "@patch:" in entry.key

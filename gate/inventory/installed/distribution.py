"""Which distribution an image is made of, and what OSV calls its ecosystem: os-release(5)."""

import msgspec

from gate.ecosystems import OS_RELEASE_IDS, OTHER_DISTRIBUTIONS, find
from gate.trees import EntryKind, FileTree, resolve
from gate.trees.memo import Analysis, analysed

OS_RELEASE = "etc/os-release"
_PLACES = (OS_RELEASE, "usr/lib/os-release")
_MAX_SIZE = 64 << 10


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """A distribution's release."""

    id: str
    """`debian`, as in os-release."""
    version: str
    name: str
    """As people write it: `Debian GNU/Linux 12 (bookworm)`."""
    ecosystem: str | None
    """`Debian:12`; None if OSV has no advisories for it, or the release is not stated."""

    @property
    def listed_as(self) -> str:
        """The ecosystem that its packages are listed under, which those without advisories have too."""
        return self.ecosystem or f"{OTHER_DISTRIBUTIONS}:{self.id}-{self.version}".rstrip("-")


def identify(tree: FileTree) -> Distribution | None:
    """Return the distribution that the tree's os-release names, or None if there is none.

    Raises LimitError if the file is far larger than it can be.
    """
    for path in _PLACES:
        entry = resolve(tree, path)
        if entry is not None and entry.kind is EntryKind.FILE:
            return analysed(tree, path, Analysis("distribution", Distribution, _stated), _MAX_SIZE)
    return None


def _stated(content: bytes) -> Distribution:
    return _of(_fields(content.decode("utf-8", "replace")))


def release(id: str, version: str) -> Distribution:
    """Return the release that is called `id` and `version` where there is no os-release, as in package URLs."""
    return _of({"ID": id, "VERSION_ID" if version[:1].isdigit() else "VERSION_CODENAME": version})


def _fields(text: str) -> dict[str, str]:
    fields = {}
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and not key.startswith("#"):
            fields[key] = value.strip().strip("\"'")
    return fields


def _of(fields: dict[str, str]) -> Distribution:
    id = fields.get("ID", "linux").lower()
    version = fields.get("VERSION_ID", "")
    known = find(OS_RELEASE_IDS[id]) if id in OS_RELEASE_IDS else None
    name_of = known.distribution.release if known and known.distribution else None
    ecosystem = name_of(fields) if name_of else None
    return Distribution(
        id=id, version=version, name=fields.get("PRETTY_NAME") or f"{id} {version}".strip(), ecosystem=ecosystem
    )

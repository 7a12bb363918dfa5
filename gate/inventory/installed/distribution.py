"""Which distribution an image is made of, and what OSV calls its ecosystem: os-release(5)."""

import re
from collections.abc import Callable

import msgspec

from gate.trees import FileTree, Kind, resolve

_PLACES = ("etc/os-release", "usr/lib/os-release")
_MAX_SIZE = 64 << 10
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_DEBIAN_RELEASES = {"buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "duke": "15"}
"""Testing has no number in os-release, only the name of what it becomes."""


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """A distribution's release."""

    id: str
    """`debian`, as in os-release."""
    version: str
    name: str
    """As people write it: `Debian GNU/Linux 12 (bookworm)`."""
    ecosystem: str | None
    """`Debian:12`; None if OSV has no advisories for it, or the release is not stated."""


def identify(tree: FileTree) -> Distribution | None:
    """Return the distribution that the tree's os-release names, or None if there is none.

    Raises LimitError if the file is far larger than it can be.
    """
    for path in _PLACES:
        entry = resolve(tree, path)
        if entry is not None and entry.kind is Kind.FILE:
            return _of(_fields(tree.read(path, _MAX_SIZE).decode("utf-8", "replace")))
    return None


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
    ecosystem = _ECOSYSTEMS[id](fields) if id in _ECOSYSTEMS else None
    return Distribution(
        id=id, version=version, name=fields.get("PRETTY_NAME") or f"{id} {version}".strip(), ecosystem=ecosystem
    )


def _debian(fields: dict[str, str]) -> str | None:
    version = fields.get("VERSION_ID", "") or _DEBIAN_RELEASES.get(fields.get("VERSION_CODENAME", ""), "")
    return f"Debian:{version.partition('.')[0]}" if _NUMBER.fullmatch(version) else None


def _ubuntu(fields: dict[str, str]) -> str | None:
    version = fields.get("VERSION_ID", "")
    is_long_term = "LTS" in fields.get("VERSION", "") + fields.get("PRETTY_NAME", "")
    return f"Ubuntu:{version}{':LTS' if is_long_term else ''}" if _NUMBER.fullmatch(version) else None


def _alpine(fields: dict[str, str]) -> str | None:
    version = fields.get("VERSION_ID", "")
    return "Alpine:v" + ".".join(version.split(".")[:2]) if _NUMBER.fullmatch(version) else None


_ECOSYSTEMS: dict[str, Callable[[dict[str, str]], str | None]] = {
    "debian": _debian,
    "ubuntu": _ubuntu,
    "alpine": _alpine,
    "wolfi": lambda _: "Wolfi",
    "chainguard": lambda _: "Chainguard",
}

"""Which distribution an image is made of, and what OSV calls its ecosystem: os-release(5)."""

import re
from collections.abc import Callable

import msgspec

from gate.trees import EntryKind, FileTree, resolve
from gate.trees.memo import Analysis, analysed

_PLACES = ("etc/os-release", "usr/lib/os-release")
_MAX_SIZE = 64 << 10
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_OPEN_EULER = re.compile(r"([0-9]{2}\.[0-9]{2})(?: \(([A-Z0-9-]+)\))?")
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


def _major(base: str) -> Callable[[dict[str, str]], str | None]:
    """Return what names the releases of `base` by their first number."""

    def ecosystem(fields: dict[str, str]) -> str | None:
        version = fields.get("VERSION_ID", "")
        return f"{base}:{version.partition('.')[0]}" if _NUMBER.fullmatch(version) else None

    return ecosystem


def _open_euler(fields: dict[str, str]) -> str | None:
    """`24.03 (LTS-SP1)` is the release `24.03-LTS-SP1`."""
    found = _OPEN_EULER.fullmatch(fields.get("VERSION", ""))
    return f"openEuler:{found[1]}{f'-{found[2]}' if found[2] else ''}" if found else None


def _suse(fields: dict[str, str]) -> str | None:
    version = fields.get("VERSION_ID", "")
    major, _, pack = version.partition(".")
    pack = f" SP{pack}" if pack and pack != "0" else ""
    return f"SUSE:Linux Enterprise Server {major}{pack}" if _NUMBER.fullmatch(version) else None


def _leap(fields: dict[str, str]) -> str | None:
    version = fields.get("VERSION_ID", "")
    return f"openSUSE:Leap {version}" if _NUMBER.fullmatch(version) else None


def _photon(fields: dict[str, str]) -> str | None:
    version = fields.get("VERSION_ID", "")
    return f"Photon OS:{version}" if _NUMBER.fullmatch(version) else None


_ECOSYSTEMS: dict[str, Callable[[dict[str, str]], str | None]] = {
    "almalinux": _major("AlmaLinux"),
    "alpaquita": lambda fields: f"Alpaquita:{fields.get('VERSION_ID') or 'stream'}",
    "alpine": _alpine,
    "azurelinux": _major("Azure Linux"),
    "chainguard": lambda _: "Chainguard",
    "debian": _debian,
    "echo": lambda _: "Echo",
    "mageia": _major("Mageia"),
    "mariner": _major("Azure Linux"),
    "minimos": lambda _: "MinimOS",
    "openeuler": _open_euler,
    "opensuse-leap": _leap,
    "opensuse-tumbleweed": lambda _: "openSUSE:Tumbleweed",
    "photon": _photon,
    "rhel": _major("Red Hat"),
    "rocky": _major("Rocky Linux"),
    "sles": _suse,
    "sles_sap": _suse,
    "ubuntu": _ubuntu,
    "wolfi": lambda _: "Wolfi",
}
"""os-release's ID to the name of its release in OSV."""

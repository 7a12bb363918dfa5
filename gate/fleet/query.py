"""What is looked for in a fleet: `pkg:npm/lodash@<4.17.21`, a CVE, a digest, a kind of secret, a rule, a file."""

import re
from typing import Literal

import msgspec

from gate.advisories.versions import compare, is_understood
from gate.core.errors import UnreadableError, UsageError
from gate.ecosystems import base_of
from gate.fleet.index_tables import purl_base

Kind = Literal["package", "advisory", "digest", "secret", "rule", "file"]
FORMS = "pkg:TYPE/NAME[@RANGE], CVE-… or another advisory's id, sha256:… or a commit, secret:KIND, rule:ID, file:NAME"

_PREFIXES: tuple[Kind, ...] = ("secret", "rule", "file", "digest", "advisory")
_ADVISORY = re.compile(r"[A-Z][A-Z0-9]{1,15}-[A-Za-z0-9.:_-]{1,100}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}")
_DIGEST = re.compile(r"(?:sha256:)?[0-9a-f]{64}|[0-9a-f]{40}")
_BOUND = re.compile(r"\s*(?P<sign><=?|>=?|=|)\s*(?P<version>[^\s<>=,]{1,100})\s*")
_MOST_BOUNDS = 20
_SIGNS = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0), "=": (0,), "": (0,)}
"""A sign to the results of a comparison with its version that satisfy it."""


class VersionBound(msgspec.Struct, frozen=True):
    """One end of a range."""

    sign: str
    version: str


class FleetQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A question to the index."""

    kind: Kind
    value: str
    """Package URL without version, id, digest, kind of secret, rule or name of a file."""
    bounds: tuple[VersionBound, ...] = ()
    """All have to hold; none: every version."""

    def holds_for(self, ecosystem: str, version: str) -> bool | None:
        """True if a version is in the range; None if its order is not known, so that it may be."""
        if not self.bounds:
            return True
        base = base_of(ecosystem)
        try:
            if not all(is_understood(base, one) for one in [version, *self._versions()]):
                return None
            found = [compare(ecosystem, version, bound.version) for bound in self.bounds]
        except UnreadableError:
            return None
        return all(result in _SIGNS[bound.sign] for result, bound in zip(found, self.bounds, strict=True))

    def _versions(self) -> list[str]:
        return [bound.version for bound in self.bounds]


def parse_query(text: str) -> FleetQuery:
    """Return what `text` asks for. Raises UsageError for anything else."""
    if text.startswith("pkg:"):
        return _package(text)
    kind, separator, value = text.partition(":")
    for known in _PREFIXES:
        if separator and kind == known and value:
            return FleetQuery(kind=known, value=value)
    if _DIGEST.fullmatch(text):
        return FleetQuery(kind="digest", value=text if len(text) != 64 else f"sha256:{text}")
    if _ADVISORY.fullmatch(text):
        return FleetQuery(kind="advisory", value=text)
    raise UsageError(f"cannot be looked for: {text[:100]!r}", hint=f"Write one of: {FORMS}")


def _package(text: str) -> FleetQuery:
    from packageurl import PackageURL

    head, separator, range_text = text.rpartition("@")
    if not separator or ("/" in range_text and not range_text.startswith(("<", ">", "="))):
        head, range_text = text, ""
    try:
        value = purl_base(PackageURL.from_string(head.replace("/@", "/%40")).to_string())
    except ValueError as error:
        raise UsageError(f"is no package URL ({error})", path=text[:200], hint=f"Write one of: {FORMS}") from error
    return FleetQuery(kind="package", value=value, bounds=_bounds(range_text, text))


def _bounds(text: str, whole: str) -> tuple[VersionBound, ...]:
    if text in ("", "*"):
        return ()
    parts = text.split(",")
    bounds = [found for found in map(_BOUND.fullmatch, parts) if found]
    if len(bounds) != len(parts) or len(parts) > _MOST_BOUNDS:
        hint = "A range is a version, or bounds such as <2.15 and >=2.0,<2.15"
        raise UsageError("is no range of versions", path=whole[:200], hint=hint)
    return tuple(VersionBound(found["sign"], found["version"]) for found in bounds)

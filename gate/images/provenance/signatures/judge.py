"""Findings on who vouches for an image, and on what they say."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from gate.images.image_findings import finding_on_image
from gate.images.provenance.base import PackageName
from gate.images.provenance.signatures import TrustedSigners, Vouched
from gate.images.provenance.signatures.drift import drift_of
from gate.images.provenance.signatures.rules import NO_PROVENANCE, NOT_SIGNED, SBOM_DRIFT
from gate.model import Fact, Finding, Package

_SHOWN = 3
"""Reasons that a message lists."""
_SYSTEM_URLS = ("pkg:deb/", "pkg:rpm/", "pkg:apk/")


def findings_on(
    vouched: Vouched, trust: TrustedSigners, packages: Sequence[Package], target: str, *, has_owned: bool = False
) -> Iterator[Finding]:
    """Yield what the settings ask for and no trusted signer says, and bills of materials that say something else.

    With `has_owned` some packages of languages belong to packages of the distribution, and are not among `packages`.
    """
    if trust.required and not vouched.signed_by:
        yield finding_on_image(NOT_SIGNED, target, _why_not(vouched))
    if trust.builders and not any(_is_trusted(builder, trust) for builder in vouched.builders):
        named = f": it names {', '.join(vouched.builders)[:300]}" if vouched.builders else ""
        yield finding_on_image(
            NO_PROVENANCE,
            target,
            f"No signed provenance names one of the trusted builders{named or _refusals(vouched)}",
        )
    there = {PackageName.of(one) for one in packages}
    for listed in vouched.sboms:
        drift = drift_of(there, _comparable(listed, packages) if has_owned else listed)
        if drift:
            yield finding_on_image(SBOM_DRIFT, target, str(drift))


def _comparable(listed: Iterable[PackageName], packages: Sequence[Package]) -> Iterator[PackageName]:
    """Leave out what may be there as a part of a distribution's package: a bill of materials can list it as well."""
    systems = {one.ecosystem for one in packages if one.purl.startswith(_SYSTEM_URLS)}
    names = {(one.ecosystem, one.name) for one in packages}
    return (one for one in listed if one.ecosystem in systems or (one.ecosystem, one.name) in names)


def facts_on(vouched: Vouched) -> dict[str, Fact]:
    """Return what trusted signers say."""
    lists: dict[str, list[str]] = {
        "signed_by": list(vouched.signed_by),
        "builders": list(vouched.builders),
        "attested": list(vouched.predicates),
    }
    return {**lists, "signatures_of_others": vouched.foreign}


def _is_trusted(builder: str, trust: TrustedSigners) -> bool:
    return any(fnmatchcase(builder, pattern) for pattern in trust.builders)


def _why_not(vouched: Vouched) -> str:
    if not vouched.is_in_registry:
        return "It is in no registry under its name, so nothing can be attached to it"
    if vouched.foreign:
        told = f"{vouched.foreign:,} signatures and attestations are attached to it, none of them a trusted signature"
        return told + _refusals(vouched)
    return "No signature is attached to it"


def _refusals(vouched: Vouched) -> str:
    return f": {'; '.join(vouched.refusals[:_SHOWN])}" if vouched.refusals else ""

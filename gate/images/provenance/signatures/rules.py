"""Rules on who vouches for an image."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

import msgspec

from gate.images.provenance.base import PackageName
from gate.images.provenance.signatures import TrustedSigners, Vouched
from gate.images.provenance.signatures.drift import drift_of
from gate.images.rules.base import ON_IMAGES
from gate.model import Package, Severity
from gate.rules import Hit, RuleScope

_SHOWN = 3
"""Reasons that a message lists."""
_SYSTEM_URLS = ("pkg:deb/", "pkg:rpm/", "pkg:apk/")


class Vouching(msgspec.Struct, frozen=True):
    """What these rules are asked of."""

    vouched: Vouched
    trust: TrustedSigners
    packages: Sequence[Package]
    has_owned: bool
    """True if packages of languages belong to packages of the distribution, and are not among `packages`."""


SIGNERS = RuleScope(Vouching)
"""Who vouches for the image, once."""


@ON_IMAGES.rule(
    "GI070",
    Severity.HIGH,
    "Image is not signed by a trusted key or identity",
    looks_at=SIGNERS,
    why="Anyone who can write to the registry can replace the image that was built and judged.",
    mend="Sign the image after the build: cosign sign [--key KEY] IMAGE@DIGEST; find out who pushed an unsigned one.",
    references=("CWE-345", "https://docs.sigstore.dev/cosign/signing/signing_with_containers/"),
)
def is_not_signed(image: Vouching) -> Iterator[Hit]:
    if image.trust.required and not image.vouched.signed_by:
        yield Hit(message=_why_not(image.vouched))


@ON_IMAGES.rule(
    "GI071",
    Severity.HIGH,
    "No provenance from a trusted builder",
    looks_at=SIGNERS,
    why="Without signed provenance the image may have been built anywhere, from anything.",
    mend="Let the trusted builder build it and attest SLSA provenance (cosign attest --type slsaprovenance).",
    references=("CWE-345", "https://slsa.dev/spec/v1.0/provenance"),
)
def has_no_provenance(image: Vouching) -> Iterator[Hit]:
    trust, builders = image.trust, image.vouched.builders
    if trust.builders and not any(_is_trusted(builder, trust) for builder in builders):
        named = f": it names {', '.join(builders)[:300]}" if builders else ""
        missing = "No signed provenance names one of the trusted builders"
        yield Hit(message=f"{missing}{named or _refusals(image.vouched)}")


@ON_IMAGES.rule(
    "GI072",
    Severity.MEDIUM,
    "Attested SBOM does not match the image",
    looks_at=SIGNERS,
    why="Anyone who searches the SBOM for a vulnerable package misses what is really in the image.",
    mend="Generate the SBOM from the finished image (gate sbom IMAGE), and attest that one.",
    references=("CWE-1357",),
)
def differs_from_sbom(image: Vouching) -> Iterator[Hit]:
    there = {PackageName.of(one) for one in image.packages}
    for listed in image.vouched.sboms:
        drift = drift_of(there, _comparable(listed, image.packages) if image.has_owned else listed)
        if drift:
            yield Hit(message=str(drift))


RULES = (is_not_signed, has_no_provenance, differs_from_sbom)


def _comparable(listed: Iterable[PackageName], packages: Sequence[Package]) -> Iterator[PackageName]:
    """Leave out what may be there as a part of a distribution's package: a bill of materials can list it as well."""
    systems = {one.ecosystem for one in packages if one.purl.startswith(_SYSTEM_URLS)}
    names = {(one.ecosystem, one.name) for one in packages}
    return (one for one in listed if one.ecosystem in systems or (one.ecosystem, one.name) in names)


def _is_trusted(builder: str, trust: TrustedSigners) -> bool:
    return any(fnmatchcase(builder, pattern) for pattern in trust.builders)


def _why_not(vouched: Vouched) -> str:
    if not vouched.is_in_registry:
        return "It is in no registry under its name, so nothing can be attached to it"
    if vouched.foreign:
        count = f"{vouched.foreign:,} signatures and attestations are attached to it, none of them a trusted signature"
        return count + _refusals(vouched)
    return "No signature is attached to it"


def _refusals(vouched: Vouched) -> str:
    return f": {'; '.join(vouched.refusals[:_SHOWN])}" if vouched.refusals else ""

"""Findings on who vouches for an image, and on what they say."""

from collections.abc import Iterator, Sequence

from gate.images.provenance.signatures import TrustedSigners, Vouched
from gate.images.provenance.signatures.rules import RULES, Vouching
from gate.model import Fact, Finding, Package
from gate.rules import ask, finding_of


def findings_on(
    vouched: Vouched, trust: TrustedSigners, packages: Sequence[Package], target: str, *, has_owned: bool = False
) -> Iterator[Finding]:
    """Yield what the settings ask for and no trusted signer says, and bills of materials that say something else.

    With `has_owned` some packages of languages belong to packages of the distribution, and are not among `packages`.
    """
    vouching = Vouching(vouched, trust, packages, has_owned)
    return (finding_of(rule, hit, target) for rule, hit in ask(RULES, vouching))


def facts_on(vouched: Vouched) -> dict[str, Fact]:
    """Return what trusted signers say."""
    lists: dict[str, list[str]] = {
        "signed_by": list(vouched.signed_by),
        "builders": list(vouched.builders),
        "attested": list(vouched.predicates),
    }
    return {**lists, "signatures_of_others": vouched.foreign}

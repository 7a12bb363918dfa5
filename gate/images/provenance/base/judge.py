"""Findings with their origin, and what is to be said of where an image comes from."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from gate.core.text import counted
from gate.images.image_findings import finding_on_image
from gate.images.provenance.base import Ancestry, Base, PackageName
from gate.images.provenance.base.rules import MOST_AT_ONCE, NOT_PINNED, TOO_OLD
from gate.model import Fact, Finding, Origin

_YEAR_OF_NOTHING = 1981
"""Builds that can be repeated state a time such as 1970 or 1980; nobody built an image in those years."""
_CLOCKS = timedelta(days=1)
"""How far the clock of a builder may be ahead."""


def with_origins(findings: Sequence[Finding], ancestry: Ancestry) -> list[Finding]:
    """Say of each finding whether the base brought it or the layers over it, as far as the layers tell."""
    base = ancestry.base
    if base is None or not base.layers:
        return list(findings)
    inherited = frozenset(ancestry.base_packages or ())
    return [msgspec.structs.replace(one, origin=_origin(one, ancestry, inherited)) for one in findings]


def _origin(finding: Finding, ancestry: Ancestry, inherited: frozenset[PackageName]) -> Origin | None:
    package, layer = finding.package, finding.location.layer
    if package and PackageName.of(package) in inherited:
        return Origin.BASE
    if layer is None or ancestry.base is None:
        return None
    if layer in ancestry.base.layers:
        return Origin.BASE
    return None if package and ancestry.base_packages is None else Origin.OWN


def findings_on(
    ancestry: Ancestry, marked: Sequence[Finding], *, target: str, now: datetime, longest: timedelta | None
) -> Iterator[Finding]:
    """Yield what the origin itself gives reason to say; `marked` are the findings with their origins."""
    age = _age(ancestry.created, now)
    if longest is not None and (age is None or not -_CLOCKS <= age <= longest):
        yield finding_on_image(TOO_OLD, target, _age_in_words(age, longest))
    base = ancestry.base
    if base is None:
        return
    if base.known_by == "label" and base.digest is None and "@" not in (base.name or ""):
        yield finding_on_image(
            NOT_PINNED, target, f"It is built on {base}, and its labels do not say on which build of it"
        )
    cleared = _fixable(marked, Origin.BASE)
    if cleared:
        yield finding_on_image(MOST_AT_ONCE, target, _advice(base, cleared, marked))


def _advice(base: Base, cleared: int, marked: Sequence[Finding]) -> str:
    own = _fixable(marked, Origin.OWN)
    left = sum(one.origin is Origin.BASE and one.vulnerability is not None and not one.is_fixable for one in marked)
    advice = (
        f"Fixes are released for {counted(cleared, 'finding')} that {base} brings: rebuilding on its newest build "
        f"clears up to {cleared:,} at once, updating what our own layers bring {own:,}"
    )
    return (
        f"{advice}. For {left:,} more that it brings there is no fix: another base may be without" if left else advice
    )


def facts_on(ancestry: Ancestry) -> dict[str, Fact]:
    """Return what is known of the origin."""
    base = ancestry.base
    facts: dict[str, Fact | None] = {"chain_id": ancestry.chain_id, "created": ancestry.created}
    if base is not None:
        facts |= {
            "base": base.name,
            "base_digest": base.digest,
            "base_known_by": base.known_by,
            "base_layers": len(base.layers) or None,
        }
    return {name: value for name, value in facts.items() if value is not None}


def _fixable(findings: Sequence[Finding], origin: Origin) -> int:
    return sum(one.origin is origin and one.is_fixable for one in findings)


def _age(created: str | None, now: datetime) -> timedelta | None:
    """Return the time since an image was built; None if it does not say when."""
    try:
        moment = datetime.fromisoformat(created or "")
    except ValueError:
        return None
    if moment.year < _YEAR_OF_NOTHING:
        return None
    return now - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _age_in_words(age: timedelta | None, longest: timedelta) -> str:
    allowed = f"at most {longest.days:,} days are allowed"
    if age is None:
        return f"It does not say when it was built; {allowed}"
    if age < -_CLOCKS:
        return f"It says that it will be built in {-age.days:,} days; {allowed}"
    return f"It is {age.days:,} days old; {allowed}"

"""Rules on where an image comes from."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from gate.core.text import counted
from gate.images.provenance.base import Ancestry, Base
from gate.images.rules.base import ON_IMAGES
from gate.model import Finding, Origin, Severity
from gate.rules import Hit, RuleScope

_YEAR_OF_NOTHING = 1981
"""Reproducible builds state a time such as 1970 or 1980, before which there were no images: it says nothing."""
_CLOCKS = timedelta(days=1)
"""How far the clock of a builder may be ahead of ours."""


class Descent(msgspec.Struct, frozen=True):
    """The subject of these rules."""

    ancestry: Ancestry
    findings: Sequence[Finding]
    """All other findings on the image, with their origins."""
    now: datetime
    longest: timedelta | None
    """The age that is allowed; None: any."""


ORIGIN = RuleScope(Descent)
"""Rules that are asked once about an image's origin."""


@ON_IMAGES.rule(
    "GI060",
    Severity.MEDIUM,
    "Image is older than allowed",
    looks_at=ORIGIN,
    why="It lacks everything that was fixed since then, and no one has recently shown that it can still be built.",
    mend="Build it again, without cache and on a newly pulled base (docker build --pull --no-cache).",
    references=("CWE-1104",),
)
def is_too_old(descent: Descent) -> Iterator[Hit]:
    longest = descent.longest
    age = _age(descent.ancestry.created, descent.now)
    if longest is not None and (age is None or not -_CLOCKS <= age <= longest):
        yield Hit(message=_age_in_words(age, longest))


@ON_IMAGES.rule(
    "GI061",
    Severity.LOW,
    "Base image is not pinned",
    looks_at=ORIGIN,
    why="A tag moves: no one can tell which build of the base this image uses, or reproduce it.",
    mend="Name the base by its digest (FROM name:tag@sha256:…), and let a bot update it.",
    references=("CWE-1357",),
)
def base_is_not_pinned(descent: Descent) -> Iterator[Hit]:
    base = descent.ancestry.base
    if base is not None and base.known_by == "label" and base.digest is None and "@" not in (base.name or ""):
        yield Hit(message=f"It is built on {base}, and its labels do not say on which build of it")


@ON_IMAGES.rule(
    "GI062",
    Severity.INFO,
    "A newer base image fixes several findings at once",
    looks_at=ORIGIN,
    why="The maintainers of the base image fix its packages: one rebuild includes all of their fixes.",
    mend="Update the base image in FROM to its newest build and rebuild; if that is not enough, use another base.",
)
def newer_base_clears_most(descent: Descent) -> Iterator[Hit]:
    base = descent.ancestry.base
    cleared = _fixable(descent.findings, Origin.BASE) if base is not None else 0
    if base is not None and cleared:
        yield Hit(message=_advice(base, cleared, descent.findings))


RULES = (is_too_old, base_is_not_pinned, newer_base_clears_most)


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

"""Findings in several files, such as a copied secret: one existed before only if it was in each of the files."""

from collections.abc import Set

import msgspec

from gate.model import Finding

_NAMED = 3
"""New places that a message names."""


def identity(finding: Finding) -> tuple[str, ...]:
    """Return what identifies a finding: a secret is the same in another file, all other findings are not."""
    return (finding.stage, finding.rule, finding.secret.hash) if finding.secret else (finding.fingerprint,)


def paths_of(finding: Finding) -> frozenset[str]:
    """Return the files that hold it."""
    return frozenset(place.path or "" for place in (finding.location, *finding.places))


def with_new_places_first(finding: Finding, known: Set[str]) -> Finding:
    """Put the places of a finding that are new before those in `known` files, and name them in its message.

    A finding of which all or none of the places are new is returned unchanged.
    """
    places = (finding.location, *finding.places)
    new = [place for place in places if (place.path or "") not in known]
    if not new or len(new) == len(places):
        return finding
    first, *others = [*new, *(place for place in places if place not in new)]
    named = [f"{place.path}, line {place.line}" for place in new[:_NAMED]]
    more = [f"{len(new) - _NAMED:,} more"] if len(new) > _NAMED else []
    message = f"{finding.message}; new in {'; '.join([*named, *more])}"
    return msgspec.structs.replace(finding, location=first, places=tuple(others), message=message)

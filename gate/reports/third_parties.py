"""The third parties of pipelines as a report's facts list them, for formats that show a table."""

import msgspec

from gate.model import Report
from gate.model.third_party import columns_of

_LISTED = "third_parties"
_ADDED = "third_parties_added"


class PartyRow(msgspec.Struct, frozen=True):
    """One row: what takes part in a pipeline, and what it receives."""

    kind: str
    name: str
    reference: str
    pin: str
    receives: str
    owner: str
    place: str
    is_added: bool
    """True if the change adds it; false too where nothing was compared."""


def party_rows(report: Report) -> list[PartyRow]:
    """Return the third parties of all targets, those that the change adds first."""
    rows: list[PartyRow] = []
    for stage in report.stages:
        listed, added = stage.facts.get(_LISTED), stage.facts.get(_ADDED)
        new = frozenset(added) if isinstance(added, list) else frozenset()
        for line in listed if isinstance(listed, list) else ():
            columns = columns_of(line)
            if columns:
                kind, name, reference, pin, receives, owner, place = columns
                rows.append(PartyRow(kind, name, reference, pin, receives, owner, place, line in new))
    return sorted(rows, key=lambda row: not row.is_added)

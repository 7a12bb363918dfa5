"""Who owns what: open findings and waivers by the owners of their files."""

from collections.abc import Callable, Iterable

import msgspec

from gate.reports.console.subjects import ReportSubject

OwnersOf = Callable[[str], tuple[str, ...]]
"""From `SUBJECT/path/of/file` to its owners; none if nobody is named."""
NOBODY = "nobody is named"


class OwnerShare(msgspec.Struct, frozen=True, kw_only=True):
    """What one owner has to answer for; a finding with two owners is in both shares."""

    owner: str
    subjects: tuple[str, ...]
    blocking: int
    open: int


def shares(subjects: Iterable[ReportSubject], owners_of: OwnersOf) -> list[OwnerShare]:
    """Return a share for each owner of an open finding: who has most that blocks comes first."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for subject in subjects:
        for finding in subject.open:
            for owner in owners_of(f"{subject.name}/{finding.location.path or ''}") or (NOBODY,):
                found.setdefault(owner, []).append((subject.name, finding.blocking))
    every = (
        OwnerShare(
            owner=owner,
            subjects=tuple(sorted({subject for subject, _ in members})),
            blocking=sum(blocks for _, blocks in members),
            open=len(members),
        )
        for owner, members in found.items()
    )
    return sorted(every, key=lambda share: (-share.blocking, -share.open, share.owner))

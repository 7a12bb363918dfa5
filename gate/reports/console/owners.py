"""Open findings by the owners of their files."""

from collections.abc import Callable, Iterable

import msgspec

from gate.reports.console.subjects import ReportSubject

OwnersOf = Callable[[str], tuple[str, ...]]
"""Returns the owners of `SUBJECT/path/of/file`; empty if it has none."""
NO_OWNER = "Unassigned"
"""The name under which findings without an owner are listed."""


class OwnerShare(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of one owner; a finding with two owners counts for both."""

    owner: str
    subjects: tuple[str, ...]
    blocking: int
    open: int


def shares(subjects: Iterable[ReportSubject], owners_of: OwnersOf) -> list[OwnerShare]:
    """Return a share for each owner of an open finding: who has most that blocks comes first."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for subject in subjects:
        for finding in subject.open:
            for owner in owners_of(f"{subject.name}/{finding.location.path or ''}") or (NO_OWNER,):
                found.setdefault(owner, []).append((subject.name, finding.blocking))
    every = [_share(owner, members) for owner, members in found.items()]
    return sorted(every, key=lambda share: (-share.blocking, -share.open, share.owner))


def _share(owner: str, findings: list[tuple[str, bool]]) -> OwnerShare:
    """Return the share of an owner; each of `findings` is (subject, whether it blocks)."""
    return OwnerShare(
        owner=owner,
        subjects=tuple(sorted({subject for subject, _ in findings})),
        blocking=sum(blocks for _, blocks in findings),
        open=len(findings),
    )

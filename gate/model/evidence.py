"""What a verdict rests on, as a report states it: who joins, signs or verifies reports compares it."""

import msgspec


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage had to look at."""

    stage: str
    targets: tuple[str, ...]
    """Names of the targets, in their order; none if the run names nothing that the stage looks at."""


class ComparedWith(msgspec.Struct, frozen=True, kw_only=True):
    """What was there before: what a stage finds there too is not new."""

    target: str
    revisions: tuple[str, ...]
    """Ids of commits; more than one after a merge."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was asked to do, and what of it this report tells of."""

    settings: str
    """SHA-256 of the settings in force that decide on findings and verdict: not of where reports go, or how fast."""
    chosen: dict[str, str] = {}
    """The keys of those that are not as by default (`stages.secrets.ignore`), each with a digest of its value."""
    bases: tuple[ComparedWith, ...] = ()
    """None outside of a comparison."""
    planned: tuple[Work, ...]
    """All that the run was to do: every enabled stage."""
    ran: tuple[Work, ...]
    """What of it this report tells of: all, or the share of a part."""
    left_out: tuple[str, ...] = ()
    """Stages of the gate that were not enabled."""
    advisories: tuple[str, ...] = ()
    """Which ones were asked: of each ecosystem the number and the newest, of CISA's and FIRST's files the version."""
    advisories_checked: str | None = None
    """When the oldest of them were last compared with their source (RFC 3339); None where that is the run itself."""
    runs: int = 1
    """How many runs were joined here; of several, the rest says nothing."""


NO_RUN = Evidence(settings="", planned=(), ran=())
"""What can be said of several runs that were joined, each of which rests on something else."""

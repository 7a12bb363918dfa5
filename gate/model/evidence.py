"""What a verdict rests on, as a report states it, for the commands that join, sign or verify reports."""

import msgspec


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A stage with the targets that it had to look at."""

    stage: str
    targets: tuple[str, ...]
    """Names of the targets, in their order; empty if the run has no target of the kinds that the stage accepts."""


class ComparedWith(msgspec.Struct, frozen=True, kw_only=True):
    """The commits that a target was compared with: a finding that they have too is not new."""

    target: str
    revisions: tuple[str, ...]
    """Ids of commits; more than one after a merge."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was asked to do, and which part of that is in this report."""

    settings: str
    """SHA-256 of the settings that affect findings and verdict; where reports go or how many workers run does not."""
    chosen: dict[str, str] = {}
    """The keys of those that differ from the defaults (`stages.secrets.ignore`), each with a digest of its value."""
    bases: tuple[ComparedWith, ...] = ()
    """Empty if the run compared with nothing."""
    planned: tuple[Work, ...]
    """All work of the run: every enabled stage."""
    ran: tuple[Work, ...]
    """The work that this report covers: all, or the share of one part."""
    left_out: tuple[str, ...] = ()
    """Stages of the gate that were not enabled."""
    advisories: tuple[str, ...] = ()
    """The advisories used: number and newest of each ecosystem, and the versions of CISA's and FIRST's files."""
    advisories_checked: str | None = None
    """When the oldest of them were last compared with their source (RFC 3339); None if this run did so."""
    runs: int = 1
    """How many runs were joined in this report; if several, the other fields are empty."""


NO_RUN = Evidence(settings="", planned=(), ran=())
"""The evidence of reports that join several runs, each of which rests on its own."""

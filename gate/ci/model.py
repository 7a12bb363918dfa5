"""What the readers of all CI systems yield."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from gate.model import PipelineParty, StageError
from gate.rules import Change, Hit, StageRule

__all__ = ["JobLines", "JobScript", "PipelineParty", "StepFix", "SystemJudged"]


class JobScript(msgspec.Struct, frozen=True, kw_only=True):
    """A script of a job, as the rules that every system shares are asked of it."""

    name: str
    script: str
    """Its shell text."""
    path: str
    line: int
    """Where the script's first line stands."""
    lines: tuple[int, ...] = ()
    """Where each line of the script stands; empty: one below the other from `line` on."""

    def line_of(self, number: int) -> int:
        """Return where a line of the script, counted from 0, stands in the file."""
        if not self.lines:
            return self.line + number
        return self.lines[min(number, len(self.lines) - 1)]


class JobLines(NamedTuple):
    """The lines of a job in its file, both ends included."""

    path: str
    first: int
    last: int


class StepFix(msgspec.Struct, frozen=True):
    """The changes that fix what some rules find in one step."""

    rules: frozenset[str]
    path: str
    first: int
    last: int
    """The lines of the step."""
    changes: tuple[Change, ...]
    why_not: str = ""
    """Why there is no change; empty: there is one."""


class SystemJudged(msgspec.Struct, frozen=True, kw_only=True):
    """What one system's definitions say."""

    hits: tuple[tuple[StageRule, Hit], ...] = ()
    """Each hit names its `path`."""
    jobs: tuple[JobScript, ...] = ()
    third_parties: tuple[PipelineParty, ...] = ()
    send_nothing: frozenset[PipelineParty] = frozenset()
    """Those of them that are known by their names to send something, and send nothing by their inputs."""
    fixes: tuple[StepFix, ...] = ()
    without_release: Callable[[], Iterable[JobLines]] = tuple
    """Returns the jobs that can publish nothing; called only where something matters to releases alone."""
    files: int = 0
    errors: tuple[StageError, ...] = ()
    """Files that cannot be read as what they are."""
    not_resolved: tuple[str, ...] = ()
    """What could not be followed: `path:line: what`."""
    not_definitions: tuple[str, ...] = ()
    """Files that have the name of a definition and are none, each with what it is: `path: what`."""

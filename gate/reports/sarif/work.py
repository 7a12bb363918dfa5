"""The invocation of a run: whether it was successful, what it could not do, and what the file leaves out."""

from collections.abc import Sequence
from typing import Any

from gate.core.text import counted, one_line
from gate.model import Location, StageError, StageSummary, Verdict, VerdictStatus
from gate.reports.order import errors_of
from gate.reports.sarif.results import place, plain
from gate.reports.wording import unfinished


def invocation(stages: Sequence[StageSummary], verdict: Verdict, remarks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the invocation of the stages of a run; without stages, the verdict decides whether it was successful."""
    errors = [error for stage in stages for error in errors_of(stage)]
    is_complete = not errors if stages else verdict.status is not VerdictStatus.INCOMPLETE
    times = [(stage.started_at, stage.finished_at) for stage in stages]
    spans = (
        {"startTimeUtc": min(start for start, _ in times), "endTimeUtc": max(end for _, end in times)} if times else {}
    )
    return {
        "executionSuccessful": is_complete,
        **{name: time.replace("+00:00", "Z") for name, time in spans.items()},
        "toolExecutionNotifications": [*map(_notification, errors), *remarks],
    }


def left_out(total: int, kept: int) -> dict[str, Any]:
    """Return the notification that counts the findings for which the file has no room."""
    text = f"{counted(total - kept, 'finding')} more than GitHub takes: the worst {kept:,} of {total:,} are here."
    return {"level": "warning", "message": {"text": text}, "descriptor": {"id": "left-out"}}


def _notification(error: StageError) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "error", "message": {"text": plain(one_line(unfinished(error)))}}
    if error.path:
        notification["locations"] = [place(Location(target=error.target, path=error.path))]
    return notification

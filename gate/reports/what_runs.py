"""What runs when, as the stage `workspace` states it in its facts: rows for the page."""

import msgspec

from gate.model import Report

_STAGE, _FACT = "workspace", "what_runs"


class StartRow(msgspec.Struct, frozen=True):
    """A program that something in the repository starts."""

    moment: str
    what: str
    """Who starts it, the command, whether it asks, and where that is written."""


def start_rows(report: Report) -> list[StartRow]:
    """Return what the stage says that starts, in its order; empty if it did not run or nothing starts."""
    rows = []
    for stage in report.stages:
        lines = stage.facts.get(_FACT) if stage.name == _STAGE else None
        for line in lines if isinstance(lines, list) else ():
            moment, _, what = line.partition(": ")
            rows.append(StartRow(moment, what) if what else StartRow("", moment))
    return rows

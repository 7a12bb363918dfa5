"""Rows of what runs when, from the facts of the stage `workspace`."""

from collections.abc import Callable

from gate.model import Report
from gate.reports.what_runs import StartRow, start_rows


def test_a_fact_s_lines_are_rows_by_moment(make_report: Callable[..., Report]) -> None:
    facts = {"what_runs": ["open: VS Code runs task a: make (no question; a:1)", "and 3 more"]}
    report = make_report([], {"workspace": {"facts": facts}, "ci": {"facts": {"what_runs": ["push: x"]}}})
    assert start_rows(report) == [
        StartRow("open", "VS Code runs task a: make (no question; a:1)"),
        StartRow("", "and 3 more"),
    ]

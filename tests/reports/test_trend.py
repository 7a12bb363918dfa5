"""How findings moved over several runs."""

import html.parser
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.cli import main
from gate.core.errors import UnreadableError
from gate.model import Finding, Report, Severity, StageStatus, Status
from gate.reports import write_report
from gate.reports.trend import history
from gate.reports.trend.page import _rounded_up, page
from gate.reports.trend.sparkline import lines, sparkline

Run = Callable[..., Report]


@pytest.fixture
def run(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> Run:
    """Return a function that makes the report of a run on a day of November, with findings of these rules."""

    def make(day: int, *rules: str, stage: dict[str, object] | None = None, **parts: object) -> Report:
        when = f"2026-11-{day:02}T12:00:00+00:00"
        findings = [make_finding("secrets", rule, Severity.HIGH, **parts) for rule in rules]
        return make_report(findings, {"secrets": {"started_at": when, "finished_at": when, **(stage or {})}})

    return make


def test_runs_are_in_the_order_of_time_whatever_the_order_of_files(run: Run) -> None:
    points = history([run(3, "a"), run(1, "a", "b")])
    assert [(point.at.day, point.open) for point in points] == [(1, 2), (3, 1)]


def test_what_is_gone_was_mended_and_its_time_is_counted_from_the_first_run_that_had_it(run: Run) -> None:
    points = history([run(1, "a"), run(5, "a", "b"), run(9, "b", "c"), run(10)])
    assert [(point.appeared, point.mended) for point in points] == [(0, 0), (1, 0), (1, 1), (0, 2)]
    assert [point.median_days_to_mend for point in points] == [None, None, 8.0, 5.0]


def test_the_age_of_a_finding_starts_where_it_was_first_seen(run: Run) -> None:
    points = history([run(11, "a", first_seen="2026-11-01T12:00:00+00:00"), run(12, "a")])
    assert [point.median_age_days for point in points] == [10.0, 11.0]
    assert history([run(2, "a", first_seen="2026-11-01")])[0].median_age_days == 1.5


@pytest.mark.parametrize(
    "stage",
    [
        {"status": StageStatus.ERROR, "reason": "the worker died"},
        {"status": StageStatus.SKIPPED, "reason": "nothing to look at", "targets": ()},
        {"targets": ("another",)},
    ],
)
def test_what_a_run_did_not_look_for_is_not_mended_and_not_new_afterwards(run: Run, stage: dict[str, object]) -> None:
    points = history([run(1, "a"), run(2, stage=stage), run(3, "a"), run(4)])
    assert [(point.appeared, point.mended) for point in points] == [(0, 0), (0, 0), (0, 0), (0, 1)]
    assert points[-1].median_days_to_mend == 3.0


@pytest.mark.parametrize("status", [Status.WAIVED, Status.IGNORED])
def test_what_is_set_aside_is_neither_open_nor_mended(run: Run, status: Status) -> None:
    points = history([run(1, "a"), run(2, "a", status=status)])
    assert [(point.open, point.mended) for point in points] == [(1, 0), (0, 0)]


def test_a_time_that_is_none_is_an_error(run: Run) -> None:
    with pytest.raises(UnreadableError, match="a report has a time that is none: soon"):
        history([run(1, "a", first_seen="soon")])


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([5], "▁"),
        ([0, 7], "▁█"),
        ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ([3, None, 1], "█ ▁"),
        ([None], " "),
    ],
)
def test_a_sparkline_has_a_character_a_value(values: list[float | None], drawn: str) -> None:
    assert sparkline(values) == drawn


@given(st.lists(st.none() | st.floats(0, 1e9), max_size=70))
def test_any_values_can_be_drawn(values: list[float | None]) -> None:
    assert len(sparkline(values)) == len(values)


def test_the_terminal_gets_a_line_a_measure(run: Run) -> None:
    points = history([run(1, "a", "b", blocking=True), run(3, "a")])
    assert list(lines(points)) == [
        "2 runs, 2026-11-01 to 2026-11-03",
        "open          █▁  2 → 1",
        "blocking      █▁  2 → 0",
        "median age    ▁█  0.0 → 2.0 days",
        "time to fix    ▁  2.0 → 2.0 days",
        "fixed         1; 0 appeared",
    ]


class Tags(html.parser.HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]


def test_the_page_draws_each_measure_and_loads_nothing(run: Run) -> None:
    tags = Tags(page(history([run(1, "a", "b"), run(3, "a")])))
    assert next(one["aria-label"] for one in tags.of("svg")) == (
        "Open findings: from 2026-11-01: 2 findings to 2026-11-03: 1 finding"
    )
    assert tags.of("polyline")[0]["points"] == "0.0,0.0 520.0,60.0"
    assert len(tags.of("polyline")) == len(tags.of("svg"))
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in tags.seen}
    policies = [one["content"] for one in tags.of("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert [policy.startswith("default-src 'none'; style-src 'sha256-") for policy in policies if policy] == [True]


def test_a_chart_says_what_its_axes_are(run: Run) -> None:
    text = page(history([run(1, *map(str, range(37))), run(9, "a")]))
    first = text.partition("<svg")[2].partition("</svg>")[0]
    written = re.findall(r"<text[^>]*>([^<]*)</text>", first)
    assert written == ["0", "20", "40", "findings", "2026-11-01", "2026-11-05", "2026-11-09"]


@pytest.mark.parametrize(
    ("highest", "end"), [(0, 0), (0.3, 1), (1, 1), (2, 2), (3, 4), (5, 10), (10, 10), (11, 20), (37, 40), (401, 1000)]
)
def test_an_axis_ends_at_a_round_number_not_below_the_highest_value(highest: float, end: float) -> None:
    assert _rounded_up(highest) == end


def test_what_makes_no_line_is_said_and_not_drawn(run: Run) -> None:
    alone = page(history([run(1, "a")]))
    assert "<svg" not in alone
    assert "1 finding so far. The chart appears after two runs." in alone
    assert "Not known yet." in alone
    empty = page(history([run(1), run(2)]))
    assert "<svg" not in empty
    assert "0 findings in all of 2 runs." in empty


@pytest.fixture
def files(run: Run, tmp_path: Path) -> list[str]:
    """Return the reports of two runs, as files."""
    for number, report in enumerate([run(1, "a", "b"), run(2, "a")]):
        write_report("json", msgspec.structs.replace(report), str(tmp_path / f"{number}.json"))
    return [str(tmp_path / f"{number}.json") for number in range(2)]


def test_the_command_draws_or_writes_a_page(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "trend", *files]) == 0
    assert "open          █▁  2 → 1" in capsys.readouterr().out
    assert main(["report", "trend", *files, "--report", f"html={tmp_path / 'trend.html'}"]) == 0
    assert capsys.readouterr().out == ""
    assert "<h1>Trend</h1>" in (tmp_path / "trend.html").read_text()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["trend"], 2, "trend takes reports"),
        (["trend", "absent.json"], 3, "absent.json"),
        (["trend", "FILE", "--report", "csv=x"], 2, "trend takes reports, and --report html=FILE"),
        (["FILE", "FILE"], 2, "one report is shown at a time"),
    ],
)
def test_what_cannot_be_shown_is_said(
    words: list[str], status: int, said: str, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", *(files[0] if word == "FILE" else word for word in words)]) == status
    assert said in capsys.readouterr().err


def test_times_of_other_zones_are_the_same_moments(run: Run) -> None:
    (point,) = history([run(1, stage={"finished_at": "2026-11-01T14:00:00+02:00"})])
    assert point.at == datetime(2026, 11, 1, 12, tzinfo=UTC)

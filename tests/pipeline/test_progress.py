"""What people see while the gate works."""

import io

import pytest

from gate.core.read_counter import ReadCount
from gate.model import StageResult, Tree
from gate.pipeline import progress
from gate.pipeline.plan import Job
from gate.pipeline.progress import Progress
from gate.pipeline.workers import PoolStep

SECRETS = Job("secrets", Tree(root="/shop", name="shop"))
IMAGE = Job("image", Tree(root="/api", name="a\x1b[31mpi"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time in a list of one, for the test to set."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def working(stream: io.StringIO, clock: list[float]) -> Progress:
    """Return the progress of two jobs: one has 300 of 1,000 files after three seconds, one says what it does."""
    shown = Progress(stream)
    shown.started(SECRETS)
    shown.started(IMAGE)
    shown.say(PoolStep(index=0, text="1,000 files"))
    shown.say(PoolStep(index=1, text="layers"))
    shown.say(PoolStep(index=0, done=1, total=1000))
    clock[0] += 3
    shown.say(PoolStep(index=0, done=300, total=1000))
    return shown


def test_a_terminal_shows_the_stages_side_by_side_with_count_and_rate(clock: list[float]) -> None:
    terminal = Terminal()
    working(terminal, clock)
    assert terminal.getvalue() == (
        "  3.0 s  secrets (shop): 1,000 files, 300 of 1,000, 100/s\n  3.0 s  image (a\\x1b[31mpi): layers\n"
    )


def test_what_is_shown_is_taken_away_before_what_follows(clock: list[float]) -> None:
    terminal = Terminal()
    shown = working(terminal, clock)
    terminal.truncate(0)
    shown.finished(SECRETS, StageResult(stage="secrets", target="shop", duration_s=3.0))
    assert terminal.getvalue().lstrip("\0") == "\x1b[2F\x1b[Jsecrets (shop): done, 0 findings, 3.0 s\n"


def test_what_is_read_for_excerpts_after_the_jobs_is_of_none_of_them(clock: list[float]) -> None:
    terminal = Terminal()
    shown = working(terminal, clock)
    for job in (SECRETS, IMAGE):
        shown.finished(job, StageResult(stage=job.stage, target=job.target.name, duration_s=3.0))
    before = terminal.getvalue()
    clock[0] += 3
    shown.say(PoolStep(index=2, read=ReadCount(files=1, bytes=1 << 20)))
    assert terminal.getvalue() == before


def test_a_log_gets_a_plain_line_every_few_seconds_also_if_nothing_is_said(clock: list[float]) -> None:
    log = io.StringIO()
    shown = working(log, clock)
    assert log.getvalue() == ""
    for _ in range(20):
        clock[0] += 0.5
        shown.say(None)
    lines = log.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["5", "10"]
    assert lines[0].endswith("secrets (shop): 1,000 files, 300 of 1,000, 60/s; image (a\\x1b[31mpi): layers")


def test_what_is_read_has_its_bytes_and_their_rate(clock: list[float]) -> None:
    log = io.StringIO()
    shown = working(log, clock)
    for seconds in range(4):
        clock[0] += 1
        shown.say(PoolStep(index=0, read=ReadCount(files=seconds, bytes=(seconds + 1) << 20)))
        shown.say(PoolStep(index=1, read=ReadCount(bytes=2000 << 20)))
    assert log.getvalue() == (
        "5 s  secrets (shop): 1,000 files, 300 of 1,000, 60/s, 2.0 MiB, 0.4 MiB/s;"
        " image (a\\x1b[31mpi): layers, 2,000.0 MiB, 400.0 MiB/s\n"
    )
    log.truncate(0)
    clock[0] += 3
    shown.say(None)
    assert log.getvalue().lstrip("\0") == (
        "10 s  secrets (shop): 1,000 files, 300 of 1,000, 30/s, 4.0 MiB, 0.4 MiB/s;"
        " image (a\\x1b[31mpi): layers, 2,000.0 MiB, 200.0 MiB/s\n"
    )


def test_what_was_read_stays_shown_while_nothing_more_is_read(clock: list[float]) -> None:
    terminal = Terminal()
    shown = Progress(terminal)
    shown.started(SECRETS)
    shown.say(PoolStep(index=0, read=ReadCount(files=1, bytes=3 << 19)))
    clock[0] += 1
    shown.say(PoolStep(index=0, text="layers"))
    assert terminal.getvalue() == "  1.0 s  secrets (shop): layers, 1 file read, 1.5 MiB\n"


def test_where_nothing_is_cut_into_parts_the_files_that_were_read_are_counted(clock: list[float]) -> None:
    terminal = Terminal()
    shown = Progress(terminal)
    shown.started(SECRETS)
    clock[0] += 1
    shown.say(PoolStep(index=0, read=ReadCount(files=1, bytes=3 << 19)))
    assert terminal.getvalue() == "  1.0 s  secrets (shop): 1 file read, 1.5 MiB\n"


def test_quiet_says_nothing(clock: list[float]) -> None:
    terminal = Terminal()
    shown = Progress(terminal, is_quiet=True)
    shown.started(SECRETS)
    clock[0] += 60
    shown.say(None)
    shown.finished(SECRETS, StageResult(stage="secrets", target="shop"))
    assert terminal.getvalue() == ""


def test_no_line_is_wider_than_the_terminal_and_more_stages_are_counted(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    terminal = Terminal()
    shown = Progress(terminal)
    for number in range(14):
        shown.started(Job("secrets", Tree(root="/", name=f"{number}{'x' * 90}")))
    clock[0] += 1
    shown.say(None)
    lines = terminal.getvalue().splitlines()
    assert max(map(len, lines)) < 40
    assert lines[-1].endswith("and 4 more")


def test_what_comes_after_is_prepared_once_as_soon_as_the_first_jobs_run() -> None:
    prepared: list[str] = []
    shown = Progress(io.StringIO(), is_quiet=True, meanwhile=lambda: prepared.append("report"))
    shown.started(IMAGE)
    assert prepared == []
    shown.say(None)
    shown.say(None)
    assert prepared == ["report"]

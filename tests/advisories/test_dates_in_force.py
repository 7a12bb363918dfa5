"""End-of-life dates of a source of advisories: brought by `gate db`, used where newer, refused where damaged.

Goes through `gate/advisories/places.py`, `gate/advisories/optional_files.py`.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.advisories.bundle import Bundle
from gate.advisories.dates_in_force import DatesInForce, dates_in_force
from gate.advisories.end_of_life import END_OF_LIFE, read_dates
from gate.advisories.exchange import adopt_bundle
from gate.advisories.sources import open_origin
from gate.advisories.update import update
from gate.advisories.wheels import write_wheel
from gate.core import end_of_life
from gate.core.end_of_life import built_in
from gate.core.errors import GateError, LimitError, UnreadableError
from gate.model import StageResult, Tree, Trust
from gate.pipeline.context import LocalContext
from gate.settings import AdvisorySettings, Settings
from gate.stages import dockerfile

Make = Callable[..., Any]
Server = Any
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ITS_USERS = Trust(stated=frozenset({"advisories.source"}))
ADDRESS = "https://advisories.example"
NEWER = "as-of 2026-11-01\ndebian 11 2026-08-31\ndebian 13 2026-10-31\nacme/base 1 2026-01-31\n"
LATER_THAN_BUILT_IN = (date.fromisoformat(built_in().as_of) + timedelta(days=1)).isoformat()


@pytest.fixture
def bucket(make_bucket: Make, advisory: Make) -> Callable[[str | bytes | None], Path]:
    """Return a function that makes a bucket with a file of end-of-life dates, or without one."""

    def make(dates: str | bytes | None) -> Path:
        folder: Path = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
        if dates is not None:
            (folder / END_OF_LIFE).write_bytes(dates.encode() if isinstance(dates, str) else dates)
        return folder

    return make


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., list[GateError]]:
    """Return a function that does what `gate db update` does, and returns what went wrong."""

    def bring(source: str, now: datetime = NOW) -> list[GateError]:
        chosen = Settings(advisories=AdvisorySettings(source=source))
        cache = tmp_path / "cache" / "advisories"
        outcomes = update(chosen, ITS_USERS, ["npm"], cache, now, lambda *_: None)
        return [one.error for one in outcomes if one.error is not None]

    return bring


@pytest.fixture
def world(make_context: Callable[..., LocalContext]) -> Callable[..., LocalContext]:
    """Return a function that makes the context of a stage with a source of advisories."""

    def make(source: Path | str, **more: object) -> LocalContext:
        context = make_context(advisories=AdvisorySettings(source=str(source)), **more)
        context.trust = ITS_USERS
        return context

    return make


@pytest.fixture
def lint(make_tree: Callable[[dict[str, str | bytes]], Tree], world: Make) -> Callable[..., StageResult]:
    """Return a function that runs the dockerfile stage on one FROM."""

    def lint(image: str, source: Path | str, **more: object) -> StageResult:
        return dockerfile.run(make_tree({"Dockerfile": f"FROM {image}\n"}), world(source, **more))

    return lint


def ended(result: StageResult) -> list[str]:
    return [finding.message for finding in result.findings if finding.rule == "GD022"]


def test_an_update_brings_them_and_a_run_on_dockerfiles_asks_no_one(
    server: Server, bucket: Make, bring: Make, lint: Make
) -> None:
    server.folder = bucket(NEWER)
    assert ended(lint("debian:13", server.url)) == []
    assert server.seen == [], "what was not brought yet is not fetched by a run"
    assert bring(server.url) == []
    server.seen.clear()
    for offline in (False, True):
        result = lint("debian:13", server.url, offline=offline)
        assert ended(result) == ["debian 13 gets no fixes since 2026-10-31"]
        assert result.facts["end_of_life_dates"] == f"2026-11-01, end_of_life.txt of {server.url}"
        assert result.errors == ()
    assert server.seen == []
    bring(server.url, NOW + timedelta(hours=1))
    assert (f"/{END_OF_LIFE}", 304) in server.seen


def test_an_image_that_the_built_in_dates_do_not_have(bucket: Make, lint: Make) -> None:
    assert ended(lint("acme/base:1.4", bucket(NEWER))) == ["acme/base 1 gets no fixes since 2026-01-31"]
    assert ended(lint("python:3.7-bullseye", bucket(NEWER))) == ["debian 11 gets no fixes since 2026-08-31"]


@pytest.mark.parametrize("suffix", ["", "-slim", "-alpine3.12", "-buster"])
def test_a_table_that_lacks_a_system_says_nothing_of_it(bucket: Make, lint: Make, suffix: str) -> None:
    assert ended(lint(f"python:3.7{suffix}", bucket("as-of 2026-11-01\nacme/base 1 2026-01-31\n"))) == []


@pytest.mark.parametrize(
    ("day", "is_used"), [("2020-01-01", False), (built_in().as_of, False), (LATER_THAN_BUILT_IN, True)]
)
def test_the_newer_table_is_used_whole(bucket: Make, lint: Make, day: str, is_used: bool) -> None:
    result = lint("debian:13", bucket(f"as-of {day}\ndebian 13 2026-10-31\n"))
    assert bool(ended(result)) == is_used
    said = str(result.facts["end_of_life_dates"])
    assert said.startswith(f"{day}, end_of_life.txt of " if is_used else f"{built_in().as_of}, built in")


@pytest.mark.parametrize("source", ["absent", "wheel:absent-advisories", "ftp://a.example"])
def test_without_a_source_the_built_in_dates_do(lint: Make, tmp_path: Path, source: str) -> None:
    result = lint("debian:10", source if ":" in source else tmp_path / source)
    assert ended(result) == ["debian 10 gets no fixes since 2024-06-30"]
    assert str(result.facts["end_of_life_dates"]).startswith(f"{built_in().as_of}, built in")
    assert result.errors == ()


def test_dates_of_a_year_ago_are_said_to_be_old(bucket: Make, world: Make) -> None:
    day = LATER_THAN_BUILT_IN
    dates = dates_in_force(world(bucket(f"as-of {day}\ndebian 13 2030-08-09\n")))
    days = (NOW.date() - date.fromisoformat(day)).days
    assert (dates.is_old, f"{days} days old" in dates.fact) == (days > 365, days > 365)
    assert not dates_in_force(world(bucket(NEWER))).is_old


def test_what_is_kept_is_not_believed_without_the_cache(
    server: Server, bucket: Make, bring: Make, world: Make, tmp_path: Path
) -> None:
    server.folder = bucket(NEWER)
    bring(server.url)
    assert dates_in_force(world(server.url)).table is not None
    assert dates_in_force(world(server.url, cache=False)).table is None
    (kept,) = (tmp_path / "cache").rglob(END_OF_LIFE)
    kept.write_text(NEWER.replace("2026-10-31", "2036-10-31"))
    assert dates_in_force(world(server.url)).table is None, "something else has written it"


def test_asking_for_a_file_that_is_not_there_loads_no_database() -> None:
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from gate.advisories.dates_in_force import dates_of; from gate.settings import Settings\n"
        "from gate.model import Trust; dates_of(Settings(), Trust(), Path('/absent'), datetime.now(UTC))\n"
        "print(*{'sqlite3', 'http.client', 'gate.advisories.sources', 'gate.advisories.index'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


HOSTILE = [
    (b"", "does not state its day once"),
    (b"debian 13 2030-08-09\n", "does not state its day once"),
    (b"as-of 2026-11-01\nas-of 2026-11-02\ndebian 13 2030-08-09\n", "does not state its day once"),
    (b"as-of 2026-11-01\n# no row\n", "holds no release"),
    (b"as-of 2026-02-30\ndebian 13 2030-08-09\n", r"cannot be parsed \(line 1\)"),
    ("as-of ٢٠٢٦-11-01\ndebian 13 2030-08-09\n".encode(), r"cannot be parsed \(line 1\)"),
    (b"as-of 2026-11-01\ndebian 13 never\n", r"cannot be parsed \(line 2\)"),
    (b"as-of 2026-11-01\ndebian 13 20300809\n", r"cannot be parsed \(line 2\)"),
    (b"as-of 2026-11-01\ndebian 13\n", r"cannot be parsed \(line 2\)"),
    (b"as-of 2026-11-01\ndebian 13 2030-08-09\ndebian 13 2040-08-09\n", r"cannot be parsed \(line 3\)"),
    (b"as-of 2026-11-01\ndebian\x1b[2J 13 2030-08-09\n", r"cannot be parsed \(line 2\)"),
    (b"as-of 2026-11-01\ndebian " + b"1" * 65 + b" 2030-08-09\n", r"cannot be parsed \(line 2\)"),
    (b"as-of 2026-11-01\n# \x0cdebian 13 2030-08-09\n", "holds no release"),
    (b"<html>\xff", r"cannot be parsed \(line 1\)"),
]


@pytest.mark.parametrize(("content", "why"), HOSTILE)
def test_what_is_no_table_is_an_error_and_takes_the_place_of_none(
    server: Server, bucket: Make, bring: Make, lint: Make, content: bytes, why: str
) -> None:
    server.folder = bucket(NEWER)
    assert bring(server.url) == []
    (server.folder / END_OF_LIFE).write_bytes(content)
    (error,) = bring(server.url)
    assert error.path == END_OF_LIFE
    with pytest.raises(UnreadableError, match=why):
        raise error
    assert ended(lint("debian:13", server.url)), "the good one stays"


def test_too_large_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / END_OF_LIFE).write_bytes(NEWER.encode() + b"#" * end_of_life.MAX_SIZE)
    with pytest.raises(LimitError, match="has more than 1,048,576 bytes"):
        read_dates(str(tmp_path / END_OF_LIFE), END_OF_LIFE)


@pytest.mark.parametrize("content", [b"no table", NEWER.replace("as-of 2026-11-01", "as-of 2026-11-26").encode()])
def test_an_unusable_file_makes_the_answer_incomplete_and_the_built_in_dates_judge(
    bucket: Make, lint: Make, content: bytes
) -> None:
    result = lint("debian:10", bucket(content))
    (error,) = result.errors
    assert error.path == END_OF_LIFE
    assert ended(result) == ["debian 10 gets no fixes since 2024-06-30"]
    assert "built in, as that of the source is unusable: end_of_life.txt: " in str(result.facts["end_of_life_dates"])


def test_a_day_that_has_begun_somewhere_is_none_to_come(bucket: Make, world: Make) -> None:
    dates = dates_in_force(world(bucket("as-of 2026-11-25\ndebian 13 2030-08-09\n")))
    assert (dates.errors, dates.fact.startswith("2026-11-25, ")) == ((), True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.sampled_from(["as-of 2026-11-01", "as-of", "debian 13 2030-08-09", "#", "", "a,,b 1 2030-01-01"]))
)
def test_any_rows(tmp_path: Path, rows: list[str]) -> None:
    (tmp_path / "x").write_text("\r\n".join(rows))
    is_table = rows.count("as-of 2026-11-01") == 1 and "debian 13 2030-08-09" in rows
    is_table = is_table and not {"as-of", "a,,b 1 2030-01-01"} & set(rows)
    try:
        table = read_dates(str(tmp_path / "x"), "x")
    except GateError as error:
        assert (error.path, is_table) == ("x", False)  # noqa: PT017
    else:
        assert (table.as_of, table.images, is_table) == ("2026-11-01", {"debian": {"13": "2030-08-09"}}, True)


@pytest.fixture
def exported(tmp_path: Path, bucket: Make) -> Callable[[str | bytes], Bundle]:
    """Return a function that exports a folder's advisories with these end-of-life dates."""

    def export(dates: str | bytes) -> Bundle:
        chosen = Settings(advisories=AdvisorySettings(source=str(bucket(dates))))
        origin = open_origin(chosen, Trust(), tmp_path / "exporter", NOW)
        return Bundle(origin.holdings(), origin.shown)

    return export


def take_in(bundle: Bundle, folder: Path) -> None:
    bundle.write_to(folder / "bundle.zip")
    chosen = Settings(advisories=AdvisorySettings(source=ADDRESS))
    adopt_bundle(folder / "bundle.zip", chosen, folder / "cache" / "advisories", NOW, "bundle.zip")


def test_a_bundle_brings_them(exported: Make, world: Make, tmp_path: Path) -> None:
    take_in(exported(NEWER), tmp_path)
    dates: DatesInForce = dates_in_force(world(ADDRESS, offline=True))
    assert (dates.fact, dates.errors) == (f"2026-11-01, end_of_life.txt of {ADDRESS}", ())


def test_a_bundle_with_damaged_ones_is_refused_whole(exported: Make, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        take_in(exported("debian forever"), tmp_path)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_a_wheel_brings_them_until_it_is_damaged(
    exported: Make, world: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(write_wheel(exported(NEWER), "ours-eol", tmp_path)) as archive:
        archive.extractall(tmp_path / "site")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert dates_in_force(world("wheel:ours-eol")).fact == "2026-11-01, end_of_life.txt of wheel:ours-eol"
    (tmp_path / "site" / "ours_eol" / END_OF_LIFE).write_text(NEWER.replace("2026-10-31", "2036-10-31"))
    dates = dates_in_force(world("wheel:ours-eol"))
    assert (dates.table, [error.title for error in dates.errors]) == (None, [f"its {END_OF_LIFE} is damaged"])
    manifest = tmp_path / "site" / "ours_eol" / "manifest.json"
    manifest.write_text(json.dumps({"kind": "?"}))
    assert "built in (wheel:ours-eol: its manifest cannot be parsed" in dates_in_force(world("wheel:ours-eol")).fact

"""The console of a store: what comes first, shards, and the page that shows all of it (`gate/fleet/console/`)."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from gate.core.errors import UnreadableError, UsageError
from gate.fleet import console
from gate.fleet.console.answers import found_answer, what_if_answer
from gate.fleet.console.figures import owner_rows, packages_first, rules_first, totals_of
from gate.fleet.console.history import read_days
from gate.fleet.console.serving import FleetServer, RefusedRequestError
from gate.fleet.console.view import FleetView, view_of
from gate.fleet.generations import opened
from gate.fleet.reading import add_report
from gate.fleet.running import FleetContext, RunningWorkload
from gate.fleet.store import FleetStore
from gate.model import Exposed, VerdictStatus, WaiverUsed
from tests.fleet.conftest import maven, report_on, secret_in, used, vulnerable

OLD, OTHER = maven("2.14.0"), maven("1.0", "org.example:other")
TODAY = date(2026, 11, 28)
RUNS = FleetContext(
    source="prod",
    listed_at="2026-11-28T10:00:00+00:00",
    running=(
        RunningWorkload(where="web", digests=(f"sha256:{'b' * 64}",), exposed=Exposed.YES, ways=("Ingress/web",)),
    ),
)


@pytest.fixture
def fleet(store: FleetStore, add: Callable[..., None]) -> FleetStore:
    """Two images that log4j blocks, one of them also by another package, and a repository with a secret."""
    one = [vulnerable("idle", OLD, "CVE-2021-44228")]
    two = [vulnerable("web", OLD, "CVE-2021-44228"), vulnerable("web", OTHER, "CVE-2026-1")]
    fails = {"status": VerdictStatus.FAIL, "layers": [""], "uses": [used("start")]}
    add("idle", [OLD], ("@a",), digest="a" * 64, findings=one, **fails)
    add(
        "web", [OLD, OTHER], ("@a", "@b"), digest="b" * 64, **{**fails, "findings": two, "layers": ["", ""], "uses": []}
    )
    secret = [secret_in("code", "a.env")]
    add("code", [maven("9")], findings=secret, repository="git.example.com/code", status=VerdictStatus.FAIL)
    add("calm<script>", [maven("9")], ("@a",), digest="c" * 64)
    return store


def seen(store: FleetStore) -> FleetView:
    with opened(store) as connection:
        return view_of(store, connection, (RUNS,), TODAY)


def test_what_runs_and_fails_comes_first_and_what_has_most_effect(fleet: FleetStore) -> None:
    view = seen(fleet)
    assert [one.name for one in view.targets] == ["web", "git.example.com/code", "idle", "calm<script>"]
    totals = totals_of(view.targets)
    assert (totals.targets, totals.fail, totals.passing, totals.blocking) == (4, 3, 1, 4)
    assert (totals.running, totals.running_fail, totals.exposed_fail) == (1, 1, 1)
    first, second = packages_first(view.targets)
    assert (first.name.rpartition("/")[2], first.ids, first.targets, first.running) == (
        "log4j-core",
        ("CVE-2021-44228",),
        2,
        1,
    )
    assert (first.freed, second.freed) == (1, 0), "web has two packages that block"
    (rule,) = rules_first(view.targets)
    assert (rule.name, rule.targets, rule.freed) == ("AWS-ACCESS-KEY", 1, 1)
    assert [(row.owner, row.fail, row.running_fail) for row in owner_rows(view.targets)] == [
        ("@a", 2, 1),
        ("@b", 1, 1),
        ("no owner", 1, 0),
    ]


def test_the_site_has_all_targets_in_shards_and_keeps_its_history(
    fleet: FleetStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "SHARD", 3)
    files = dict(console.fleet_site(seen(fleet), TODAY))
    shards = [json.loads(files[f"data/targets-{number}.json"]) for number in (0, 1)]
    assert [len(shard) for shard in shards] == [3, 1]
    assert shards[0][0][:6] == [
        "image", "web", f"sha256:{'b' * 12}", "fail", 2, ["prod: web, listed on 2026-11-28"]
    ]  # fmt: skip
    details = json.loads(files["data/details-0.json"])
    assert ["CVE-2026-1", OTHER.purl] in details[0]
    page = files["index.html"].decode()
    assert 'data-shards="2"' in page
    assert "calm&lt;script&gt;" in page
    assert "connect-src &#39;self&#39;" in page
    days = read_days(files["history.json"])
    (later,) = (
        one for path, one in console.fleet_site(seen(fleet), date(2026, 11, 29), days) if path == "history.json"
    )
    assert [one.day.day for one in read_days(later)] == [28, 29]
    with pytest.raises(UnreadableError):
        read_days(b"[3]")


def test_waivers_that_end_soon_are_listed(store: FleetStore) -> None:
    report = report_on("web", [OLD], digest="b" * 64)
    waivers = tuple(
        WaiverUsed(what=f"CVE-{year}", owner="@a", until=f"{year}-12-01", findings=1) for year in (2025, 2026, 2027)
    )
    verdict = msgspec.structs.replace(report.verdict, waivers=waivers)
    add_report(store, msgspec.structs.replace(report, verdict=verdict))
    ending = seen(store).ending
    assert [(one.day, one.target, one.owner, one.has_ended) for one in ending] == [
        ("2025-12-01", "web", "@a", True),
        ("2026-12-01", "web", "@a", False),
    ]


def test_a_team_sees_what_it_owns_alone(fleet: FleetStore) -> None:
    view = seen(fleet).of_owners(frozenset({"@b"}))
    assert [one.name for one in view.targets] == ["web"]
    with opened(fleet) as connection:
        answer = found_answer(connection, "CVE-2021-44228", (RUNS,), frozenset({"@b"}))
    assert [row[0].split()[0] for row in answer.rows] == ["web"]


@pytest.mark.parametrize(
    ("question", "summary"),
    [
        ("pkg:maven/org.apache.logging.log4j/log4j-core@<2.15", "blocks 2 targets: 1 would pass without it"),
        ("CVE-2021-44228", "blocks 2 targets: 1 would pass without it"),
        ("CVE-2026-1", "blocks 1 target: 0 would pass without it"),
        ("rule:AWS-ACCESS-KEY", "blocks 1 target: 1 would pass without it"),
        ("secret:aws access key", "blocks 1 target: 1 would pass without it"),
        ("file:a.env", "blocks 1 target: 1 would pass without it"),
        ("pkg:npm/lodash", "blocks 0 targets: 0 would pass without it"),
    ],
)
def test_what_would_pass_if_something_were_gone(fleet: FleetStore, question: str, summary: str) -> None:
    view = seen(fleet)
    with opened(fleet) as connection:
        assert what_if_answer(connection, question, view).summary == summary
        with pytest.raises(UsageError):
            what_if_answer(connection, "a" * 40, view)


LOCAL = {"host": "127.0.0.1:8099"}


@pytest.mark.parametrize(
    "headers",
    [{}, {"host": "fleet.example.com"}, {"host": "rebound.example:8099"}, {**LOCAL, "x-forwarded-for": "10.0.0.1"}],
)
def test_without_a_team_only_this_machine_itself_is_answered(fleet: FleetStore, headers: dict[str, str]) -> None:
    server = FleetServer(fleet)
    assert server.teams(LOCAL) is None
    with pytest.raises(RefusedRequestError):
        server.teams(headers)


def test_with_teams_a_request_without_one_is_refused(fleet: FleetStore) -> None:
    server = FleetServer(fleet, "X-Team")
    assert server.teams({"x-team": "@a, @b", "x-forwarded-for": "10.0.0.1"}) == {"@a", "@b"}
    for headers in (LOCAL, {"x-team": " , "}):
        with pytest.raises(RefusedRequestError):
            server.teams(headers)


def test_a_server_answers_what_a_team_may_see(fleet: FleetStore) -> None:
    pytest.importorskip("starlette")
    server = FleetServer(fleet, "X-Team")
    team = server.teams({"x-team": "@b"})
    (row,) = json.loads(server.shard(team, {"kind": "targets", "number": "0"})[2])
    assert row[1] == "web"
    assert server.shard(team, {"kind": "targets", "number": "1"})[0] == 404
    assert b"git.example.com" not in server.page(team, {})[2]
    assert json.loads(server.what_if(team, {"q": "rule:AWS-ACCESS-KEY"})[2])["rows"] == []
    with pytest.raises(UsageError):
        server.find(team, {"q": ""})


def test_it_is_built_from_a_store_by_the_command(fleet: FleetStore, tmp_path: Path) -> None:
    from gate.cli import main

    site = tmp_path / "site"
    assert main(["console", "build", "--store", fleet.shown, "-o", str(site)]) == 0
    (site / "data/targets-7.json").write_text("[]")
    assert main(["console", "build", "--store", fleet.shown, "-o", str(site)]) == 0
    assert not (site / "data/targets-7.json").exists()
    assert main(["console", "build", str(tmp_path), "--store", fleet.shown, "-o", str(site)]) == 2
    assert main(["console", "serve", "--store", fleet.shown, "--port", "0"]) == 2

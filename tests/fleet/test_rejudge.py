"""New advisories, exploitation and policies against everything that is kept, without reading it again.

It goes through `gate/fleet/nightly.py`, `gate/fleet/vulnerability_judge.py`, `gate/fleet/passing_time.py`,
`gate/fleet/renewals.py`, `gate/attestation/renewal.py` and `gate/fleet/notices.py`.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.attestation.check import Demand, objections
from gate.attestation.statement import read_statement
from gate.core.dsse import unseal
from gate.core.errors import GateError
from gate.declarations.image import ImageSettings
from gate.fleet.contexts import put_context
from gate.fleet.find import find
from gate.fleet.generations import bring_up_to_date, opened
from gate.fleet.nightly import Night, judge_again
from gate.fleet.notices import as_json_lines, as_lines, as_markdown, became_fail
from gate.fleet.passing_time import PassingTime
from gate.fleet.query import parse_query
from gate.fleet.reading import add_report
from gate.fleet.rejudge import JudgementChange
from gate.fleet.renewals import renew
from gate.fleet.running import FleetContext, RunningWorkload
from gate.fleet.store import FleetStore, open_store
from gate.model import (
    Deployed,
    Evidence,
    Exposed,
    Finding,
    InUse,
    Package,
    PackageUse,
    Status,
    Trust,
    VerdictStatus,
    Work,
)
from gate.pipeline.context import LocalContext
from gate.policy.layers import BUILT_IN, PolicyLayer, built_in
from gate.settings import AdvisorySettings, Settings, Stages
from gate.settings.policy import Condition, Effect, Rule
from tests.attestation.test_attestation import Keys
from tests.fleet.conftest import maven, report_on, secret_in, used

NOW = datetime(2026, 11, 28, tzinfo=UTC)
LAYERS = (PolicyLayer(source=BUILT_IN, rules=built_in().rules),)
CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
NAME = "org.apache.logging.log4j:log4j-core"
OLD, NEW = maven("2.14.1"), maven("2.17.1")
UNUSED = PackageUse(InUse.NO, ("nothing loads it",))
LATER = "2026-11-28T10:00:00Z"


class Fleet:
    """A store with advisories that a test changes."""

    def __init__(self, store: FleetStore, bucket: Callable[..., Path], advisory: Callable[..., Any], cache: Path):
        self.store = store
        self._bucket, self._advisory, self._cache = bucket, advisory, cache
        self.layers: Sequence[PolicyLayer] = LAYERS
        self.longest: str | None = None

    def advise(self, *ids: str, exploited: Sequence[str] = (), **parts: Any) -> None:
        """Let the source hold these advisories on log4j, and one on another package."""
        parts = {"fixed": "2.15.0", "cvss": CRITICAL, **parts}
        advisories = [self._advisory(id, "Maven", NAME, **parts) for id in ids]
        other = self._advisory("GHSA-other", "Maven", "org.example:other", fixed="1")
        self.place = self._bucket(
            {"Maven": [*advisories, other]}, list(exploited) or ["CVE-1999-0001"], {"CVE-1999-0001": 0.1}
        )

    def judge(self, *, only_changes: bool = False) -> Night:
        stages = Stages(image=ImageSettings(max_image_age=self.longest))
        settings = Settings(advisories=AdvisorySettings(source=str(self.place)), stages=stages)
        context = LocalContext(settings, NOW, self._cache, trust=Trust())
        return judge_again(self.store, context, self.layers, only_changes=only_changes)


@pytest.fixture
def fleet(store: FleetStore, make_bucket, advisory, tmp_path: Path) -> Fleet:  # type: ignore[no-untyped-def]
    fleet = Fleet(store, make_bucket, advisory, tmp_path / "cache")
    fleet.advise()
    return fleet


def changed(night: Night) -> dict[str, tuple[str, str]]:
    return {one.name: (one.before.value, one.after.value) for one in night.judgement.changes}


@pytest.fixture(params=[False, True], ids=["everything", "changed"])
def only_changes(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_a_new_advisory_fails_what_holds_the_package_and_says_for_whom(fleet: Fleet, add, only_changes: bool) -> None:  # type: ignore[no-untyped-def]
    add("shop", [OLD], digest="a" * 64, uses=[used("java -jar shop.jar")], owners=("@shop",))
    add("idle", [OLD], digest="b" * 64, uses=[UNUSED])
    add("newer", [NEW], digest="c" * 64, uses=[used("java")])
    assert changed(fleet.judge()) == {}
    fleet.advise("GHSA-1", aliases=["CVE-2021-44228"], modified=LATER)
    night = fleet.judge(only_changes=only_changes)
    assert changed(night) == {"shop": ("pass", "fail")}, "what is not used does not block"
    (change,) = night.judgement.changes
    assert (change.owners, change.blocking[0].what, change.blocking[0].package) == (("@shop",), "GHSA-1", OLD.purl)
    assert became_fail(night)
    with opened(fleet.store) as connection:
        rows = find(connection, parse_query("CVE-2021-44228"))
    assert [(row.name, row.status) for row in rows] == [("shop", "fail"), ("idle", "pass")]


def test_a_withdrawn_advisory_lets_pass(fleet: Fleet, add, only_changes: bool) -> None:  # type: ignore[no-untyped-def]
    add("shop", [OLD], digest="a" * 64, uses=[used("java")])
    fleet.advise("GHSA-1")
    assert changed(fleet.judge()) == {"shop": ("pass", "fail")}
    fleet.advise("GHSA-1", withdrawn=LATER, modified=LATER)
    night = fleet.judge(only_changes=only_changes)
    assert changed(night) == {"shop": ("fail", "pass")}
    assert not became_fail(night)


def test_an_advisory_that_is_gone_lets_pass(fleet: Fleet, add, only_changes: bool) -> None:  # type: ignore[no-untyped-def]
    add("shop", [OLD], digest="a" * 64, uses=[used("java")])
    fleet.advise("GHSA-1")
    fleet.judge()
    fleet.advise()
    assert changed(fleet.judge(only_changes=only_changes)) == {"shop": ("fail", "pass")}


def test_exploitation_that_becomes_known_fails(fleet: Fleet, add, only_changes: bool) -> None:  # type: ignore[no-untyped-def]
    add("idle", [OLD], digest="b" * 64, uses=[UNUSED])
    fleet.advise("CVE-2021-44228")
    assert changed(fleet.judge()) == {}
    fleet.advise("CVE-2021-44228", exploited=["CVE-2021-44228"])
    assert changed(fleet.judge(only_changes=only_changes)) == {"idle": ("pass", "fail")}


def test_changes_touch_only_the_packages_that_they_name(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    other = maven("1", name="org.example:unrelated")
    add("shop", [OLD, other], digest="a" * 64, uses=[used("java"), used("java")])
    add("batch", [other], digest="b" * 64, uses=[used("java")])
    fleet.judge()
    night = fleet.judge(only_changes=True)
    assert (night.packages, night.judgement.subjects) == (0, 0)
    fleet.advise("GHSA-1", modified=LATER)
    night = fleet.judge(only_changes=True)
    assert (night.packages, night.judgement.subjects) == (1, 1)


def test_what_is_new_in_the_store_is_judged_whole(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    fleet.advise("GHSA-1")
    fleet.judge()
    add("shop", [OLD], digest="a" * 64, uses=[used("java")])  # read with older advisories
    assert changed(fleet.judge(only_changes=True)) == {"shop": ("pass", "fail")}


def test_both_ways_say_the_same(fleet: Fleet, add, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for number in range(6):
        uses = [used("java"), UNUSED] if number % 2 else [UNUSED, used("java")]
        add(f"image{number}", [OLD, NEW], digest=f"{number:064}", uses=uses)
    fleet.judge()
    fleet.advise("GHSA-1", "GHSA-2", modified=LATER)
    changes = fleet.judge(only_changes=True).judgement.changes
    assert {one.name for one in changes} == {"image1", "image3", "image5"}
    assert fleet.judge().judgement.changes == ()


def known(target: str, **parts: Any) -> Finding:
    """Return the finding of GHSA-1 as a run would have it."""
    from gate.model import Location, Severity, Vulnerability
    from gate.package_rules.rules import VULNERABLE, finding_on, hit_on

    hit = hit_on(OLD, "message", title="title", severity=Severity.CRITICAL)
    vulnerability = Vulnerability(id="GHSA-1", fixed_versions=("2.15.0",))
    finding = finding_on(
        VULNERABLE.named("GHSA-1", "https://osv.dev"), hit, stage="image", target=target, vulnerability=vulnerability
    )
    assert isinstance(finding.location, Location)
    return msgspec.structs.replace(finding, **{"in_use": InUse.YES, **parts})


@pytest.mark.parametrize(
    "parts",
    [
        {"status": Status.WAIVED},
        {"vex": "not affected"},
        {"in_use": InUse.NO, "reachable_function": InUse.NO},
    ],
)
def test_what_the_target_itself_says_goes_on_counting(fleet: Fleet, add, parts: dict[str, Any]) -> None:  # type: ignore[no-untyped-def]
    fleet.advise("GHSA-1")
    add("shop", [OLD], digest="a" * 64, uses=[used("java")], findings=[known("shop", **parts)])
    add("batch", [OLD], digest="b" * 64, uses=[used("java")])
    assert changed(fleet.judge()) == {"batch": ("pass", "fail")}


def test_a_rule_of_the_targets_own_policy_goes_on_blocking(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    fleet.advise("GHSA-1")
    finding = known("idle", blocking=True, decided_by="our-own")
    fail = {"status": VerdictStatus.FAIL}
    add("idle", [OLD], digest="a" * 64, uses=[UNUSED], findings=[finding], **fail)
    assert changed(fleet.judge()) == {}
    fleet.advise()
    assert changed(fleet.judge()) == {"idle": ("fail", "pass")}


def test_another_policy_decides_on_all_findings_again(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    secret = msgspec.structs.replace(secret_in("code", "a.env"), decided_by="secrets")
    add("code", [maven("1")], findings=[secret], repository="git.example.com/code", status=VerdictStatus.FAIL)
    assert changed(fleet.judge()) == {}
    ignoring = Rule(id="secrets", why="They are rotated.", when=Condition(secret=True), effect=Effect.IGNORE)
    fleet.layers = (PolicyLayer(source="policy", rules=(ignoring,)),)
    night = fleet.judge(only_changes=True)
    assert night.why_all == "the policy is another one than the last time"
    assert changed(night) == {"git.example.com/code": ("fail", "pass")}


def test_what_was_not_read_whole_stays_incomplete(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    add("shop", [OLD], digest="a" * 64, is_complete=False, status=VerdictStatus.INCOMPLETE)
    fleet.advise("GHSA-1")
    (change,) = fleet.judge().judgement.changes
    assert (change.after, len(change.blocking)) == (VerdictStatus.INCOMPLETE, 1)


def test_without_advisories_nothing_becomes_a_pass(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    fleet.advise("GHSA-1")
    add("shop", [OLD], digest="a" * 64, uses=[used("java")])
    fleet.judge()
    (fleet.place / "Maven/all.zip").unlink()
    night = fleet.judge()
    assert [error.title for error in night.judgement.errors] == ["there are no advisories for Maven"]
    assert [one.after for one in night.judgement.changes] == [VerdictStatus.FAIL]
    with opened(fleet.store) as connection:
        assert [row.status for row in find(connection, parse_query("GHSA-1"))] == ["fail"]


def test_two_at_once_lose_nothing(fleet: Fleet, add, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    add("shop", [OLD], digest="a" * 64)
    fleet.judge()
    from gate.fleet import nightly

    judge = nightly.Rejudging.run

    meanwhile: list[Callable[[], object]] = []

    def slowly(self: Any) -> Any:
        while meanwhile:
            meanwhile.pop()()
        return judge(self)

    def upload() -> None:
        add_report(fleet.store, report_on("late", [OLD], digest="b" * 64))
        bring_up_to_date(open_store(fleet.store.shown))

    monkeypatch.setattr(nightly.Rejudging, "run", slowly)
    meanwhile.append(upload)
    fleet.advise("GHSA-1", modified=LATER)
    assert changed(fleet.judge()) == {"shop": ("pass", "fail")}
    with opened(fleet.store) as connection:
        rows = connection.execute("SELECT name, status, judged IS NULL FROM subject ORDER BY name").fetchall()
    assert rows == [("late", "pass", 1), ("shop", "fail", 0)]
    assert changed(fleet.judge(only_changes=True)) == {"late": ("pass", "fail")}


def runs(*digests: str, exposed: Exposed = Exposed.UNKNOWN) -> FleetContext:
    found = tuple(RunningWorkload(where="web", digests=(f"sha256:{one}",), exposed=exposed) for one in digests)
    return FleetContext(source="prod", listed_at="2026-11-28T00:00:00+00:00", running=found)


def test_a_policy_asks_what_runs_and_another_listing_is_another_judging(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    add("idle", [OLD], digest="a" * 64, uses=[used("java")])
    add("busy", [OLD], digest="b" * 64, uses=[used("java")])
    fleet.advise("GHSA-1")
    exposed = Condition(deployed=Deployed.YES, exposed=(Exposed.YES, Exposed.UNKNOWN))
    fleet.layers = (PolicyLayer(source="policy", rules=(Rule(id="runs", why="It runs.", when=exposed),)),)
    assert changed(fleet.judge()) == {}, "nothing is known to run"
    put_context(fleet.store, runs("b" * 64))
    night = fleet.judge(only_changes=True)
    assert "what runs is another" in night.why_all
    assert changed(night) == {"busy": ("pass", "fail")}
    assert night.judgement.changes[0].running == ("prod: web, listed on 2026-11-28",)
    put_context(fleet.store, runs("b" * 64, exposed=Exposed.YES))
    assert changed(fleet.judge(only_changes=True)) == {}
    assert fleet.judge(only_changes=True).why_all == ""


def test_what_runs_comes_first_also_where_no_rule_asks(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    add("a", [OLD], digest="a" * 64, uses=[used("java")])
    add("b", [OLD], digest="b" * 64, uses=[used("java")])
    put_context(fleet.store, runs("b" * 64))
    fleet.advise("GHSA-1")
    night = fleet.judge()
    assert [one.name for one in night.judgement.changes] == ["b", "a"]
    assert "    runs in prod: web, listed on 2026-11-28" in list(as_lines(night))


def test_that_an_image_is_exposed_goes_on_counting(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    fleet.layers = (PolicyLayer(source="p", rules=(Rule(id="open", why="w", when=Condition(exposed=Exposed.YES)),)),)
    fleet.advise("GHSA-1")
    finding = known("web", exposed=Exposed.YES, decided_by="open", blocking=True)
    add("web", [OLD], digest="a" * 64, findings=[finding], status=VerdictStatus.FAIL)
    assert changed(fleet.judge()) == {}


def test_a_distribution_that_ends_fails_where_the_policy_says_so(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    def debian(version: str) -> Package:
        purl = f"pkg:deb/debian/zlib@{version}"
        return Package(name="zlib", version="1", ecosystem=f"Debian:{version}", purl=purl, path="var/lib/dpkg/status")

    ended = Rule(id="ended", why="No fixes.", when=Condition(rule="GI026"))
    fleet.layers = (PolicyLayer(source="policy", rules=(ended,)),)
    add("old", [debian("11")], digest="a" * 64, layers=[""])
    add("new", [debian("12")], digest="b" * 64, layers=[""])
    night = fleet.judge()
    assert {one.name: [blocker.what for blocker in one.blocking] for one in night.judgement.changes} == {
        "old": ["GI026"]
    }
    assert changed(fleet.judge()) == {}
    with opened(fleet.store) as connection:
        before = PassingTime(connection, datetime(2026, 8, 31, tzinfo=UTC), fleet.store.packages)
        assert before.findings_on(range(9), "") == ()


def test_a_runtime_that_ends_has_the_finding_of_a_new_run(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    fleet.layers = (PolicyLayer(source="p", rules=(Rule(id="ended", why="w", when=Condition(rule="GI026")),)),)
    for name, version in (("old", "18.20.0"), ("new", "24.1.0")):
        purl = f"pkg:bitnami/node@{version}"
        node = Package(name="node", version=version, ecosystem="Bitnami", purl=purl, path="opt/bitnami/node")
        add(name, [node], digest=name[0].encode().hex() * 32, layers=[""])
    (change,) = fleet.judge().judgement.changes
    assert (change.name, [(one.what, one.package) for one in change.blocking]) == (
        "old",
        [("GI026", "opt/bitnami/node")],
    )


def test_an_image_that_grows_too_old_fails_once_and_one_of_unknown_age_does_not(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    fleet.layers = (PolicyLayer(source="p", rules=(Rule(id="old", why="w", when=Condition(rule="GI060")),)),)
    fleet.longest = "90d"
    built = {"old": "2026-01-05T00:00:00Z", "young": NOW.isoformat(), "unknown": ""}
    for name, created in built.items():
        add(name, [OLD], digest=name[0].encode().hex() * 32, created=created)
    night = fleet.judge()
    assert {one.name: [blocker.what for blocker in one.blocking] for one in night.judgement.changes} == {
        "old": ["GI060"]
    }
    assert changed(fleet.judge()) == {}


WORK = (Work(stage="image", targets=("shop",)),)
EVIDENCE = Evidence(settings="e" * 64, planned=WORK, ran=WORK)


def test_a_newer_attestation_has_the_newer_verdict_and_says_when_the_content_was_read(
    fleet: Fleet,
    add,  # type: ignore[no-untyped-def]
    tmp_path: Path,
) -> None:
    keys = Keys(tmp_path, "own")
    add("shop", [OLD], digest="a" * 64, uses=[used("java")], evidence=EVIDENCE)
    add("nothing known of the run", [OLD], digest="b" * 64)
    add("not whole", [OLD], digest="c" * 64, evidence=EVIDENCE, is_complete=False)
    for ids, status, objection in (((), "PASSED", []), (("GHSA-1",), "FAILED", ["the verdict was fail: GHSA-1"])):
        fleet.advise(*ids)
        renewed = renew(fleet.store, fleet.judge(), fleet.layers, keys.private, tmp_path / "attested")
        assert (renewed.written, sum(renewed.left.values())) == (1, 2)
        (place,) = (tmp_path / "attested").iterdir()
        assert place.name.startswith("a" * 64)
        statement = read_statement(unseal(place.read_bytes(), keys.public, "a"), "a")
        summary = statement.predicate
        assert (summary.verification_result, summary.time_verified) == (status, NOW.isoformat(timespec="seconds"))
        assert summary.gate.read_at == "2026-11-28T10:00:00+00:00"
        demand = Demand(digests={"sha256": "a" * 64}, longest=timedelta(days=1), stages=("image",), now=NOW)
        assert list(objections(statement, demand)) == objection


def test_nothing_is_attested_while_advisories_are_missing(fleet: Fleet, add, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    add("shop", [OLD], digest="a" * 64, evidence=EVIDENCE)
    fleet.place.joinpath("Maven", "all.zip").unlink()
    with pytest.raises(GateError, match="advisories are missing"):
        renew(fleet.store, fleet.judge(), fleet.layers, "no key", tmp_path)


def test_notices_name_owners_and_escape_what_they_quote(fleet: Fleet, add) -> None:  # type: ignore[no-untyped-def]
    add("a*b\x1b", [OLD], digest="a" * 64, uses=[used("java")], owners=("@shop", "@data"))
    fleet.advise("GHSA-1")
    night = fleet.judge()
    assert (
        next(as_lines(night))
        == "1 target judged again by all packages: 1 became fail, 0 became pass, 0 changed in what blocks"
    )
    page = "\n".join(as_markdown(night))
    assert page.count("**a\\*b\\\\x1b") == 2
    assert "## @data" in page
    (line,) = as_json_lines(night)
    assert msgspec.json.decode(line, type=JudgementChange).blocking[0].what == "GHSA-1"
    assert json.loads(line)["owners"] == ["@shop", "@data"]

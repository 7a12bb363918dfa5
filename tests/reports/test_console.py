"""The site over many reports."""

import html.parser
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from gate.cli import main
from gate.model import Finding, Report, Severity, Status, Verdict, VerdictStatus, WaiverUsed, Worth
from gate.policy.accepted import Accepted
from gate.policy.waivers import Waiver
from gate.reports import write_report
from gate.reports.console import history, page_of, site
from gate.reports.console.expiries import Expiry, expiries
from gate.reports.console.history import Day, with_today
from gate.reports.console.owners import NO_OWNER, shares
from gate.reports.console.packages import packages_to_raise
from gate.reports.console.rules import open_rules
from gate.reports.console.subjects import ReportSubject, read_folder
from gate.reports.console.totals import totals
from gate.reports.static_page import hash_source

TODAY = date(2026, 11, 24)


class Page(html.parser.HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def index(*subjects: ReportSubject) -> Page:
    return Page(dict(site(subjects, [], lambda path: (), TODAY))["index.html"])


@pytest.fixture
def passing(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> Report:
    return make_report([make_finding("secrets", "R", Severity.LOW)], {"secrets": {}})


def test_subjects_are_named_by_their_path_and_what_is_no_report_is_told(passing: Report, tmp_path: Path) -> None:
    (tmp_path / "shop/web").mkdir(parents=True)
    write_report("json", passing, str(tmp_path / "shop/api.json"))
    (tmp_path / "shop/web/broken.json").write_text("{}")
    (tmp_path / "shop/linked.json").symlink_to(tmp_path / "shop/api.json")
    (tmp_path / "readme.txt").write_text("")
    subjects, unread = read_folder(str(tmp_path))
    assert [one.name for one in subjects] == ["shop/api"]
    assert [one.name for one in unread] == ["shop/web/broken"]


def test_what_needs_somebody_comes_first(passing: Report, everyday: Report) -> None:
    failing = msgspec.structs.replace(everyday, verdict=Verdict(status=VerdictStatus.FAIL))
    rows = index(ReportSubject("a", passing), ReportSubject("b", everyday), ReportSubject("c", failing))
    links = [attributes["href"] for tag, attributes in rows.tags if tag == "a"]
    assert links[:3] == [page_of(ReportSubject(name, passing)) for name in ("c", "b", "a")]


def test_the_totals_stand_first(passing: Report, everyday: Report) -> None:
    shown = [
        (total.number, total.noun) for total in totals([ReportSubject("a", passing), ReportSubject("b", everyday)])
    ]
    blocking = [one for one in everyday.findings if one.blocking]
    assert shown == [
        (0, "fail"),
        (1, "incomplete"),
        (1, "pass"),
        (len(blocking), "findings block"),
        (sum(bool(one.vulnerability and one.vulnerability.known_exploited) for one in blocking), "of these exploited"),
        (sum(one.secret is not None for one in blocking), "of these secrets"),
        (0, "of these of high worth"),
    ]


def test_subjects_without_anything_that_blocks_are_folded(passing: Report, everyday: Report) -> None:
    text = dict(site([ReportSubject("a", passing), ReportSubject("b", everyday)], [], lambda _: (), TODAY))[
        "index.html"
    ]
    before, _, folded = text.partition('<details class="calm">')
    assert ">b</a>" in before
    assert ">a</a>" not in before
    assert ">a</a>" in folded.partition("</details>")[0]


def test_secrets_and_configuration_are_listed_by_rule_what_blocks_and_is_of_worth_first(
    passing: Report, make_finding: Callable[..., Finding]
) -> None:
    def found(rule: str, worth: Worth, *, blocking: bool = False, status: Status = Status.NEW) -> Finding:
        return make_finding("dockerfile", rule, Severity.HIGH, worth=worth, blocking=blocking, status=status)

    findings = (
        found("LOW", Worth.LOW),
        found("HIGH", Worth.HIGH),
        found("MIXED", Worth.LOW, blocking=True),
        found("MIXED", Worth.MEDIUM),
        found("WAIVED", Worth.HIGH, status=Status.WAIVED),
    )
    subjects = [ReportSubject(name, msgspec.structs.replace(passing, findings=findings)) for name in ("api", "web")]
    rows = [(one.rule, one.worth, one.blocking, one.open, one.subjects) for one in open_rules(subjects)]
    both = ("api", "web")
    assert rows == [
        ("MIXED", Worth.MEDIUM, 2, 4, both),
        ("HIGH", Worth.HIGH, 0, 2, both),
        ("LOW", Worth.LOW, 0, 2, both),
    ]


def test_packages_have_a_table_of_their_own(everyday: Report) -> None:
    assert "GHSA-35jh-r3h4-6jhm" not in {one.rule for one in open_rules([ReportSubject("shop", everyday)])}


def test_the_package_that_clears_most_comes_first(everyday: Report) -> None:
    (lodash,) = packages_to_raise([ReportSubject("shop", everyday), ReportSubject("web", everyday)])
    assert (lodash.name, lodash.is_exploited, lodash.blocking, lodash.vulnerabilities) == ("lodash", True, 4, 3)
    assert lodash.subjects == ("shop", "web")
    assert lodash.ways == ("Update lodash from 4.17.15 to 4.17.21.",)


@pytest.mark.parametrize("status", [Status.WAIVED, Status.IGNORED])
def test_what_is_set_aside_has_not_to_be_raised_and_is_nobodys(everyday: Report, status: Status) -> None:
    findings = tuple(msgspec.structs.replace(one, status=status) for one in everyday.findings)
    subject = ReportSubject("shop", msgspec.structs.replace(everyday, findings=findings))
    assert packages_to_raise([subject]) == []
    assert shares([subject], lambda path: ("@ann",)) == []


def test_waivers_and_graces_end_on_their_days_the_first_first(
    passing: Report, make_finding: Callable[..., Finding]
) -> None:
    waivers = (
        WaiverUsed(what="GHSA-1", owner="ann", until="2026-12-01", findings=1),
        WaiverUsed(what="R in web/**", owner="security (EU)", until="2026-11-02", findings=3),
        WaiverUsed(what="GHSA-2", owner="ann", until="2027-03-01", findings=1),
        WaiverUsed(what="GHSA-3", owner="bob", until=TODAY.isoformat(), findings=1),
    )
    report = msgspec.structs.replace(
        passing,
        verdict=Verdict(status=VerdictStatus.PASS, waivers=waivers),
        findings=(make_finding("secrets", "R", Severity.HIGH, blocks_from="2026-11-30"),),
    )
    assert expiries([ReportSubject("shop", report)], TODAY) == [
        Expiry("2026-11-02", "shop", "waiver of R in web/** (3 findings)", "security (EU)", True),
        Expiry("2026-11-24", "shop", "waiver of GHSA-3 (1 finding)", "bob", False),
        Expiry("2026-11-30", "shop", "grace of 1 finding", "", False),
        Expiry("2026-12-01", "shop", "waiver of GHSA-1 (1 finding)", "ann", False),
    ]


def test_the_verdict_tells_of_waivers_that_speak_of_a_finding(make_finding: Callable[..., Finding]) -> None:
    finding = make_finding("secrets", "R", Severity.LOW)
    own = Waiver(fingerprint=finding.fingerprint, reason="rare", owner="ann", until="2026-11-20")
    idle = Waiver(rule="S", path="web/**", reason="rare", owner="bob", until="2027-11-20")
    accepted = Accepted((), (own, idle), None, datetime(2026, 11, 24, tzinfo=UTC))
    assert accepted.of(finding, None) is None
    assert list(accepted.used()) == [WaiverUsed(what=finding.fingerprint, owner="ann", until="2026-11-20", findings=1)]


def test_a_finding_belongs_to_the_owners_of_its_file(everyday: Report) -> None:
    def owners_of(path: str) -> tuple[str, ...]:
        return {"shop/web/package-lock.json": ("@ann", "@web"), "shop/deploy/prod.env": ("@ops",)}.get(path, ())

    found = {
        share.owner: (share.blocking, share.open) for share in shares([ReportSubject("shop", everyday)], owners_of)
    }
    assert found == {NO_OWNER: (10, 14), "@ann": (2, 3), "@web": (2, 3), "@ops": (1, 1)}


def test_the_first_page_runs_one_script_and_loads_nothing_and_every_link_leads_to_a_page(
    everyday: Report, hostile_report: Report, hostile: str
) -> None:
    files = dict(
        site([ReportSubject("a", everyday), ReportSubject(hostile, hostile_report)], [], lambda path: (hostile,), TODAY)
    )
    page = Page(files["index.html"])
    assert not {"img", "link", "iframe", "form"} & {tag for tag, _ in page.tags}
    script = files["index.html"].partition("<script>")[2].partition("</script>")[0]
    assert [attributes for tag, attributes in page.tags if tag == "script"] == [{}]
    assert hostile not in script
    policies = [one["content"] for tag, one in page.tags if one.get("http-equiv") == "Content-Security-Policy"]
    assert [policy.startswith("default-src 'none'; style-src 'sha256-") for policy in policies if policy] == [True]
    assert f"script-src {hash_source(script)};" in str(policies[0])
    assert {one["href"] for tag, one in page.tags if tag == "a"} == files.keys() - {"index.html", "history.json"}
    assert not any(one in page.text for one in "\x1b\x9b\u202e\x00")


@pytest.fixture
def folder(everyday: Report, tmp_path: Path) -> Path:
    """Return a folder of reports, and who owns what in `owners` beside it."""
    (tmp_path / "reports").mkdir()
    write_report("json", everyday, str(tmp_path / "reports/shop.json"))
    (tmp_path / "owners").write_text("shop/ @shop-team\nshop/web/ @web-team\n")
    return tmp_path / "reports"


def test_the_command_writes_the_site(folder: Path, tmp_path: Path) -> None:
    words = ["console", "build", str(folder), "-o", str(tmp_path / "site"), "--owners", str(tmp_path / "owners")]
    assert main(words) == 0
    assert {one.name for one in (tmp_path / "site").iterdir()} == {"index.html", "history.json", "reports"}
    text = Page((tmp_path / "site/index.html").read_text()).text
    assert "@shop-team" in text
    assert "@web-team" in text
    (report,) = (tmp_path / "site/reports").iterdir()
    assert "lodash" in report.read_text()


def test_the_trend_has_axes_and_units_and_draws_nothing_of_one_build(everyday: Report) -> None:
    one = [ReportSubject("a", everyday)]
    first = Page(dict(site(one, [], lambda path: (), TODAY))["index.html"])
    assert [tag for tag, _ in first.tags if tag in ("svg", "polyline")] == []
    assert "so far. The chart appears after two builds" in first.text
    before = [Day(date(2026, 11, 10), 3, 40, 10), Day(date(2026, 11, 17), 3, 20, 4)]
    page = Page(dict(site(one, [], lambda path: (), TODAY, before))["index.html"])
    assert [tag for tag, _ in page.tags if tag == "svg"] == ["svg"] * 2
    assert "40 findings" in page.text
    for label in ("2026-11-10", "2026-11-17", "2026-11-24", "findings"):
        assert label in page.text
    assert "Trend" in page.text


def test_a_day_has_one_point_that_of_its_last_build_and_the_order_is_that_of_time(everyday: Report) -> None:
    now = with_today([], [ReportSubject("a", everyday)], TODAY)
    again = with_today([Day(TODAY, 9, 9, 9), Day(date(2026, 1, 1), 1, 1, 0)], [ReportSubject("a", everyday)], TODAY)
    assert again == [Day(date(2026, 1, 1), 1, 1, 0), *now]
    assert history.read(history.written(again).encode()) == again


def test_the_next_build_continues_the_history(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "site/history.json"
    for _ in range(2):
        assert main(["console", "build", str(folder), "-o", str(tmp_path / "site")]) == 0
    (today,) = history.read(kept.read_bytes())
    kept.write_text(history.written([Day(date(2026, 1, 1), 1, 7, 5)]))
    assert main(["console", "build", str(folder), "-o", str(tmp_path / "site")]) == 0
    assert history.read(kept.read_bytes()) == [Day(date(2026, 1, 1), 1, 7, 5), today]


@pytest.mark.parametrize(
    "content", ["no", "{}", '[{"day": "no", "subjects": 1, "open": 1, "blocking": 1}]', "[" * 9999]
)
def test_a_history_that_is_none_is_said_and_not_written_over(
    content: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "site/history.json"
    kept.parent.mkdir()
    kept.write_text(content)
    assert main(["console", "build", str(folder), "-o", str(kept.parent)]) == 3
    assert "history.json: is not the history of a console" in capsys.readouterr().err
    assert kept.read_text() == content


def test_a_report_that_cannot_be_read_is_said_on_the_site_and_by_the_status(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.json").write_text("no")
    assert main(["console", "build", str(folder), "-o", str(tmp_path / "site")]) == 3
    assert "gate: broken: cannot be parsed" in capsys.readouterr().err
    assert "Could not be read" in (tmp_path / "site/index.html").read_text()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["build", "absent", "-o", "site"], 3, "is no folder of reports"),
        (["build", ".", "-o", "site"], 2, "holds no report"),
        (["build", "reports", "-o", "owners/site"], 3, "cannot be written"),
        (["build", "reports", "-o", "site", "--owners", "absent"], 2, "cannot be read"),
        (["build", "reports"], 2, "required: -o/--output"),
        ([], 2, "required: ACTION"),
    ],
)
def test_what_cannot_be_built_is_said(
    words: list[str],
    status: int,
    said: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder.parent)
    if words[1:2] == ["."]:
        (folder / "shop.json").unlink()
    assert main(["console", *words]) == status
    assert said in capsys.readouterr().err

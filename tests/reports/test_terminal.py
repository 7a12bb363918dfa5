import io
import re
from collections.abc import Callable

import msgspec
import pytest

from gate.core.errors import GateError
from gate.model import (
    Finding,
    Fix,
    InUse,
    Location,
    Package,
    Report,
    Severity,
    StageStatus,
    Status,
    VerdictStatus,
    Vulnerability,
)
from gate.reports.terminal import print_report


def printed(report: Report, width: int = 80, **options: bool) -> str:
    stream = io.StringIO()
    print_report(report, stream, width=width, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def without_fingerprints(text: str) -> str:
    """Return a printed report without the digits that name its findings, which other tests are about."""
    return re.sub(r"  [0-9a-f]{12}(?=  |$)", "", text, flags=re.MULTILINE)


def widest(lines: list[str]) -> int:
    """Return the length of the longest line that is no command: those stay whole, so that they can be copied."""
    return max(len(line) for line in lines if not line.startswith("  Waive: gate"))


def last_line(report: Report) -> str:
    return printed(report).splitlines()[-1]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def block(make_finding: Callable[..., Finding]) -> Callable[..., Finding]:
    """Return a function that makes a blocking finding of rule R1 at a line of the Dockerfile."""

    def make(line: int, **parts: object) -> Finding:
        settings: dict[str, object] = {
            "location": Location(target="storefront", path="Dockerfile", line=line),
            "title": "sudo in an image",
            "message": f"line {line} calls sudo",
            "fix": Fix(description="Drop sudo."),
            "decided_by": "serious",
        }
        return make_finding("dockerfile", "R1", Severity.HIGH, blocking=True, **(settings | parts))

    return make


def test_a_rule_is_one_heading_its_places_and_how_to_mend_it(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    text = without_fingerprints(printed(make_report([block(3), block(9)], {"dockerfile": {}})))
    assert text.startswith(
        " HIGH  R1  sudo in an image · dockerfile\n"
        "  Dockerfile:3  line 3 calls sudo\n"
        "  Dockerfile:9  line 9 calls sudo\n"
        "  Fix: Drop sudo.\n"
        "  Waive: gate waive --rule R1 --path Dockerfile --owner WHO --reason WHY --until YYYY-MM-DD\n"
    )


def test_each_place_is_named_by_what_explain_and_waive_take(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    findings = [block(3), block(9)]
    text = printed(make_report(findings, {"dockerfile": {}}))
    for finding in findings:
        assert f"Dockerfile:{finding.location.line}  {finding.fingerprint[:12]}  line" in text


def test_a_title_that_stands_in_the_heading_is_not_repeated_at_each_place(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    findings = [block(3, message="sudo in an image, in a shell"), block(9, message="sudo in an image")]
    lines = without_fingerprints(printed(make_report(findings, {"dockerfile": {}}))).splitlines()
    assert lines[1:3] == ["  Dockerfile:3  in a shell", "  Dockerfile:9"]


def test_vulnerabilities_are_grouped_by_the_package_to_raise(everyday: Report) -> None:
    assert without_fingerprints(printed(everyday)).startswith(
        " CRITICAL  lodash 4.17.15  (npm) · dependencies of storefront\n"
        "  web/package-lock.json:34\n"
        "  GHSA-35jh-r3h4-6jhm  critical 9.8  exploited  Command injection\n"
        "  GHSA-p6mc-m468-83gw  high 7.4  Prototype pollution\n"
        "  Fix: Update lodash from 4.17.15 to 4.17.21. (clears both)\n"
    )


def test_many_places_are_cut_with_their_number_and_verbose_shows_them_all(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    report = make_report([block(line) for line in range(1, 21)], {"dockerfile": {}})
    assert "  … and 12 more\n" in printed(report)
    assert "Dockerfile:20 " not in printed(report)
    assert "Dockerfile:20 " in printed(report, is_verbose=True)


def test_what_does_not_block_is_one_line_a_rule_from_medium_and_a_count_below(everyday: Report) -> None:
    text = printed(everyday)
    assert "  medium   DL3015  Recommended packages are installed too  1 place · dockerfile\n" in text
    assert "  1 low; 1 info; --verbose shows all\n" in text
    assert "GI005" not in text
    assert "5 reported, 1 waived" in text


def test_a_long_short_list_is_cut_with_the_number_of_the_rest(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    findings = [make_finding("dockerfile", f"R{number:02}", Severity.MEDIUM) for number in range(25)]
    text = printed(make_report(findings, {"dockerfile": {}}))
    assert "R19" in text
    assert "R20" not in text
    assert "… and 5 more rules or packages" in text


def test_verbose_shows_minor_findings_waived_ones_facts_and_fingerprints(everyday: Report) -> None:
    text = printed(everyday, is_verbose=True)
    assert "GI005" in text
    assert "Dockerfile:3  waived" in without_fingerprints(text)
    assert "What secrets saw\n  bytes: 3,400,000\n" in text
    assert all(one.fingerprint in text for one in everyday.findings)


def test_quiet_is_the_verdict_alone(everyday: Report) -> None:
    text = printed(everyday, is_quiet=True)
    assert text == (
        "INCOMPLETE: dependencies did not finish, so there is no verdict. In addition, 13 findings block.\n"
    )


def test_a_pass_says_that_the_change_edits_what_judges_it(edited: Report) -> None:
    text = printed(edited, 120)
    assert (
        "What the verdict rests on\n  edited-pipeline  .gitlab-ci.yml runs the gate, and this change edits it" in text
    )
    assert text.splitlines()[-1] == "PASS: nothing was found."


def test_the_table_has_a_line_a_stage_and_says_why_one_was_skipped(everyday: Report) -> None:
    text = printed(everyday, width=120)
    assert "dockerfile    ok          -    10    2    -     1  0.2 s  storefront" in text
    assert "kubernetes    skipped     -     -    -    -     -  0.2 s  no manifests in storefront" in text


def test_errors_stand_before_the_verdict_and_name_the_file(everyday: Report) -> None:
    lines = printed(everyday, width=200).splitlines()
    at = next(number for number, line in enumerate(lines) if "api/poetry.lock: cannot be parsed" in line)
    assert lines[at - 1] == "Could not finish"
    assert at > next(number for number, line in enumerate(lines) if line.startswith("kubernetes"))


def test_the_last_line_says_pass_and_what_was_reported(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    assert last_line(make_report([], {"secrets": {}})) == "PASS: nothing was found."
    waived = make_finding("secrets", "R", Severity.HIGH, status=Status.WAIVED)
    assert last_line(make_report([waived], {"secrets": {}})) == "PASS: nothing blocks (1 waived)."


def test_the_last_line_says_fail_and_which_rules_of_the_policy_decided(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    assert last_line(make_report([block(1)], {"dockerfile": {}})) == "FAIL: 1 finding blocks (serious)."
    both = [block(1), block(2), block(3, decided_by="exploited")]
    assert last_line(make_report(both, {"dockerfile": {}})) == "FAIL: 3 findings block (serious 2, exploited 1)."


def test_a_failed_stage_without_named_errors_still_says_why(make_report: Callable[..., Report]) -> None:
    stages = {"image": {"status": StageStatus.ERROR, "reason": "the worker died"}}
    text = printed(make_report([], stages, VerdictStatus.INCOMPLETE))
    assert "  image  the worker died\n" in text
    assert text.endswith("INCOMPLETE: image did not finish, so there is no verdict.\n")


def test_a_finding_in_several_targets_names_each(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    findings = [block(1, location=Location(target=target, path="Dockerfile", line=1)) for target in ("one", "two")]
    text = printed(make_report(findings, {"dockerfile": {}}))
    assert "  Dockerfile:1 in one" in text
    assert "  Dockerfile:1 in two" in text


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", ["everyday", "hostile_report"])
def test_no_line_but_the_verdict_is_wider_than_the_terminal(
    name: str, width: int, request: pytest.FixtureRequest
) -> None:
    lines = printed(request.getfixturevalue(name), width).splitlines()
    assert widest(lines[:-1]) <= width


@pytest.mark.parametrize("is_verbose", [False, True])
def test_hostile_text_is_shown_and_never_obeyed(hostile_report: Report, is_verbose: bool) -> None:
    text = printed(hostile_report, width=400, is_verbose=is_verbose)
    assert not any(one in text for one in "\x1b\x9b\u202e\x00\r\udc80")
    assert r"\x1b[31m::error" in text
    assert "[red]" in text


def test_hostile_text_is_never_obeyed_where_there_are_colours(
    hostile_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = printed(hostile_report, width=400)
    assert "\x1b[1;31m HIGH " in text
    assert "\x1b[31m::error" not in text


@pytest.mark.parametrize("setting", [{}, {"NO_COLOR": "1", "FORCE_COLOR": ""}, {"TERM": "dumb"}])
def test_there_are_no_colours_without_a_terminal_that_has_them(
    setting: dict[str, str], everyday: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    assert "\x1b" not in printed(everyday)


def test_a_terminal_that_is_not_utf8_gets_escapes(everyday: Report) -> None:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="ascii")
    print_report(everyday, stream, width=80)
    stream.flush()
    assert b"\\u2026 and 2 more" in buffer.getvalue()


def test_the_order_in_which_findings_came_changes_nothing(everyday: Report) -> None:
    backwards = msgspec.structs.replace(everyday, findings=everyday.findings[::-1])
    assert printed(backwards) == printed(everyday)


def test_a_full_disk_is_an_error_that_says_so(everyday: Report) -> None:
    with open("/dev/full", "w") as stream, pytest.raises(GateError, match="No space left"):
        print_report(everyday, stream)


def test_the_summary_of_an_advisory_is_cut_to_one_line_and_verbose_shows_all_of_it(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    package = Package(name="curl", version="7.88", ecosystem="Debian:12", purl="pkg:deb/debian/curl@7.88")
    finding = block(1, title="curl 7.88: " + "word " * 30, package=package, vulnerability=Vulnerability(id="R1"))
    report = make_report([finding], {"dockerfile": {}})
    (line,) = [line for line in printed(report).splitlines() if line.startswith("  R1")]
    assert without_fingerprints(line).startswith("  R1  high  no fix yet  word word")
    assert line.endswith("…")
    assert len(line) == 80
    assert printed(report, is_verbose=True).count("word") == 30


@pytest.mark.parametrize(
    ("known", "in_use", "shown"),
    [
        (
            {"known_exploited": True, "epss": 0.997, "fixed_versions": ("2",)},
            InUse.YES,
            "exploited  EPSS 99%  in use  ",
        ),
        ({"epss": 0.02, "fixed_versions": ("2",)}, InUse.NO, "not in use  "),
        ({}, InUse.UNKNOWN, "no fix yet  "),
    ],
)
def test_a_vulnerability_shows_what_makes_it_urgent(
    known: dict[str, object],
    in_use: InUse,
    shown: str,
    make_report: Callable[..., Report],
    block: Callable[..., Finding],
) -> None:
    package = Package(name="curl", version="7.88", ecosystem="Debian:12", purl="pkg:deb/debian/curl@7.88")
    vulnerability = Vulnerability(id="R1", **known)  # type: ignore[arg-type]
    finding = block(1, title="curl 7.88: summary", package=package, vulnerability=vulnerability, in_use=in_use)
    text = printed(make_report([finding], {"dockerfile": {}}))
    assert f"  R1  high  {shown}summary\n" in without_fingerprints(text)


def test_the_most_urgent_vulnerability_of_a_package_comes_first(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    package = Package(name="curl", version="7.88", ecosystem="Debian:12", purl="pkg:deb/debian/curl@7.88")
    known = {
        "low-score": Vulnerability(id="a", cvss=7.1),
        "high-score": Vulnerability(id="b", cvss=8.8),
        "used": Vulnerability(id="c", cvss=7.0, known_exploited=True),
    }
    findings = [
        msgspec.structs.replace(block(1, package=package, vulnerability=vulnerability), rule=rule)
        for rule, vulnerability in known.items()
    ]
    text = printed(make_report(findings, {"dockerfile": {}}))
    assert text.index("used") < text.index("high-score") < text.index("low-score")


def test_a_long_heading_wraps_under_itself(make_report: Callable[..., Report], block: Callable[..., Finding]) -> None:
    text = printed(make_report([block(1, title="word " * 18)], {"dockerfile": {}}))
    assert text.startswith(" HIGH  R1  word word")
    second, place = text.splitlines()[1:3]
    assert second.startswith("      word word")
    assert second.endswith("word · dockerfile")
    assert without_fingerprints(place) == "  Dockerfile:1  line 1 calls sudo"


def test_new_findings_stand_before_existing_ones_of_the_same_severity(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    old = make_finding("dockerfile", "A-OLD", Severity.HIGH, blocking=True, status=Status.EXISTING)
    text = printed(make_report([old, make_finding("dockerfile", "NEW", Severity.HIGH, blocking=True)], {}))
    assert text.index("NEW") < text.index("A-OLD")


def test_where_there_is_a_choice_it_says_which_packages_to_raise_clear_most(
    make_report: Callable[..., Report], block: Callable[..., Finding]
) -> None:
    curl = Package(name="curl", version="7.88", ecosystem="Debian:12", purl="pkg:deb/debian/curl@7.88")

    def raised(line: int, action: str) -> Finding:
        return block(line, fix=Fix(description=action), message=f"{line}", package=curl)

    often = [raised(line, "Update curl.") for line in range(3)]
    rare = [raised(9 + line, f"Update {line}.") for line in range(4)]
    elsewhere = [block(line) for line in range(20, 30)]
    text = printed(make_report([*rare, *often, *elsewhere], {"dockerfile": {}}))
    assert "Highest-impact fixes\n  Update curl.  clears 3\n  Update 0.  clears 1\n  Update 1.  clears 1\n\n" in text
    assert "Highest-impact fixes" not in printed(make_report([*rare[:2], *often, *elsewhere], {"dockerfile": {}}))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_links_to_advisories_and_a_pipe_none(everyday: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = Terminal()
    print_report(everyday, terminal, width=120)
    assert ";https://osv.dev/vulnerability/GHSA-35jh-r3h4-6jhm\x1b\\" in terminal.getvalue()
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "https://osv.dev" not in printed(everyday)


def test_no_address_leaves_its_link(
    hostile: str, make_report: Callable[..., Report], block: Callable[..., Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = Terminal()
    finding = block(1, help_uri=f"https://x.example/{hostile}\x1b\\ bold red\x07")
    print_report(make_report([finding], {"dockerfile": {}}), terminal, width=120)
    assert "https://x.example/x%5D%5D%3E%1B%5B31m::error%20::%3Cscript%3E" in terminal.getvalue()
    assert "\x07" not in terminal.getvalue()


def test_github_folds_what_does_not_block_and_obeys_no_text(
    everyday: Report,
    make_report: Callable[..., Report],
    block: Callable[..., Finding],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    commands = [line for line in printed(everyday).splitlines() if line.startswith("::")]
    (token,) = {line.removeprefix("::stop-commands::") for line in commands if line.startswith("::stop-commands::")}
    stopped = [f"::stop-commands::{token}", f"::{token}::"]
    assert commands == [*stopped, "::group::Reported, not blocking", *stopped, "::endgroup::", *stopped, *stopped]
    evil = block(1, location=Location(target="t", path="::add-mask::PASS", line=1))
    lines = without_fingerprints(printed(make_report([evil], {"dockerfile": {}}))).splitlines()
    assert lines[0].startswith("::stop-commands::")
    assert "  ::add-mask::PASS:1  line 1 calls sudo" in lines
    assert f"::{lines[0].removeprefix('::stop-commands::')}::" in lines[lines.index("  Fix: Drop sudo.") :]


def test_gitlab_folds_what_does_not_block(everyday: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    text = printed(everyday)
    start = (
        "\x1b[0Ksection_start:1795521602:gate_reported__not_blocking[collapsed=true]\r\x1b[0KReported, not blocking\n"
    )
    end = "\x1b[0Ksection_end:1795521602:gate_reported__not_blocking\r\x1b[0K\n"
    folded = text.partition(start)[2].partition(end)[0]
    assert "DL3015" in folded
    assert "DL3004" not in folded
    assert text.splitlines()[-1].startswith("INCOMPLETE: ")


@pytest.mark.parametrize("ci", ["GITHUB_ACTIONS", "GITLAB_CI"])
def test_a_person_at_a_terminal_gets_no_marks_of_a_log(
    ci: str, everyday: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ci, "true")
    terminal = Terminal()
    print_report(everyday, terminal, width=80)
    assert "::" not in terminal.getvalue()
    assert "section_start" not in terminal.getvalue()


def test_what_is_no_vulnerability_of_a_package_is_not_called_one(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    package = Package(name="reqeusts", version="1", ecosystem="PyPI", purl="pkg:pypi/reqeusts@1")
    doubtful = make_finding("dependencies", "GP001", Severity.MEDIUM, package=package)
    assert "1 problem · dependencies" in printed(make_report([doubtful], {"dependencies": {}}))


@pytest.mark.parametrize(
    ("width", "heading"),
    [
        (25, "Stage Status"),
        (40, "Stage Status Crit High Med"),
        (48, "Stage Status Crit High Med Low"),
        (50, "Stage Status Crit High Med Low Info"),
        (60, "Stage Status Crit High Med Low Info Time"),
        (80, "Stage Status Crit High Med Low Info Time Looked at"),
    ],
)
def test_a_narrow_terminal_leaves_columns_out_and_cuts_no_name(everyday: Report, width: int, heading: str) -> None:
    lines = printed(everyday, width=width).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("Stage "))
    assert " ".join(lines[start].split()) == heading
    table = lines[start : lines.index("", start)]
    assert {stage.name for stage in everyday.stages} <= {line.split()[0] for line in table}
    assert not any("…" in line for line in table)
    assert widest(lines[:-1]) <= width


class KeptTexts(dict[bytes, str]):
    """Keeps all texts, and counts how many were laid out."""

    made = 0

    def __call__(self, key: bytes, laid_out: Callable[[], str]) -> str:
        if key not in self:
            self.made += 1
            self[key] = laid_out()
        return self[key]


def test_a_text_that_is_kept_is_printed_again_while_all_that_it_follows_from_is_the_same(
    everyday: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptTexts()

    def shown(report: Report = everyday, **options: object) -> str:
        before = kept.made
        text = printed(report, kept=kept, **options)  # type: ignore[arg-type]
        assert text == printed(report, **options)  # type: ignore[arg-type]
        return "laid out" if kept.made > before else "kept"

    stage = everyday.stages[0]
    later = msgspec.structs.replace(stage, started_at="2031-01-01T00:00:00+00:00")
    slower = msgspec.structs.replace(stage, duration_s=stage.duration_s + 1)
    assert shown() == "laid out"
    assert shown() == "kept"
    assert shown(msgspec.structs.replace(everyday, stages=(later, *everyday.stages[1:]))) == "kept"
    assert shown(msgspec.structs.replace(everyday, stages=(slower, *everyday.stages[1:]))) == "laid out"
    assert shown(msgspec.structs.replace(everyday, findings=everyday.findings[1:])) == "laid out"
    assert shown(width=90) == "laid out"
    assert shown(is_verbose=True) == "laid out"
    assert shown(unwaivable={everyday.findings[0].fingerprint: "the policy says so"}) == "laid out"
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert shown(is_quiet=True) == "laid out"


@pytest.mark.parametrize("ci", ["GITHUB_ACTIONS", "GITLAB_CI"])
def test_the_log_of_a_ci_system_is_never_a_text_that_is_kept(
    ci: str, everyday: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ci, "true")
    kept = KeptTexts()
    printed(everyday, kept=kept)  # type: ignore[arg-type]
    assert not kept

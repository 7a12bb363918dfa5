"""The lines around a finding, in the formats that show them; no secret in any."""

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate import run
from gate.model import Excerpt, Finding, Location, Report, Severity
from gate.reports import FORMATS, load_format
from gate.reports.excerpts import WITHOUT_LINES, lines_shown
from gate.reports.terminal import print_report

AWS, PASSWORD, MAIL = "AKIA" + "Q3EGV7RZ2MXW5T4N", "hunter2-" + "kestrel", "SG." + "aZ3dQ9kX7bT1mN5vR2wY8c"
SECRETS = {
    "Dockerfile": f"FROM debian\nENV DB_PASSWORD={PASSWORD}\nRUN sudo true\nENV KEY={AWS}\nRUN chmod 777 /srv\n",
    "deploy.yaml": f"aws: {AWS}  # pragma: allowlist secret\nnext: {AWS}\npassword: {PASSWORD}\n",
    ".env": f"MAIL_TOKEN={MAIL}\nAWS_ACCESS_KEY_ID={AWS}\n",
}


def rendered(format: str, report: Report) -> str:
    stream = io.StringIO()
    load_format(format).write(report, stream)
    return stream.getvalue()


def printed(report: Report, **manner: bool) -> str:
    stream = io.StringIO()
    print_report(report, stream, width=100, **manner)
    return stream.getvalue()


@pytest.fixture
def report(make_finding: Callable[..., Finding], make_report: Callable[..., Report], hostile: str) -> Report:
    excerpt = Excerpt(first_line=9, lines=("FROM scratch", "RUN sudo true", f"# {hostile}"))
    where = Location(target="storefront", path="Dockerfile", line=10)
    one = make_finding("dockerfile", "DL3004", Severity.HIGH, location=where, excerpt=excerpt, blocking=True)
    return make_report([one], {"dockerfile": {}})


def test_the_terminal_marks_the_line(report: Report) -> None:
    lines = "         9 | FROM scratch\n      > 10 | RUN sudo true\n        11 | # x]]>\\x1b[31m::error"
    assert lines in printed(report)


def test_markdown_has_a_block_of_code(report: Report) -> None:
    assert "\n       9 | FROM scratch\n    > 10 | RUN sudo true\n" in rendered("markdown", report)


def test_sarif_has_a_snippet_around_the_place(report: Report) -> None:
    log = json.loads(rendered("sarif", report))
    region: dict[str, Any] = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["contextRegion"]
    assert (region["startLine"], region["endLine"]) == (9, 11)
    assert region["snippet"]["text"].startswith("FROM scratch\nRUN sudo true\n# x]]>\\x1b")


def test_html_holds_the_lines_as_text(report: Report) -> None:
    assert '"excerpt":[[9,false,"FROM scratch"],[10,true,"RUN sudo true"],[11,false,"# x]]\\u003e\\\\x1b' in rendered(
        "html", report
    )


def test_a_report_read_back_shows_the_same(report: Report) -> None:
    again = msgspec.json.decode(rendered("json", report), type=Report)
    assert rendered("markdown", again) == rendered("markdown", report)


@pytest.mark.parametrize("format", [name for name in FORMATS if name.startswith("gitlab")])
def test_gitlab_gets_no_extract_of_the_source(report: Report, format: str) -> None:
    assert "FROM scratch" not in rendered(format, report)


@pytest.mark.one_python
@pytest.mark.usefixtures("own_cache")
def test_no_secret_is_in_any_report(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    for path, text in SECRETS.items():
        (folder / path).write_text(text)
    report = run(str(folder), settings={"offline": True})
    shown = [one for one in report.findings if one.excerpt]
    assert {one.stage for one in shown} >= {"dockerfile", "secrets"}
    texts = [rendered(format, report) for format in FORMATS]
    for text in (*texts, printed(report), printed(report, is_verbose=True)):
        assert [secret for secret in (AWS, PASSWORD, MAIL) if secret in text] == []


def without_lines(report: Report, kept: Sequence[Finding] = ()) -> Report:
    named = {id(one) for one in kept}
    found = (one if id(one) in named else msgspec.structs.replace(one, excerpt=None) for one in report.findings)
    return msgspec.structs.replace(report, findings=tuple(found))


def test_formats_without_lines_are_the_same_without_them(report: Report) -> None:
    bare = without_lines(report)
    assert {name for name in FORMATS if rendered(name, report) == rendered(name, bare)} == WITHOUT_LINES


@pytest.mark.parametrize("format", [*FORMATS, "of a plugin"])
def test_lines_are_read_of_all_findings_if_a_format_shows_them(report: Report, format: str) -> None:
    quiet = msgspec.structs.replace(report.findings[0], blocking=False)
    assert list(lines_shown(["junit", format], [quiet], is_verbose=False)) == [quiet] * (format not in WITHOUT_LINES)
    assert list(lines_shown([], [quiet], is_verbose=True)) == [quiet]


def test_the_terminal_shows_the_same_with_the_lines_that_it_needs(
    make_finding: Callable[..., Finding], make_report: Callable[..., Report]
) -> None:
    def found(rule: str, line: int, stage: str, blocking: bool) -> Finding:
        where = Location(target="storefront", path="Dockerfile", line=line)
        excerpt = Excerpt(first_line=line, lines=(f"# {line}",))
        return make_finding(stage, rule, Severity.HIGH, location=where, excerpt=excerpt, blocking=blocking)

    rows = [("A", 9, "ci", True), ("A", 4, "ci", True), ("A", 2, "ci", False), ("B", 5, "ci", False)]
    rows += [("C", 7, "gate", True), ("C", 6, "gate", False), ("D", 1, "gate", False)]
    report = make_report([found(*row) for row in rows], {"ci": {}})
    shown = lines_shown([], report.findings, is_verbose=False)
    assert sorted(one.location.line or 0 for one in shown) == [1, 4, 7]
    assert printed(without_lines(report, shown)) == printed(report)

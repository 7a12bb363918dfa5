"""github, openvex, badge and audit."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from gate.model import Finding, InUse, Location, Report, Severity, Status, VerdictStatus
from gate.reports import load_format


def written(name: str, report: Report) -> str:
    stream = io.StringIO()
    load_format(name).write(report, stream)
    return stream.getvalue()


def commands(report: Report) -> list[str]:
    return written("github", report).splitlines()


def test_an_annotation_has_its_place_and_says_how_to_mend_it(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    location = Location(target="t", path="a,b:c/Dockerfile", line=3, end_line=4, column=5)
    finding = make_finding("dockerfile", "DL3007", Severity.HIGH, location=location, message="100% so", blocking=True)
    first, *_, last = commands(make_report([finding], {"dockerfile": {}}))
    assert first == (
        "::error file=a%2Cb%3Ac/Dockerfile,line=3,endLine=4,col=5,title=DL3007 (high)%3A title of DL3007"
        f"::100%25 so. `gate explain DL3007` says how. ({finding.fingerprint[:12]})"
    )
    assert last.startswith("::notice title=Security gate::FAIL: 1 finding blocks")


def test_a_pass_warns_that_the_change_edits_what_judges_it(edited: Report) -> None:
    assert commands(edited) == [
        "::warning title=edited-pipeline::.gitlab-ci.yml runs the gate, and this change edits it: review it",
        "::notice title=Security gate::PASS: nothing was found.",
    ]


def test_ten_of_a_kind_are_shown_and_the_others_are_counted(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    findings = [make_finding("secrets", f"R{n}", Severity.HIGH, blocking=True) for n in range(25)]
    findings += [make_finding("secrets", f"W{n}", Severity.MEDIUM) for n in range(3)]
    lines = commands(make_report(findings, {"secrets": {}}))
    assert [sum(line.startswith(f"::{kind} ") for line in lines) for kind in ("error", "warning", "notice")] == [
        10,
        3,
        1,
    ]
    assert "::error title=Security gate::16 errors more: see the report" in lines


def test_no_text_starts_another_command(hostile_report: Report) -> None:
    assert all(re.match(r"::(error|warning|notice) ", line) for line in commands(hostile_report))


def statements(report: Report) -> list[dict[str, Any]]:
    document = json.loads(written("openvex", report))
    assert document["@context"] == "https://openvex.dev/ns/v0.2.0"
    return list(document["statements"])


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {"in_use": InUse.NO, "in_use_evidence": ("no path leads to it",)},
            {
                "status": "not_affected",
                "justification": "vulnerable_code_not_in_execute_path",
                "impact_statement": "no path leads to it",
            },
        ),
        (
            {"status": Status.IGNORED, "vex": "not affected: not built (vex.json)"},
            {"status": "not_affected", "impact_statement": "not affected: not built (vex.json)"},
        ),
        ({"status": Status.WAIVED}, {"status": "affected", "action_statement": None}),
    ],
)
def test_openvex_says_why_it_does_not_matter_and_of_what_was_accepted_that_it_is_affected(
    make_report: Callable[..., Report], everyday: Report, parts: dict[str, Any], expected: dict[str, Any]
) -> None:
    package = next(one for one in everyday.findings if one.package and one.vulnerability)
    (statement,) = statements(make_report([msgspec.structs.replace(package, **parts)], {"dependencies": {}}))
    assert statement["products"] == [{"@id": "pkg:npm/lodash@4.17.15"}]
    assert {name: statement[name] for name, value in expected.items() if value} == {
        name: value for name, value in expected.items() if value
    }


def test_openvex_is_silent_on_what_stands(everyday: Report) -> None:
    names = {one["vulnerability"]["name"] for one in statements(everyday)}
    standing = {one.rule for one in everyday.findings if one.vulnerability and one.status is Status.NEW}
    assert not names & standing


@pytest.mark.parametrize("status", VerdictStatus)
def test_a_badge_says_the_verdict_in_a_picture_and_in_words(
    make_report: Callable[..., Report], status: VerdictStatus
) -> None:
    root = ElementTree.fromstring(written("badge", make_report([], {}, status)))
    assert root.attrib["aria-label"] == f"security gate: {status.value}"


def test_audit_lists_what_does_not_block_and_why(everyday: Report) -> None:
    lines = list(csv.DictReader(io.StringIO(written("audit", everyday), newline="")))
    assert len(lines) == sum(not one.blocking for one in everyday.findings)
    assert {line["why"] for line in lines} >= {"waived", "below every threshold"}

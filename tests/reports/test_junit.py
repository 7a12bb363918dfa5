import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import msgspec
import pytest
from junitparser import Error, Failure, JUnitXml

from gate.model import (
    Finding,
    Location,
    Reason,
    Report,
    Severity,
    StageError,
    StageStatus,
    Status,
    Verdict,
    VerdictStatus,
)
from gate.reports import junit
from gate.reports.junit import write


def written(report: Report) -> str:
    stream = io.StringIO()
    write(report, stream)
    return stream.getvalue()


def suites(report: Report) -> dict[str, Element]:
    return {suite.get("name", ""): suite for suite in ElementTree.fromstring(written(report))}


def names(suite: Element, kind: str | None = None) -> list[str]:
    cases = suite.findall("testcase") if kind is None else suite.findall(f"testcase[{kind}]")
    return [case.get("name", "") for case in cases]


def case(suite: Element, name: str) -> Element:
    return next(one for one in suite.findall("testcase") if one.get("name") == name)


def text_of(element: Element | None) -> str:
    assert element is not None
    return element.text or ""


def test_there_is_one_suite_a_stage_in_the_order_of_the_report(everyday: Report) -> None:
    assert list(suites(everyday)) == ["dockerfile", "secrets", "dependencies", "image", "kubernetes"]


def test_a_rule_that_blocks_a_target_is_one_failure_with_all_its_places(everyday: Report) -> None:
    dockerfile = suites(everyday)["dockerfile"]
    assert names(dockerfile, "failure") == ["DL3004 sudo in an image [storefront]"]
    failed = case(dockerfile, "DL3004 sudo in an image [storefront]")
    assert (failed.get("file"), failed.get("line")) == ("services/checkout/Dockerfile", "10")
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("type") == "high"
    assert failure.get("message") == "sudo in an image at services/checkout/Dockerfile:10 (and 9 more places)"
    body = text_of(failure)
    assert "services/checkout/Dockerfile:19: high: RUN sudo" in body
    assert "rule: DL3004" in body
    assert "fix: Drop sudo: a build step runs as the USER above it." in body


def test_what_is_waived_is_a_skipped_case_that_says_by_what(everyday: Report) -> None:
    waived = case(suites(everyday)["dockerfile"], "DL3007 The latest tag [storefront]")
    skipped = waived.find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "waived by waiver"
    assert waived.find("failure") is None


def test_what_does_not_block_is_reported_in_the_output_of_a_passing_case(everyday: Report) -> None:
    image = suites(everyday)["image"]
    assert names(image) == ["nothing blocks [archive:storefront.tar]"]
    output = text_of(image.find("testcase/system-out"))
    assert "archive:storefront.tar: medium: No USER is set. [GI001, new]" in output
    assert "GI005" in output


def test_a_target_that_blocks_has_no_clean_case_but_loses_nothing(everyday: Report) -> None:
    dockerfile = suites(everyday)["dockerfile"]
    assert "nothing blocks [storefront]" not in names(dockerfile)
    assert "DL3015" in text_of(case(dockerfile, "reported, not blocking [storefront]").find("system-out"))


def test_an_error_names_its_file_and_its_target_is_not_called_clean(everyday: Report) -> None:
    dependencies = suites(everyday)["dependencies"]
    broken = case(dependencies, "api/poetry.lock: cannot be parsed [storefront]")
    error = broken.find("error")
    assert error is not None
    assert error.get("message", "").startswith("api/poetry.lock: cannot be parsed: Line 3 has no value. Lock again")
    assert broken.get("file") == "api/poetry.lock"
    assert not any(name.startswith("nothing blocks") for name in names(dependencies))


def test_a_skipped_stage_is_one_skipped_case_with_the_reason(everyday: Report) -> None:
    kubernetes = suites(everyday)["kubernetes"]
    assert names(kubernetes) == names(kubernetes, "skipped") == ["nothing to look at"]
    skipped = kubernetes.find("testcase/skipped")
    assert skipped is not None
    assert skipped.get("message") == "no manifests in storefront"


def test_a_stage_that_failed_without_naming_an_error_is_still_red(make_report: Callable[..., Report]) -> None:
    stages = {"secrets": {"status": StageStatus.ERROR, "reason": "the worker died"}}
    secrets = suites(make_report([], stages, VerdictStatus.INCOMPLETE))["secrets"]
    assert names(secrets) == names(secrets, "error") == ["the worker died"]


def test_an_error_of_one_target_leaves_the_other_clean(make_report: Callable[..., Report]) -> None:
    error = StageError(title="cannot be parsed", message="", path="a.lock", target="one")
    stages = {
        "dependencies": {"status": StageStatus.ERROR, "reason": "x", "errors": (error,), "targets": ("one", "two")}
    }
    suite = suites(make_report([], stages, VerdictStatus.INCOMPLETE))["dependencies"]
    assert names(suite) == ["nothing blocks [two]", "a.lock: cannot be parsed [one]"]


def test_a_clean_target_is_a_passing_case(make_report: Callable[..., Report]) -> None:
    suite = suites(make_report([], {"secrets": {"targets": ("one", "two")}}))["secrets"]
    assert names(suite) == ["nothing blocks [one]", "nothing blocks [two]"]
    assert all(len(one) == 0 for one in suite)


@pytest.mark.parametrize(
    ("status", "blocking", "kind"),
    [
        (Status.NEW, True, "failure"),
        (Status.WAIVED, False, "skipped"),
        (Status.IGNORED, False, "skipped"),
        (Status.NEW, False, "system-out"),
        (Status.EXISTING, False, "system-out"),
    ],
)
def test_each_finding_is_what_the_policy_made_of_it(
    make_report: Callable[..., Report],
    make_finding: Callable[..., Finding],
    status: Status,
    blocking: bool,
    kind: str,
) -> None:
    finding = make_finding("secrets", "R1", Severity.HIGH, status=status, blocking=blocking)
    (suite,) = suites(make_report([finding], {"secrets": {}})).values()
    kinds = {part.tag for one in suite for part in one}
    assert kinds == {kind}
    assert finding.message in written(make_report([finding], {"secrets": {}}))


def test_a_finding_of_a_stage_that_the_report_does_not_list_is_not_lost(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    finding = make_finding("sarif-tool", "X1", Severity.HIGH, blocking=True)
    assert names(suites(make_report([finding], {}))["sarif-tool"], "failure") == ["X1 title of X1 [storefront]"]


@pytest.mark.parametrize(("status", "kind"), [(VerdictStatus.FAIL, "failure"), (VerdictStatus.INCOMPLETE, "error")])
def test_a_verdict_that_no_case_explains_is_a_red_case_of_its_own(
    make_report: Callable[..., Report], status: VerdictStatus, kind: str
) -> None:
    reason = Reason(rule="organisation", message="the policy forbids this run")
    report = msgspec.structs.replace(
        make_report([], {"secrets": {}}), verdict=Verdict(status=status, reasons=(reason,))
    )
    (red,) = suites(report)["verdict"].findall(f"testcase/{kind}")
    assert "the policy forbids this run" in text_of(red)


def test_that_the_change_edits_what_judges_it_is_a_case_and_fails_nothing(edited: Report) -> None:
    (case,) = suites(edited)["verdict"].findall("testcase")
    assert case.get("name") == "edited-pipeline [.gitlab-ci.yml]"
    (skipped,) = case.findall("skipped")
    assert skipped.get("message") == ".gitlab-ci.yml runs the gate, and this change edits it: review it"
    root = ElementTree.fromstring(written(edited))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")


def test_a_pass_is_green(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> None:
    root = ElementTree.fromstring(written(make_report([make_finding("secrets", "R", Severity.LOW)], {"secrets": {}})))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")


def test_hostile_text_is_shown_and_never_read_as_xml(hostile_report: Report) -> None:
    text = written(hostile_report)
    text.encode("utf-8")
    assert "<script" not in text
    assert not any(one in text for one in "\x1b\x9b\u202e\x00\udc80\ufffe")
    root = ElementTree.fromstring(text.encode("utf-8"))
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert r"x]]>\x1b[31m::error ::<script>alert(1)</script>" in text_of(failure)


@pytest.mark.parametrize("name", ["everyday", "hostile_report"])
def test_names_are_unique_and_the_same_in_every_run(name: str, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue(name)
    every = [
        (one.get("classname"), one.get("name")) for one in ElementTree.fromstring(written(report)).iter("testcase")
    ]
    assert len(set(every)) == len(every)
    backwards = msgspec.structs.replace(report, findings=report.findings[::-1])
    assert written(backwards) == written(report)


def test_names_that_look_alike_once_they_are_visible_are_numbered(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    findings = [
        make_finding("secrets", "R", Severity.HIGH, blocking=True, location=Location(target=target, path="a", line=1))
        for target in ("\x1b", r"\x1b")
    ]
    suite = suites(make_report(findings, {"secrets": {"targets": ("\x1b", r"\x1b")}}))["secrets"]
    assert names(suite) == [r"R title of R [\x1b]", r"R title of R [\x1b] (2)"]


ATTRIBUTES = {
    "testsuites": {"errors", "failures", "name", "tests", "time"},
    "testsuite": {"errors", "failures", "name", "skipped", "tests", "time", "timestamp"},
    "testcase": {"name", "classname", "time", "file", "line"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set[str](),
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "error", "skipped", "system-out"},
}


@pytest.mark.parametrize("name", ["everyday", "hostile_report"])
def test_the_document_has_the_elements_and_counts_of_the_junit_schema(
    name: str, request: pytest.FixtureRequest
) -> None:
    root = ElementTree.fromstring(written(request.getfixturevalue(name)))
    for element in root.iter():
        assert set(element.keys()) <= ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
    for suite in root:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        assert all(one.get("name") and one.get("classname") for one in cases)
        for kind, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert suite.get(count) == str(len(suite.findall(f"testcase/{kind}")))


@pytest.mark.parametrize("name", ["everyday", "hostile_report"])
def test_a_reader_of_junit_counts_what_the_document_counts(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path = tmp_path / "junit.xml"
    path.write_text(written(request.getfixturevalue(name)))
    read = JUnitXml.fromfile(str(path))
    root = ElementTree.parse(path).getroot()
    cases = [one for suite in read for one in suite]
    assert len(cases) == read.tests == len(list(root.iter("testcase")))
    assert sum(isinstance(part, Failure) for one in cases for part in one.result) == read.failures
    assert sum(isinstance(part, Error) for one in cases for part in one.result) == read.errors


def test_times_have_three_decimals_and_no_exponent(make_report: Callable[..., Report]) -> None:
    root = ElementTree.fromstring(written(make_report([], {"secrets": {"duration_s": 0.1 + 0.2}, "image": {}})))
    assert [one.get("time") for one in root.iter("testsuite")] == ["0.300", "0.250"]
    assert root.get("time") == "0.550"


def test_a_file_that_gitlab_would_refuse_shows_fewer_places_and_counts_the_others(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = [make_finding("secrets", "R", Severity.HIGH, blocking=True, message=str(one)) for one in range(200)]
    report = make_report(findings, {"secrets": {}})
    monkeypatch.setattr(junit, "MOST_BYTES", 10_000)
    failure = text_of(ElementTree.fromstring(written(report)).find("testsuite/testcase/failure"))
    assert failure.count("fingerprint:") == 10
    assert failure.endswith("… and 190 more: see the other reports")

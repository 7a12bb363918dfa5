"""Zizmor as the ci stage uses it: its audits, comments and configuration, and what happens when it fails.

It covers `gate/ci/github/audited.py`, `gate/ci/github/zizmor_file.py`, `gate/ci/zizmor_program.py` and
`gate/pipeline/broker_calls/zizmor.py`.
"""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from gate.ci import zizmor_program
from gate.ci.github import zizmor
from gate.ci.github.audits import AUDITS, audit_rule
from gate.ci.github.refused import NOT_AUDITED
from gate.ci.zizmor_program import AuditInput, AuditInputs, number_of, remarks_on
from gate.declarations.ci import CI, CiSettings
from gate.model import Severity, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Settings
from gate.stages import ci

pytestmark = pytest.mark.one_python

Files = dict[str, str | bytes]
PLACE = ".github/workflows/ci.yml"
WITH_EXAMPLES = [id for id, rule in AUDITS.items() if rule.description.bad]
UNPINNED = AUDITS["unpinned-uses"].description.bad


@pytest.fixture
def judged(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Callable[..., StageResult]:
    def judge(files: Files, **settings: object) -> StageResult:
        section = msgspec.convert(settings, CiSettings)
        return ci.run(make_tree(files), make_context(stages=Settings().with_sections({CI.name: section}).stages))

    return judge


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    """Return the audits that zizmor names for each example, by its text. One process is asked about all of them."""
    program = zizmor_program.find_zizmor()
    assert program, "zizmor comes with the gate"
    examples = [AUDITS[id].description for id in WITH_EXAMPLES]
    texts = [text for example in examples for text in (example.bad, example.good)]
    remarks = json.loads(remarks_on(AuditInputs(tuple(AuditInput(_kind_of(text), text) for text in texts)), program))
    audits: dict[str, set[str]] = {text: set() for text in texts}
    for remark in remarks:
        for location in remark["locations"]:
            audits[texts[number_of(location["symbolic"]["key"]["Local"]["verbatim_path"])]].add(remark["ident"])
    return audits


def _kind_of(text: str) -> zizmor_program.Kind:
    return "dependabot" if text.startswith("version:") else "workflow"


@pytest.mark.parametrize("id", WITH_EXAMPLES)
def test_an_audit_catches_its_example_and_not_the_corrected_one(id: str, found: dict[str, set[str]]) -> None:
    text = AUDITS[id].description
    assert id in found[text.bad]
    assert id not in found[text.good]


def test_no_audit_blocks_by_itself() -> None:
    assert {rule.description.severity for rule in AUDITS.values()} <= {Severity.INFO, Severity.LOW, Severity.MEDIUM}


def test_an_audit_that_the_table_does_not_know_has_its_own_words() -> None:
    rule = audit_rule("brand-new", "something new")
    assert (rule.id, rule.description.title, rule.description.severity) == (
        "brand-new",
        "Something new",
        Severity.MEDIUM,
    )


def test_a_finding_names_the_line_and_the_reference(judged: Callable[..., StageResult]) -> None:
    result = judged({PLACE: UNPINNED})
    (finding,) = [one for one in result.findings if one.rule == "unpinned-uses"]
    assert (finding.location.path, finding.location.line) == (PLACE, 7)
    assert finding.message.startswith("octo/tool@v1: ")
    assert not result.errors


def test_actions_of_githubs_own_are_low(judged: Callable[..., StageResult]) -> None:
    result = judged({PLACE: UNPINNED.replace("octo/tool@v1", "actions/checkout@v4")})
    assert {one.severity for one in result.findings if one.rule == "unpinned-uses"} == {Severity.LOW}


def test_its_own_comments_are_silences_that_the_policy_decides_on(judged: Callable[..., StageResult]) -> None:
    commented = UNPINNED.replace("octo/tool@v1", "octo/tool@v1 # zizmor: ignore[unpinned-uses] ours")
    result = judged({PLACE: commented})
    assert [(one.rule, one.comment) for one in result.silenced] == [
        ("unpinned-uses", "# zizmor: ignore[unpinned-uses] ours")
    ]
    assert "unpinned-uses" not in {one.rule for one in result.findings}
    refused = judged({PLACE: commented}, no_pragmas=True)
    assert "unpinned-uses" in {one.rule for one in refused.findings}


@pytest.mark.parametrize(
    "configuration",
    [
        "rules: {unpinned-uses: {disable: true}}",
        "rules: {unpinned-uses: {ignore: [ci.yml]}}",
        "rules: {unpinned-uses: {ignore: ['ci.yml:7']}}",
        'rules: {unpinned-uses: {config: {policies: {"*": any}}}}',
    ],
)
def test_its_configuration_counts_unless_the_policy_refuses(
    configuration: str, judged: Callable[..., StageResult]
) -> None:
    files = {PLACE: UNPINNED, "zizmor.yml": configuration}
    assert "unpinned-uses" not in {one.rule for one in judged(files).findings}
    assert "unpinned-uses" in {one.rule for one in judged(files, zizmor_loosens=False).findings}


@pytest.mark.parametrize(
    "configuration",
    ["rules: [", "rules: {unpinned-uses: {disable: 7}}", "rules: {unpinned-uses: {config: {policies: {a/*: no}}}}"],
)
def test_a_wrong_configuration_is_one_error_that_names_it(
    configuration: str, judged: Callable[..., StageResult]
) -> None:
    result = judged({PLACE: UNPINNED, ".github/workflows/b.yml": UNPINNED, ".github/zizmor.yml": configuration})
    (error,) = result.errors
    assert (error.path or "").startswith(".github/zizmor.yml")


def test_a_file_that_nothing_can_read_is_an_error_and_the_others_are_judged(
    judged: Callable[..., StageResult],
) -> None:
    result = judged({".github/workflows/broken.yml": "on: [\n", PLACE: UNPINNED})
    (error,) = result.errors
    assert (error.path or "").startswith(".github/workflows/broken.yml")
    assert "unpinned-uses" in {one.rule for one in result.findings}


def test_what_zizmor_alone_refuses_is_a_finding(judged: Callable[..., StageResult]) -> None:
    files = {PLACE: NOT_AUDITED.description.bad, ".github/workflows/b.yml": UNPINNED}
    result = judged(files)
    assert not result.errors
    (finding,) = [one for one in result.findings if one.rule == "GC100"]
    assert finding.location.path == PLACE
    assert "strategy" in finding.message
    assert "unpinned-uses" in {one.rule for one in result.findings}
    fixed = judged({PLACE: NOT_AUDITED.description.good})
    assert "GC100" not in {one.rule for one in fixed.findings}


@pytest.mark.parametrize("text", ["# all of it is a comment\n", "name: x\n", "on: push\n"])
def test_what_github_starts_nothing_by_is_a_note(text: str, judged: Callable[..., StageResult]) -> None:
    result = judged({PLACE: text})
    assert not result.errors
    assert not result.findings
    (note,) = result.facts["not_definitions"]  # type: ignore[misc,union-attr]
    assert note.startswith(PLACE)


def test_without_zizmor_the_stage_is_no_pass(
    judged: Callable[..., StageResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zizmor, "find_zizmor", lambda: None)
    result = judged({PLACE: UNPINNED})
    assert [error.title for error in result.errors] == ["zizmor is not installed"]


def test_a_report_of_another_form_is_an_error_of_the_file(
    judged: Callable[..., StageResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zizmor, "remarks_on", lambda *_: b'[{"ident": 7}]')
    (error,) = judged({PLACE: UNPINNED}).errors
    assert error.path == PLACE
    assert "json-v1" in error.title


def test_unchanged_files_are_not_asked_about_again(judged: Callable[..., StageResult]) -> None:
    first = judged({PLACE: UNPINNED})
    second = judged({PLACE: UNPINNED, ".github/workflows/b.yml": UNPINNED.replace("octo/", "other/")})
    assert (first.facts["zizmor_asked"], second.facts["zizmor_asked"]) == (1, 1)
    assert set(first.findings) < set(second.findings)
    configured = judged({PLACE: UNPINNED, "zizmor.yml": "rules: {artipacked: {disable: true}}"})
    assert configured.facts["zizmor_asked"] > 0  # type: ignore[operator]


def test_no_file_of_the_target_is_given_to_the_program(tmp_path: Path) -> None:
    """Names of a target, which may be anything, do not reach the command line."""
    assert zizmor_program.number_of("3/.github/workflows/workflow.yml") == 3
    assert set(zizmor_program.PLACES.values()) == {
        ".github/workflows/workflow.yml",
        "action.yml",
        ".github/dependabot.yml",
    }

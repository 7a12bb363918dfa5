"""The decision: what blocks, what is waived, existing or ignored, and what the verdict says."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import (
    Confidence,
    Finding,
    InUse,
    Location,
    Package,
    Secret,
    Severity,
    StageError,
    StageResult,
    Status,
    VerdictStatus,
    Vulnerability,
)
from gate.policy.conditions import _TESTS
from gate.policy.decide import Judgement, Policy, decide
from gate.policy.layers import PolicyLayer, PolicySource, built_in, layers_of
from gate.policy.waivers import Waiver
from gate.settings.policy import Condition, Effect, PolicySettings, Rule

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def finding(**parts: Any) -> Finding:
    whole = {
        "stage": "dockerfile",
        "rule": "DL3007",
        "severity": Severity.HIGH,
        "title": "t",
        "message": "m",
        "fingerprint": "f1",
        "location": Location(target="shop", path="api/Dockerfile", line=1),
    }
    return Finding(**{**whole, **parts})


def vulnerable(*, fixed: tuple[str, ...] = ("2.0",), exploited: bool = False, **parts: Any) -> Finding:
    return finding(
        stage="dependencies",
        rule="GHSA-1",
        package=Package(name="lodash", version="1.0", ecosystem="npm", purl="pkg:npm/lodash@1.0"),
        vulnerability=Vulnerability(
            id="GHSA-1", aliases=("CVE-2021-1",), fixed_versions=fixed, known_exploited=exploited, cvss=7.5, epss=0.2
        ),
        in_use=InUse.UNKNOWN,
        **parts,
    )


def judge(*findings: Finding, rules: tuple[Rule, ...] = (), organisation: Any = None, **policy: Any) -> Judgement:
    above = [PolicySource("organisation", organisation)] if organisation else []
    layers = layers_of(PolicySource("gate.yaml", PolicySettings(rules=rules)), above)
    result = StageResult(stage="dockerfile", target="shop", findings=findings)
    return decide([result], Policy(layers=layers, **policy), NOW)


SECRET = Secret(type="AWS Access Key", hash="h", redacted="AKIA…")


@pytest.mark.parametrize(
    "blocking",
    [
        finding(stage="secrets", severity=Severity.LOW, secret=SECRET, confidence=Confidence.MEDIUM),
        finding(stage="image", severity=Severity.LOW, secret=SECRET),
        finding(stage="dependencies", rule="MAL-2024-1", severity=Severity.LOW),
        vulnerable(severity=Severity.LOW, fixed=(), exploited=True),
        vulnerable(severity=Severity.HIGH),
        finding(stage="dockerfile", severity=Severity.HIGH),
    ],
)
def test_the_built_in_policy_blocks(blocking: Finding) -> None:
    judgement = judge(blocking)
    assert judgement.findings[0].blocking
    assert judgement.verdict.status is VerdictStatus.FAIL


@pytest.mark.parametrize(
    "passing",
    [
        finding(stage="secrets", secret=SECRET, confidence=Confidence.LOW),
        vulnerable(severity=Severity.MEDIUM),
        vulnerable(severity=Severity.CRITICAL, fixed=()),
        msgspec.structs.replace(vulnerable(), in_use=InUse.NO),
        finding(stage="dockerfile", severity=Severity.MEDIUM),
        finding(stage="image", severity=Severity.HIGH),
    ],
)
def test_the_built_in_policy_lets_pass(passing: Finding) -> None:
    judgement = judge(passing)
    assert not judgement.findings[0].blocking
    assert judgement.findings[0].status is Status.NEW
    assert judgement.verdict.status is VerdictStatus.PASS


def test_the_reason_says_the_rule_in_plain_words_and_names_the_findings() -> None:
    (reason,) = judge(finding(), finding(fingerprint="f2")).verdict.reasons
    assert reason.rule == "serious-configuration"
    assert reason.message == "2 findings: High severity, and one line fixes it."
    assert reason.fingerprints == ("f1", "f2")


EDITS = StageResult(stage="ci", target="shop", facts={"edits_what_judges_it": [".github/workflows/gate.yml"]})


@pytest.mark.parametrize(
    ("found", "status", "rules"),
    [
        ([], VerdictStatus.PASS, ["edited-pipeline"]),
        ([finding()], VerdictStatus.FAIL, ["serious-configuration", "edited-pipeline"]),
    ],
)
def test_a_change_that_edits_the_pipeline_which_judges_it_is_a_reason_of_any_verdict(
    found: list[Finding], status: VerdictStatus, rules: list[str]
) -> None:
    result = StageResult(stage="dockerfile", target="shop", findings=tuple(found))
    verdict = decide(
        [result, EDITS], Policy(layers=layers_of(PolicySource("gate.yaml", PolicySettings()))), NOW
    ).verdict
    assert (verdict.status, [reason.rule for reason in verdict.reasons]) == (status, rules)
    assert verdict.reasons[-1].message.startswith(".github/workflows/gate.yml runs the gate, and this change edits it")
    assert not verdict.reasons[-1].decides


def rule(effect: Effect, id: str = "own", **when: Any) -> Rule:
    return Rule(id=id, why="We said so.", when=Condition(**when), effect=effect)


def test_an_ignore_rule_takes_a_finding_out() -> None:
    judgement = judge(finding(), rules=(rule(Effect.IGNORE, rule="DL3007", path="api/**"),))
    assert judgement.findings[0].status is Status.IGNORED
    assert judgement.verdict.status is VerdictStatus.PASS


def test_a_threshold_can_be_lowered_for_one_stage() -> None:
    low = finding(severity=Severity.LOW)
    assert judge(low, rules=(rule(Effect.BLOCK, stage="dockerfile", severity=Severity.LOW),)).findings[0].blocking
    assert not judge(low, rules=(rule(Effect.BLOCK, stage="secrets", severity=Severity.LOW),)).findings[0].blocking


def test_a_rule_with_a_built_in_id_takes_its_place() -> None:
    rules = (rule(Effect.BLOCK, id="serious-configuration", stage="dockerfile", severity=Severity.CRITICAL),)
    assert not judge(finding(severity=Severity.HIGH), rules=rules).findings[0].blocking


def test_the_first_rule_that_matches_decides() -> None:
    rules = (rule(Effect.WARN, severity=Severity.LOW), rule(Effect.BLOCK, id="second", severity=Severity.LOW))
    judged = judge(finding(), rules=rules).findings[0]
    assert (judged.blocking, judged.decided_by) == (False, "own")


def test_a_waiver_holds_until_its_last_day_and_no_longer() -> None:
    until = Waiver(fingerprint="f1", reason="r", owner="o", until="2026-11-24")
    assert judge(finding(), waivers=(until,)).findings[0].status is Status.WAIVED
    expired = msgspec.structs.replace(until, until="2026-11-23")
    assert judge(finding(), waivers=(expired,)).findings[0].blocking


def test_what_was_there_before_cannot_block() -> None:
    judgement = judge(finding(), existing=frozenset({"f1"}))
    assert judgement.findings[0].status is Status.EXISTING
    assert judgement.verdict.status is VerdictStatus.PASS


def test_an_error_makes_the_verdict_incomplete_whatever_else_is_found() -> None:
    broken = StageResult(
        stage="dependencies", target="shop", errors=(StageError(title="cannot be parsed", message="", path="a.lock"),)
    )
    found = StageResult(stage="dockerfile", target="shop", findings=(finding(),))
    verdict = decide(
        [broken, found], Policy(layers=(PolicyLayer(source="built-in", rules=built_in().rules),)), NOW
    ).verdict
    assert verdict.status is VerdictStatus.INCOMPLETE
    assert verdict.reasons[0].message == "dependencies did not finish on shop: a.lock: cannot be parsed"
    assert verdict.reasons[1].rule == "serious-configuration"


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"rule": "CVE-2021-*"}, True),
        ({"rule": "CVE-2022-*"}, False),
        ({"package": ("react", "lod*")}, True),
        ({"path": "web/**"}, False),
        ({"cvss": 7.5}, True),
        ({"epss": 0.3}, False),
        ({"known_exploited": False, "fixable": True}, True),
        ({"in_use": (InUse.YES, InUse.UNKNOWN)}, True),
        ({"scope": "runtime", "stage": ("image", "dependencies")}, True),
        ({"secret": True}, False),
        ({"object": "*"}, False),
        ({"exposed": "unknown"}, False),
        ({"deployed": "unknown"}, True),
        ({"deployed": "yes"}, False),
    ],
)
def test_conditions(when: dict[str, Any], holds: bool) -> None:
    condition = msgspec.convert(when, Condition)
    judged = judge(vulnerable(), rules=(Rule(id="own", why="w", when=condition, effect=Effect.WARN),))
    assert (judged.findings[0].decided_by == "own") is holds


def test_every_key_of_a_condition_is_tested() -> None:
    assert {*_TESTS, "new", "stage"} == set(Condition.__struct_fields__)


conditions = st.builds(
    Condition,
    severity=st.none() | st.sampled_from(Severity),
    stage=st.none() | st.sampled_from(["dockerfile", "secrets"]),
)
rules = st.lists(
    st.builds(Rule, id=st.uuids().map(str), why=st.just("w"), when=conditions, effect=st.sampled_from(Effect)),
    max_size=4,
)
findings = st.lists(
    st.builds(finding, severity=st.sampled_from(Severity), stage=st.sampled_from(["dockerfile", "secrets"])), max_size=5
)
MILD_TO_STRICT = [VerdictStatus.PASS, VerdictStatus.FAIL]


@given(rules, rules, findings)
def test_a_project_can_tighten_the_organisations_policy_and_never_loosen_it(
    organisation: list[Rule], project: list[Rule], found: list[Finding]
) -> None:
    result = StageResult(stage="dockerfile", target="shop", findings=tuple(found))
    above = PolicySource("organisation", PolicySettings(rules=tuple(organisation)))
    alone = decide([result], Policy(layers=layers_of(above)), NOW).verdict.status
    layers = layers_of(PolicySource("gate.yaml", PolicySettings(rules=tuple(project))), [above])
    merged = decide([result], Policy(layers=layers), NOW).verdict.status
    assert MILD_TO_STRICT.index(merged) >= MILD_TO_STRICT.index(alone)

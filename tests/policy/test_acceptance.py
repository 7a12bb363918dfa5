"""Waivers, comments and what the layers let be accepted; grace, notices, what has to run."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from gate.core.errors import ConfigError
from gate.model import Finding, Judged, Severity, Share, StageResult, Status, VerdictStatus
from gate.policy.baseline import FindingsBaseline
from gate.policy.codeowners import parse
from gate.policy.decide import Judgement, Policy, decide, what_is_accepted
from gate.policy.layers import PolicySource, layers_of
from gate.policy.waivers import Waiver, check
from gate.settings.policy import Organisation, PolicySettings
from tests.policy.test_decide import NOW, finding, vulnerable


def waiver(**parts: Any) -> Waiver:
    whole = {"fingerprint": "f1", "reason": "r", "owner": "@team/a", "until": "2027-06-30", **parts}
    return Waiver(**{name: value for name, value in whole.items() if value is not None})


def judge(
    *findings: Finding, organisation: dict[str, Any] | None = None, project: dict[str, Any] | None = None, **more: Any
) -> Judgement:
    above = [PolicySource("org.yaml", msgspec.convert(organisation, Organisation))] if organisation is not None else []
    layers = layers_of(PolicySource("gate.yaml", msgspec.convert(project or {}, PolicySettings)), above)
    result = StageResult(stage="dockerfile", target="shop", findings=findings)
    return decide([result], Policy(layers=layers, **more), NOW)


def status(judgement: Judgement) -> list[str]:
    return [one.status.value for one in judgement.findings]


@pytest.mark.parametrize(
    ("parts", "holds"),
    [
        ({"rule": "DL3007", "path": "api/**"}, True),
        ({"rule": "DL30*", "path": "api/*"}, True),
        ({"rule": "DL3008", "path": "api/**"}, False),
        ({"rule": "DL3007", "path": "web/**"}, False),
        ({"rule": "DL3007", "package": "curl"}, False),
    ],
)
def test_a_waiver_can_name_a_rule_in_a_path(parts: dict[str, str], holds: bool) -> None:
    judgement = judge(finding(), waivers=(waiver(fingerprint=None, **parts),))
    assert status(judgement) == (["waived"] if holds else ["new"])


def test_a_waiver_can_name_a_vulnerability_of_a_package_by_an_alias() -> None:
    judgement = judge(
        vulnerable(severity=Severity.HIGH), waivers=(waiver(fingerprint=None, rule="CVE-2021-1", package="lodash"),)
    )
    assert status(judgement) == ["waived"]
    assert judgement.findings[0].decided_in == ".gate/waivers.yaml"


@pytest.mark.parametrize(("object", "holds"), [("Pod/shop/web", True), ("Pod/shop/*", True), ("Pod/other/*", False)])
def test_a_waiver_and_a_rule_can_name_an_object(object: str, holds: bool) -> None:
    found = finding(object="Pod/shop/web")
    judgement = judge(found, waivers=(waiver(fingerprint=None, rule="DL3007", object=object),))
    assert status(judgement) == (["waived"] if holds else ["new"])
    assert status(judge(finding(), waivers=(waiver(fingerprint=None, rule="DL3007", object=object),))) == ["new"]


def test_a_comment_waives_unless_a_layer_forbids_comments() -> None:
    commented = finding(comment="the base image is pinned elsewhere")
    assert judge(commented).findings[0].decided_by == "comment"
    refused = judge(commented, organisation={"waivers": {"comments": False}})
    assert refused.findings[0].blocking
    assert refused.verdict.notices == (
        "Comments that ignore findings have no effect: org.yaml lets no comment waive a finding",
    )


@pytest.mark.parametrize("project", [{}, {"waivers": {"longest": "90d"}}])
def test_malicious_packages_are_waived_by_nobody(project: dict[str, Any]) -> None:
    judgement = judge(finding(rule="MAL-2024-1"), waivers=(waiver(),), project=project)
    assert judgement.findings[0].blocking
    (told,) = judgement.verdict.notices
    assert "has no effect: gate.yaml lets no one override the rule malicious" in told


def test_no_rule_of_the_project_stands_before_those_on_malicious_packages() -> None:
    ignoring = {"rules": [{"id": "all", "why": "w", "effect": "ignore"}]}
    assert judge(finding(rule="MAL-2024-1"), project=ignoring).findings[0].blocking
    assert not judge(finding(), project=ignoring).findings[0].blocking


def test_malicious_packages_block_though_they_were_there_before() -> None:
    judgement = judge(finding(rule="MAL-2024-1"), existing=frozenset({"f1"}))
    assert (judgement.findings[0].status, judgement.findings[0].blocking) == (Status.EXISTING, True)
    assert judgement.verdict.reasons[0].rule == "malicious-before"


@pytest.mark.parametrize(
    ("waivers", "owner", "holds"),
    [
        ({"owners": ["@sec/*"]}, "@sec/appsec", True),
        ({"owners": ["@sec/*"]}, "@team/a", False),
        ({"owners": "codeowners"}, "@team/a", True),
        ({"owners": "codeowners"}, "@team/b", False),
        ({"rules": "DL*"}, "@team/a", True),
        ({"rules": "GD*"}, "@team/a", False),
        ({"never": ["serious-configuration"]}, "@team/a", False),
    ],
)
def test_an_organisation_says_what_may_be_waived_and_by_whom(waivers: dict[str, Any], owner: str, holds: bool) -> None:
    judgement = judge(
        finding(),
        organisation={"waivers": waivers},
        waivers=(waiver(owner=owner),),
        codeowners=parse("* @team/b\n/api/ @team/a\n", "CODEOWNERS"),
    )
    assert status(judgement) == (["waived"] if holds else ["new"])
    assert bool(judgement.verdict.notices) is not holds


@pytest.mark.parametrize(
    ("parts", "notice"),
    [
        ({"until": "2026-11-30"}, "The waiver of f1 (@team/a) ends on 2026-11-30"),
        ({"until": "2026-11-01"}, "The waiver of f1 (@team/a) ended on 2026-11-01: fix it, or renew the waiver"),
        ({"fingerprint": "gone"}, "The waiver of gone (@team/a) no longer matches anything; remove it"),
        (
            {"fingerprint": None, "rule": "DL*", "path": "**", "matches": 1},
            "The waiver of DL* in ** (@team/a) was written for 1 and matches 2 now",
        ),
    ],
)
def test_the_owner_of_a_waiver_is_told(parts: dict[str, Any], notice: str) -> None:
    found = (finding(), finding(fingerprint="f2"))
    assert judge(*found, waivers=(waiver(**parts),), is_whole=True).verdict.notices == (notice,)


def test_a_waiver_far_from_its_end_is_not_told_nor_one_of_what_was_not_looked_at() -> None:
    assert judge(finding(), waivers=(waiver(), waiver(fingerprint="elsewhere"))).verdict.notices == ()


def test_grace_counts_from_the_day_it_was_first_seen() -> None:
    grace = {"rules": [{"id": "slow", "why": "w", "when": {"severity": "high"}, "grace": {"high": "14d"}}]}
    fresh = judge(finding(first_seen="2026-11-20"), project=grace)
    assert (fresh.findings[0].blocking, fresh.findings[0].blocks_from) == (False, "2026-12-04")
    assert fresh.verdict.notices == ("1 finding in grace does not block yet; the first does from 2026-12-04 on",)
    assert judge(finding(first_seen="2026-11-01"), project=grace).findings[0].blocking
    assert judge(finding(), project=grace).findings[0].blocking, "of unknown age: no grace"


def test_an_age_can_be_asked_for() -> None:
    old = {"rules": [{"id": "old", "why": "w", "when": {"age": "90d", "severity": "low"}}]}
    published = (NOW - timedelta(days=100)).isoformat()
    known = msgspec.structs.replace(vulnerable().vulnerability, published=published)  # type: ignore[type-var]
    assert (
        judge(msgspec.structs.replace(vulnerable(severity=Severity.LOW), vulnerability=known), project=old)
        .findings[0]
        .blocking
    )
    assert not judge(vulnerable(severity=Severity.LOW), project=old).findings[0].blocking


def test_what_is_not_enforced_passes_and_is_said_loudly() -> None:
    judgement = judge(finding(), project={"enforce": False})
    assert judgement.verdict.status is VerdictStatus.PASS
    assert judgement.verdict.notices == ("THE POLICY OF gate.yaml IS NOT ENFORCED: it would block 1 finding",)
    assert judge(finding(), project={"enforce": False}, organisation={}).verdict.status is VerdictStatus.FAIL


def test_a_required_stage_that_looked_at_nothing_is_incomplete() -> None:
    idle = StageResult(stage="image", target="", skipped="no image was named")
    judgement = decide([idle], Policy(layers=(), required_stages=("image",)), NOW)
    assert judgement.verdict.status is VerdictStatus.INCOMPLETE
    assert judgement.verdict.reasons[0].message == "image has to run and looked at nothing"


@pytest.mark.parametrize(
    ("before", "now", "verdict"), [(3, 3, "pass"), (3, 2, "pass"), (3, 4, "fail"), (None, 9, "pass")]
)
def test_the_ratchet_lets_the_number_of_accepted_findings_only_fall(before: int | None, now: int, verdict: str) -> None:
    waivers = [waiver(fingerprint=f"f{number}") for number in range(9)]
    then = None if before is None else what_is_accepted(waivers[:before], FindingsBaseline())
    today = tuple(waivers[:now])
    assert judge(has_ratchet=True, accepted_before=then, waivers=today).verdict.status.value == verdict
    assert judge(accepted_before=then, waivers=today).verdict.status.value == "pass"


def test_the_ratchet_lets_no_accepted_finding_be_exchanged_for_another() -> None:
    then = what_is_accepted([waiver(), waiver(fingerprint="f2")], FindingsBaseline())
    (reason,) = judge(has_ratchet=True, accepted_before=then, waivers=(waiver(fingerprint="f3"),)).verdict.reasons
    assert "accept 1 finding that they did not accept before (a waiver of f3)" in reason.message
    moved = (waiver(until="2027-07-30"),)
    assert judge(has_ratchet=True, accepted_before=then, waivers=moved).verdict.status is VerdictStatus.PASS


NEVER_SERIOUS = {"waivers": {"never": ["serious-configuration"]}}


@pytest.mark.parametrize(
    "project",
    [
        {"rules": [{"id": "mine", "why": "w", "when": {"severity": "high"}}]},
        {"rules": [{"id": "mine", "why": "w", "when": {"rule": "DL*"}, "effect": "warn"}]},
    ],
)
@pytest.mark.parametrize("first", [[], [{"id": "first", "why": "w", "when": {"severity": "high"}}]])
def test_what_nobody_may_waive_is_protected_whichever_rule_decides(project: Any, first: Any) -> None:
    judgement = judge(finding(), organisation={**NEVER_SERIOUS, "rules": first}, project=project, waivers=(waiver(),))
    assert judgement.findings[0].blocking
    assert "lets no one override the rule serious-configuration" in judgement.verdict.notices[0]


def test_what_nobody_may_waive_is_protected_in_its_grace() -> None:
    grace = {"id": "serious-configuration", "why": "w", "when": {"severity": "high"}, "grace": {"high": "30d"}}
    judgement = judge(
        finding(first_seen="2026-11-20"),
        organisation={**NEVER_SERIOUS, "rules": [grace]},
        project={"rules": [{"id": "mine", "why": "w", "when": {"severity": "high"}}]},
        waivers=(waiver(),),
    )
    assert judgement.findings[0].blocking


@pytest.mark.parametrize("never", [(), ("exploited",)])
def test_a_vex_document_clears_nothing_that_nobody_may_set_aside(never: tuple[str, ...]) -> None:
    cleared = msgspec.structs.replace(vulnerable(severity=Severity.HIGH, exploited=True), vex="not affected")
    judgement = judge(cleared, organisation={"waivers": {"never": never}})
    assert judgement.findings[0].blocking is bool(never)


@pytest.mark.parametrize("said", [" ", "\u00a0", "\u200b", "--"])
@pytest.mark.parametrize("name", ["reason", "owner"])
def test_a_waiver_needs_a_reason_and_an_owner_that_can_be_read(name: str, said: str) -> None:
    waiver = Waiver(**{"fingerprint": "f", "reason": "r", "owner": "o", "until": "2099-01-01", name: said})
    with pytest.raises(ConfigError, match=f"a waiver needs {name}"):
        check(waiver, "waivers.yaml")


@pytest.mark.parametrize("is_narrowed", [True, False])
def test_a_required_stage_that_looked_at_something_has_run_however_narrow_it_is(is_narrowed: bool) -> None:
    narrowed = frozenset({"secrets"}) if is_narrowed else frozenset()
    policy = Policy(layers=(), required_stages=("secrets",), narrowed_stages=narrowed)
    looked = StageResult(stage="secrets", target="shop")
    skipped = StageResult(stage="secrets", target="docs", skipped="no file")
    assert decide([looked, skipped], policy, NOW).verdict.status is VerdictStatus.PASS
    nothing = decide([skipped], policy, NOW).verdict.status
    assert nothing is (VerdictStatus.INCOMPLETE if is_narrowed else VerdictStatus.PASS)


def shared(per_cent: int, name: str = "shop") -> StageResult:
    share = Share(files=per_cent, of_files=100, lines=100, of_lines=100)
    return StageResult(stage="secrets", target=name, share=share)


@pytest.mark.parametrize(
    ("policy", "is_enough"),
    [
        ({}, True),
        ({"required_share": {"secrets": 90}}, False),
        ({"required_share": {"secrets": 79}}, True),
        ({"required_share": {"dockerfile": 90}}, True),
        ({"share_by_default": frozenset({"secrets"})}, True),
        ({"share_by_default": frozenset({"secrets"}), "narrowed_stages": frozenset({"secrets"})}, False),
        (
            {
                "share_by_default": frozenset({"secrets"}),
                "narrowed_stages": frozenset({"secrets"}),
                "required_share": {"secrets": 10},
            },
            True,
        ),
    ],
)
def test_a_stage_that_looked_at_less_than_it_has_to_is_incomplete(policy: dict[str, Any], is_enough: bool) -> None:
    verdict = decide([shared(79)], Policy(layers=(), **policy), NOW).verdict
    assert verdict.status is (VerdictStatus.PASS if is_enough else VerdictStatus.INCOMPLETE)
    assert "secrets looked at 79 of 100 files (79%)" in verdict.notices[0]


def declared(packages: int, of: int) -> StageResult:
    judged = Judged(packages=packages, declared=of, commands=("go mod tidy", "uv lock"), notes=("3 packages of X",))
    return StageResult(stage="dependencies", target="shop", judged=judged)


@pytest.mark.parametrize(
    ("packages", "of", "policy", "is_enough"),
    [
        (23, 338, {}, False),
        (23, 338, {"required_judged": 6}, True),
        (23, 338, {"required_judged": 7}, False),
        (23, 338, {"compared": frozenset({"shop"})}, True),
        (50, 100, {}, True),
        (0, 19, {}, True),
        (0, 20, {}, False),
        (80, 100, {"required_judged": 81}, False),
        (0, 0, {"required_judged": 100}, True),
    ],
)
def test_a_target_of_which_too_little_has_a_version_is_incomplete(
    packages: int, of: int, policy: dict[str, Any], is_enough: bool
) -> None:
    verdict = decide([declared(packages, of)], Policy(layers=(), **policy), NOW).verdict
    assert verdict.status is (VerdictStatus.PASS if is_enough else VerdictStatus.INCOMPLETE)
    if not is_enough:
        (reason,) = verdict.reasons
        assert reason.rule == "required-judged"
        assert f"{packages} of {of} packages" in reason.message
        assert "To pin versions: go mod tidy; uv lock. Or accept this in gate.yaml: " in reason.message
        accepted = int(reason.message.partition("policy: {required_judged: ")[2].removesuffix("}"))
        again = decide([declared(packages, of)], Policy(layers=(), required_judged=accepted), NOW).verdict
        assert again.status is VerdictStatus.PASS


@pytest.mark.parametrize(
    ("of_libraries", "policy", "is_enough"),
    [
        (100, {}, True),
        (81, {}, True),
        (80, {}, False),
        (100, {"required_judged": 50, "judges_libraries": True}, False),
    ],
)
def test_ranges_of_libraries_count_only_where_a_policy_states_the_per_cent(
    of_libraries: int, policy: dict[str, Any], is_enough: bool
) -> None:
    judged = Judged(packages=0, declared=100, of_libraries=of_libraries, commands=("uv lock",))
    result = StageResult(stage="dependencies", target="shop", judged=judged)
    verdict = decide([result], Policy(layers=(), **policy), NOW).verdict
    assert verdict.status is (VerdictStatus.PASS if is_enough else VerdictStatus.INCOMPLETE)


def test_the_number_that_would_be_accepted_is_one_that_counts_libraries_too() -> None:
    judged = Judged(packages=40, declared=200, of_libraries=100, commands=("uv lock",))
    result = StageResult(stage="dependencies", target="shop", judged=judged)
    (reason,) = decide([result], Policy(layers=()), NOW).verdict.reasons
    assert "40 of 100 packages" in reason.message
    assert reason.message.endswith("policy: {required_judged: 20}")
    stated = Policy(layers=(), required_judged=20, judges_libraries=True)
    assert decide([result], stated, NOW).verdict.status is VerdictStatus.PASS


def test_what_was_not_judged_is_said_whatever_the_verdict_is() -> None:
    said = "dependencies did not judge 3 packages of X (in shop)"
    assert decide([declared(9, 9)], Policy(layers=()), NOW).verdict.notices == (said,)
    assert decide([declared(1, 9)], Policy(layers=()), NOW).verdict.notices == (
        said,
        "dependencies could judge 1 of 9 packages (11.1%) that shop declares: the others state no version",
    )


@pytest.mark.parametrize(
    ("target", "skipped", "is_there"),
    [
        ("docker:registry.example.com/shop/api:1.4", None, True),
        ("registry.example.com/shop/api:1.4", None, True),
        ("registry.example.com/shop/api:1.4", "nothing", False),
        ("docker:evil.example/shop/api:1.4", None, False),
        ("evil:registry.example.com/shop/api:1.4", None, False),
    ],
)
def test_a_target_that_has_to_be_looked_at_is_known_by_its_name(
    target: str, skipped: str | None, is_there: bool
) -> None:
    policy = Policy(layers=(), required_targets=(("image", "registry.example.com/shop/api*"),))
    verdict = decide([StageResult(stage="image", target=target, skipped=skipped)], policy, NOW).verdict
    assert verdict.status is (VerdictStatus.PASS if is_there else VerdictStatus.INCOMPLETE)


def test_a_required_target_is_looked_at_by_the_stage_that_has_to() -> None:
    policy = Policy(layers=(), required_targets=(("image", "shop*"),))
    other = StageResult(stage="dockerfile", target="shop")
    assert decide([other], policy, NOW).verdict.status is VerdictStatus.INCOMPLETE
    own = StageResult(stage="image", target="shop")
    assert decide([other, own], policy, NOW).verdict.status is VerdictStatus.PASS


@pytest.mark.parametrize(("days", "is_old"), [(89, False), (90, True), (91, True)])
def test_an_age_is_reached_on_its_day(days: int, is_old: bool) -> None:
    rule = {"rules": [{"id": "old", "why": "w", "when": {"age": "90d", "severity": "low"}}]}
    one = vulnerable(severity=Severity.LOW)
    published = (NOW - timedelta(days=days)).isoformat()
    known = msgspec.structs.replace(one.vulnerability, published=published)  # type: ignore[type-var]
    (judged,) = judge(msgspec.structs.replace(one, vulnerability=known), project=rule).findings
    assert judged.blocking is is_old


def test_what_is_waived_does_not_block_and_the_verdict_names_the_waiver() -> None:
    judgement = judge(finding(), waivers=(waiver(),))
    assert (status(judgement), judgement.findings[0].blocking) == (["waived"], False)
    assert [one.owner for one in judgement.verdict.waivers] == ["@team/a"]


def test_what_another_program_silences_is_reported_unless_a_comment_is_accepted() -> None:
    result = StageResult(stage="dockerfile", target="shop", silenced=(finding(comment="why not"),))
    assert decide([result], Policy(layers=()), NOW).findings == ()
    result = StageResult(stage="dockerfile", target="shop", silenced=(finding(),))
    assert [one.fingerprint for one in decide([result], Policy(layers=()), NOW).findings] == ["f1"]

"""Parts of a run, joined: nothing is lost, nothing is done twice, and what is missing is said."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import UnreadableError, UsageError
from gate.model import (
    Evidence,
    Finding,
    Image,
    ImageLayer,
    Input,
    Location,
    Part,
    PolicyUsed,
    Reason,
    Report,
    Severity,
    StageError,
    StageStatus,
    StageSummary,
    Target,
    Tool,
    Tree,
    Verdict,
    VerdictStatus,
    WaiverUsed,
    Work,
)
from gate.pipeline.merge import merge
from gate.pipeline.plan import plan
from gate.pipeline.shard import ELSEWHERE, share
from gate.settings import Settings

EVIDENCE = Evidence(settings="s", planned=(), ran=())
COMMIT = {"gitCommit": "a" * 40}


def stage(name: str, status: StageStatus = StageStatus.OK, reason: str | None = None) -> StageSummary:
    errors = (StageError(title="cannot be parsed", message=""),) if status is StageStatus.ERROR else ()
    targets = ("shop",) if status is StageStatus.OK else ()
    return StageSummary(
        name=name,
        status=status,
        reason=reason,
        duration_s=1,
        targets=targets,
        counts={},
        facts={"files": 2},
        errors=errors,
    )


def part(index: int, count: int, *stages: StageSummary, status: str = "pass", **parts: object) -> Report:
    verdict = Verdict(
        status=VerdictStatus(status), reasons=() if status == "pass" else (Reason(rule="r", message="why"),)
    )
    report = Report(
        tool=Tool(name="gate", version="1"),
        verdict=verdict,
        stages=stages,
        findings=(),
        packages=3,
        inputs=(Input(target="shop", digests=COMMIT),),
        policies=(PolicyUsed(source="gate.yaml", sha256="0"),),
        part=Part(index=index, count=count),
        evidence=EVIDENCE,
    )
    return msgspec.structs.replace(report, **parts)


def at(index: int, count: int, moment: str) -> Report:
    return part(index, count, msgspec.structs.replace(SECRETS, started_at=moment, finished_at=moment))


def finding(mark: str) -> Finding:
    return Finding(
        stage="secrets",
        rule="R",
        severity=Severity.HIGH,
        title="t",
        message="m",
        fingerprint=mark,
        location=Location(target="shop"),
    )


SECRETS, DOCKERFILE = stage("secrets"), stage("dockerfile")
NOT_HERE = stage("secrets", StageStatus.SKIPPED, ELSEWHERE)


@given(st.integers(0, 40), st.integers(1, 9))
def test_every_item_is_in_just_one_share(items: int, count: int) -> None:
    shares = [share(range(items), f"{index}/{count}") for index in range(1, count + 1)]
    assert sorted(item for one in shares for item in one) == list(range(items))


def test_a_shard_says_which_stages_run_elsewhere_and_which_have_nothing_to_look_at() -> None:
    targets: list[Target] = [Tree(root="/r", name="shop")]
    idle = {one.stage: one.skipped for one in plan(targets, Settings(shard="1/3")).idle}
    assert idle["secrets"] == ELSEWHERE
    assert idle["image"].startswith("no image was named")


def test_there_is_no_share_beyond_the_last() -> None:
    with pytest.raises(UsageError, match="no shard 4/3"):
        share([1], "4/3")


@pytest.mark.parametrize(
    ("statuses", "joined"),
    [
        (("pass", "pass"), "pass"),
        (("pass", "fail"), "fail"),
        (("incomplete", "fail"), "incomplete"),
        (("incomplete", "pass"), "incomplete"),
    ],
)
def test_the_strictest_verdict_is_that_of_the_whole(statuses: tuple[str, str], joined: str) -> None:
    parts = [part(index, 2, status=status) for index, status in enumerate(statuses, 1)]
    assert merge(parts).verdict.status.value == joined


def test_a_stage_is_what_its_parts_are_together() -> None:
    merged = merge([part(1, 2, SECRETS, DOCKERFILE), part(2, 2, NOT_HERE, DOCKERFILE)])
    dockerfile, secrets = merged.stages
    assert (secrets.status, secrets.reason, secrets.targets) == (StageStatus.OK, None, ("shop",))
    assert (dockerfile.duration_s, dockerfile.facts) == (2, {"files": 4})
    assert merged.part is None


def test_the_reason_of_a_stage_that_no_part_ran_is_the_real_one() -> None:
    idle = stage("secrets", StageStatus.SKIPPED, "no image was named")
    assert merge([part(1, 2, idle), part(2, 2, NOT_HERE)]).stages[0].reason == "no image was named"


def test_a_waiver_is_told_once_with_what_it_covers_in_all_parts() -> None:
    verdict = part(1, 2).verdict
    waiver = WaiverUsed(what="R in web/**", owner="ann", until="2026-12-01", findings=2)
    other = msgspec.structs.replace(waiver, what="S in web/**")
    parts = [
        part(1, 2, verdict=msgspec.structs.replace(verdict, waivers=(waiver, other))),
        part(2, 2, verdict=msgspec.structs.replace(verdict, waivers=(waiver,))),
    ]
    assert merge(parts).verdict.waivers == (msgspec.structs.replace(waiver, findings=4), other)


def test_findings_are_counted_once() -> None:
    one, other = (part(index, 2, SECRETS, findings=(finding("a"), finding(str(index)))) for index in (1, 2))
    merged = merge([other, one])
    assert [found.fingerprint for found in merged.findings] == ["a", "1", "2"]
    assert merged.stages[0].counts["high"] == 3


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([part(1, 3), part(3, 3)], "part 2/3 is missing"),
        ([part(1, 2), part(2, 2, tool=Tool(name="gate", version="2"))], "different versions of the gate"),
        ([part(1, 2), part(2, 2, policies=())], "different policies"),
        ([part(1, 2, SECRETS), part(2, 2)], "different stages"),
        ([part(1, 2), part(2, 2, inputs=(Input(target="other", digests=COMMIT),))], "different targets"),
        (
            [part(1, 2), part(2, 2, inputs=(Input(target="shop", digests={"gitCommit": "b" * 40}),))],
            "different bytes of shop",
        ),
        (
            [part(1, 2), part(2, 2, inputs=(Input(target="shop", digests=COMMIT, folder="api"),))],
            "different targets",
        ),
        ([part(1, 2), part(2, 2, inputs=(Input(target="shop", digests={}),))], "different bytes of shop"),
        (
            [at(1, 2, "2026-11-24T12:00:00+00:00"), at(2, 2, "2026-11-25T12:00:01+00:00")],
            "more than a day apart",
        ),
        (
            [part(1, 1, NOT_HERE, part=Part(index=1, count=1, idle_stages=("secrets",)))],
            "secrets has to run, but checked nothing",
        ),
    ],
)
def test_parts_that_are_not_one_whole_are_incomplete(parts: list[Report], said: str) -> None:
    verdict = merge(parts).verdict
    assert verdict.status is VerdictStatus.INCOMPLETE
    assert said in verdict.reasons[0].message


def test_a_required_stage_that_ran_in_another_part_is_no_gap() -> None:
    parts = [
        part(1, 2, NOT_HERE, part=Part(index=1, count=2, idle_stages=("secrets",))),
        part(2, 2, SECRETS, part=Part(index=2, count=2)),
    ]
    assert merge(parts).verdict.status is VerdictStatus.PASS


def test_a_report_that_cannot_be_read_is_a_gap() -> None:
    verdict = merge([part(1, 1)], ["b.json: cannot be read"]).verdict
    assert verdict.status is VerdictStatus.INCOMPLETE
    assert verdict.reasons[0].message == "b.json: cannot be read"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([part(1, 2), part(2, 2)], "part 1 is one of 2, and the run has 3 parts"),
        ([part(1, 1, part=None)], "a report of shop is of a whole run, and those of 3 parts are to be joined"),
    ],
)
def test_of_how_many_parts_a_run_is_can_be_told_by_whoever_joins_them(parts: list[Report], said: str) -> None:
    verdict = merge(parts, expected=3).verdict
    assert (verdict.status, verdict.reasons[0].message) == (VerdictStatus.INCOMPLETE, said)


def test_whole_runs_of_several_projects_have_policies_of_their_own() -> None:
    reports = [part(1, 1, part=None), part(1, 1, part=None, policies=())]
    assert merge(reports).verdict.status is VerdictStatus.PASS


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([part(1, 2), part(1, 2)], "given twice"),
        ([part(1, 2), part(2, 3)], "different runs"),
        ([part(1, 1, part=None), part(1, 1, part=None)], "a report is given twice"),
    ],
)
def test_what_cannot_be_joined_is_wrong_usage(parts: list[Report], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        merge(parts)


def test_without_any_report_nobody_can_say_anything() -> None:
    with pytest.raises(UnreadableError, match="nothing to merge"):
        merge([], ["a.json: cannot be read"])


def test_images_are_named_by_the_part_that_opened_them() -> None:
    image = Image(source="archive", reference="/a.tar", name="archive:a.tar")
    layers = (ImageLayer(diff_id="sha256:1", size=1, files=1, hidden=0),)
    known = Input(target=image.name, digests={"sha256": "1"}, layers=layers)
    merged = merge([part(1, 2, inputs=(Input(target=image.name, digests={}),)), part(2, 2, inputs=(known,))])
    assert merged.inputs == (known,)


PLANNED = (Work(stage="secrets", targets=("shop", "api")),)


def ran(index: int, *targets: str, chosen: dict[str, str] | None = None) -> Report:
    """Return a part of two that ran `secrets` on these targets."""
    done = (Work(stage="secrets", targets=targets),)
    chosen = chosen or {}
    evidence = Evidence(settings=str(chosen), planned=PLANNED, ran=done, chosen=chosen)
    return part(index, 2, SECRETS, evidence=evidence)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (("shop",), ("api",), None),
        (("shop", "api"), (), None),
        (("shop",), (), "no part ran secrets on api"),
        (("shop", "api"), ("api",), "two parts ran secrets on api"),
    ],
)
def test_what_was_planned_is_done_once(first: tuple[str, ...], second: tuple[str, ...], said: str | None) -> None:
    verdict = merge([ran(1, *first), ran(2, *second)]).verdict
    assert [reason.message for reason in verdict.reasons] == ([said] if said else [])


def test_settings_that_differ_are_named_and_those_alone() -> None:
    chosen = [{"offline": "1", "jobs": "2"}, {"offline": "1", "jobs": "3", "timeout": "4"}]
    parts = [ran(index, target, chosen=one) for index, target, one in zip((1, 2), ("shop", "api"), chosen, strict=True)]
    (reason,) = merge(parts).verdict.reasons
    assert reason.message == "the parts were judged with other settings: jobs, timeout"


def test_several_whole_runs_rest_on_nothing_together() -> None:
    """Each rests on its own settings and work; those of the first are no word on the others."""
    planned = (Work(stage="secrets", targets=("shop",)),)
    runs = [
        part(0, 1, SECRETS, part=None, packages=number, evidence=Evidence(settings=name, planned=planned, ran=planned))
        for number, name in enumerate(("a", "b"))
    ]
    joined = merge(runs).evidence
    assert joined is not None
    assert (joined.runs, joined.settings, joined.planned, joined.ran) == (2, "", (), ())
    alone = merge(runs[:1]).evidence
    assert alone is not None
    assert (alone.runs, alone.settings, alone.ran) == (1, "a", planned)


def test_runs_that_do_not_say_what_they_rest_on_are_joined_as_none() -> None:
    joined = merge([part(1, 2, SECRETS, evidence=None), part(2, 2, DOCKERFILE, evidence=None)])
    assert joined.evidence is not None
    assert (joined.evidence.runs, joined.evidence.ran) == (2, ())
    assert joined.verdict.status is VerdictStatus.INCOMPLETE

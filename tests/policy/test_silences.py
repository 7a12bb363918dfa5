"""What comments silence in a comparison: what they silenced at the base, beside the same finding."""

from typing import Any

import msgspec
import pytest

from gate.model import Finding, Silence, StageResult, Tree, Trust
from gate.policy.preexisting import EarlierResult
from gate.policy.silences import settled
from tests.policy.test_decide import finding

BASE = Tree(root="/r", name="shop", revision="b" * 40)
TRUST = Trust(mode="base", bases={"shop": (BASE,)})
QUIET = finding(comment="hadolint ignore=DL3007")


def result(**parts: Any) -> StageResult:
    return StageResult(stage="dockerfile", target="shop", **parts)


def judged(now: StageResult, *before: StageResult, trust: Trust = TRUST) -> tuple[StageResult, list[str]]:
    (settled_result,), loosened = settled([now], [EarlierResult("shop", one) for one in before], trust)
    return settled_result, [one.what for one in loosened]


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        (result(silenced=(QUIET,)), True),
        (result(findings=(QUIET,)), True),
        (result(findings=(finding(),)), False),
        (result(silenced=(msgspec.structs.replace(QUIET, fingerprint="f2"),)), False),
        (result(), False),
    ],
)
@pytest.mark.parametrize("is_told", [True, False])
def test_a_comment_counts_if_it_stood_beside_the_same_finding(before: StageResult, counts: bool, is_told: bool) -> None:
    now = result(findings=(QUIET,)) if is_told else result(silenced=(QUIET,))
    after, told = judged(now, before)
    if counts:
        assert (after, told) == (now, [])
    else:
        assert (after.findings, after.silenced) == ((finding(),), ())
        assert told == ["a comment silences DL3007"]


def test_it_counts_as_often_as_it_stood_there() -> None:
    now = tuple(finding(comment="hadolint ignore=DL3007") for _ in range(3))
    after, told = judged(result(silenced=now), result(silenced=(QUIET, QUIET)))
    assert (len(after.findings), len(after.silenced), len(told)) == (1, 2, 1)


def test_of_several_bases_all_have_to_say_it() -> None:
    both = result(silenced=(QUIET,))
    assert judged(both, both, both)[1] == []
    assert judged(both, both, result())[1] == ["a comment silences DL3007"]


@pytest.mark.parametrize("stood", [True, False])
def test_a_comment_for_a_whole_file_counts_if_it_stood_there(stood: bool) -> None:
    silence = Silence("api/Dockerfile", 1, "DL3007")
    now = result(silenced=(QUIET,), silences=(silence,))
    after, told = judged(now, result(silences=(silence,) if stood else ()))
    assert bool(after.silenced) is stood
    assert told == ([] if stood else ["a comment silences DL3007 in the whole file"])


@pytest.mark.parametrize(("mode", "counts"), [("head", True), ("machine", False)])
def test_outside_of_a_comparison_the_mode_decides(mode: Any, counts: bool) -> None:
    now = result(findings=(QUIET,), silenced=(QUIET,))
    after, told = judged(now, trust=Trust(mode=mode))
    assert (after == now) is counts
    assert [one.comment for one in _all(after)] == ([QUIET.comment] * 2 if counts else [None] * 2)
    assert told == []


def _all(of: StageResult) -> list[Finding]:
    return [*of.findings, *of.silenced]

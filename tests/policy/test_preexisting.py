"""What was there before a change: the same problem, and no milder one."""

from typing import Any

import msgspec
import pytest

from gate.model import Confidence, Finding, InUse, Scope, Severity, StageResult
from gate.policy.preexisting import EarlierResult, is_worse, paths_before
from tests.policy.test_decide import finding, vulnerable

OLD = vulnerable(severity=Severity.HIGH)


def packaged(**parts: Any) -> Finding:
    return msgspec.structs.replace(OLD, package=msgspec.structs.replace(OLD.package, **parts))  # type: ignore[type-var]


def paths(now: list[Finding], before: list[Finding], target: str = "shop") -> list[frozenset[str]]:
    head = StageResult(stage="dockerfile", target="shop", findings=tuple(now))
    earlier = StageResult(stage="dockerfile", target="shop", findings=tuple(before))
    (found,) = paths_before([head], [EarlierResult(target, earlier)])
    return found


@pytest.mark.parametrize(
    ("now", "before", "worse"),
    [
        (finding(), finding(), False),
        (finding(message="x, line 7"), finding(message="x, line 9"), False),
        (finding(message="from evil.example"), finding(message="from example.com"), True),
        (finding(severity=Severity.CRITICAL), finding(), True),
        (finding(severity=Severity.LOW), finding(), False),
        (finding(), finding(confidence=Confidence.LOW), True),
        (packaged(version="0.9"), packaged(version="1.0"), True),
        (packaged(version="1.1"), packaged(version="1.0"), False),
        (packaged(version="1.0", ecosystem="Nobody knows"), packaged(version="0.9", ecosystem="Nobody knows"), True),
        (packaged(scope=Scope.RUNTIME), packaged(scope=Scope.DEVELOPMENT), True),
        (packaged(scope=Scope.DEVELOPMENT), packaged(scope=Scope.RUNTIME), False),
        (msgspec.structs.replace(OLD, in_use=InUse.YES), msgspec.structs.replace(OLD, in_use=InUse.NO), True),
        (msgspec.structs.replace(OLD, in_use=InUse.YES), OLD, False),
    ],
)
def test_what_is_worse_than_before_was_not_there(now: Finding, before: Finding, worse: bool) -> None:
    assert is_worse(now, before) is worse
    assert paths([now], [before]) == [frozenset() if worse else {now.location.path}]


def test_of_equal_problems_as_many_were_there_as_were_there() -> None:
    assert [bool(known) for known in paths([finding()] * 3, [finding()] * 2)] == [True, True, False]


def test_what_another_target_holds_was_not_there() -> None:
    assert paths([finding()], [finding()], target="api") == [frozenset()]

"""From the results of jobs to a report: repeats are told apart, facts are added up, silence is no work done."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.core.errors import GateError
from gate.model import (
    Finding,
    Image,
    InUse,
    Location,
    Package,
    PackageUse,
    Severity,
    StageError,
    StageResult,
    StageStatus,
    Tree,
)
from gate.pipeline import worker_view
from gate.pipeline.jobs import check_is_own
from gate.pipeline.plan import Job
from gate.pipeline.results import RunTimes, inventories_of, join_facts, number_repeats, summarise
from gate.pipeline.self_check import check_done, with_doubt

SHOP, API = Tree(root="/shop", name="shop"), Tree(root="/api", name="api")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def finding(line: int | None, path: str | None = "a.py", **parts: Any) -> Finding:
    whole = {"stage": "secrets", "rule": "R", "severity": Severity.HIGH, "title": "t", "message": "m", **parts}
    return Finding(fingerprint="f", location=Location(target="shop", path=path, line=line), **whole)


def test_the_first_of_equal_findings_keeps_its_fingerprint_and_each_other_has_its_own() -> None:
    result = StageResult(stage="secrets", target="shop", findings=(finding(9), finding(2), finding(5)))
    numbered = number_repeats(result).findings
    assert [one.location.line for one in numbered] == [2, 5, 9]
    assert numbered[0].fingerprint == "f"
    assert len({one.fingerprint for one in numbered}) == 3
    again = StageResult(stage="secrets", target="shop", findings=(finding(20), finding(10), finding(30)))
    assert [one.fingerprint for one in number_repeats(again).findings] == [one.fingerprint for one in numbered]


def test_findings_stand_in_the_order_of_places_those_without_one_first() -> None:
    places = [("b", 1), ("a", 10), ("a", 9), ("a", None), (None, None)]
    result = StageResult(stage="s", target="t", findings=tuple(finding(line, path) for path, line in places))
    ordered = [(one.location.path, one.location.line) for one in number_repeats(result).findings]
    assert ordered == [(None, None), ("a", None), ("a", 9), ("a", 10), ("b", 1)]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (1, 2, 3),
        (1.5, 2, 3.5),
        (True, True, True),
        (True, False, False),
        ("a", "a", "a"),
        ("a", "b", ["a", "b"]),
        (["a", "b"], ["b", "c"], ["a", "b", "c"]),
        (["a"], "a", ["a"]),
        (3, "many", ["3", "many"]),
        ({"x": 1}, {"x": 1}, {"x": 1}),
    ],
)
def test_facts_are_added_up_listed_or_the_same(first: Any, second: Any, joined: Any) -> None:
    assert join_facts([{"fact": first}, {"fact": second}, {"other": 1}]) == {"fact": joined, "other": 1}


def test_a_stage_is_what_its_results_are_together() -> None:
    error = StageError(title="cannot be read", message="")
    results = [
        StageResult(stage="secrets", target="shop", facts={"files": 1}, duration_s=1.0),
        StageResult(stage="secrets", target="api", errors=(error,), duration_s=0.5),
        StageResult(stage="image", target="", skipped="no image was named"),
        StageResult(stage="image", target="x", skipped="no image was named"),
        StageResult(stage="dockerfile", target="web", skipped="there is none"),
        StageResult(stage="dockerfile", target="shop"),
    ]
    secrets, image, dockerfile = summarise(results, [finding(1), finding(2)], RunTimes())
    assert (secrets.status, secrets.targets, secrets.duration_s) == (StageStatus.ERROR, ("shop", "api"), 1.5)
    assert (secrets.reason, [one.target for one in secrets.errors]) == ("cannot be read", ["api"])
    assert (secrets.counts["high"], image.counts["high"]) == (2, 0)
    assert (image.status, image.targets, image.reason) == (StageStatus.SKIPPED, (), "no image was named")
    assert (dockerfile.status, dockerfile.targets, dockerfile.reason) == (StageStatus.OK, ("shop",), None)


def test_a_stage_that_looked_at_no_target_in_particular_names_none() -> None:
    (tools,) = summarise(
        [StageResult(stage="tools", target=""), StageResult(stage="tools", target="shop")], [], RunTimes()
    )
    assert (tools.status, tools.targets) == (StageStatus.OK, ("shop",))


def test_an_inventory_is_of_its_target_by_the_stages_that_read_packages(package: Any) -> None:
    lodash, curl = package("npm", "lodash", "1"), package("npm", "curl", "1")
    results = [
        StageResult(stage="dependencies", target="shop", packages=(lodash,)),
        StageResult(stage="dependencies", target="api", packages=(curl,), errors=(StageError(title="e", message=""),)),
        StageResult(stage="secrets", target="web"),
    ]
    web = Tree(root="/web", name="web")
    shop, api = inventories_of([SHOP, API, web], results, NOW)
    assert (shop.target, shop.packages, shop.is_complete) == ("shop", (lodash,), True)
    assert (api.target, api.packages, api.is_complete) == ("api", (curl,), False)


@pytest.mark.parametrize(
    ("parts", "is_doubted"),
    [
        ({}, True),
        ({"facts": {"files": 1}}, False),
        ({"findings": (finding(1),)}, False),
        ({"skipped": "there is none"}, False),
        ({"skipped": ""}, False),
        ({"stage": "of-a-plugin"}, False),
    ],
)
def test_a_stage_that_says_nothing_of_its_work_is_not_believed(parts: dict[str, Any], is_doubted: bool) -> None:
    result = with_doubt(StageResult(**{"stage": "secrets", "target": "shop", **parts}))
    assert (result.status is StageStatus.ERROR) is is_doubted
    assert [error.title for error in result.errors] == ["secrets reports nothing about its work"] * is_doubted


def test_its_own_error_stays_as_it_is() -> None:
    result = StageResult(stage="secrets", target="shop", errors=(StageError(title="cannot be read", message=""),))
    assert with_doubt(result) == result


def test_a_job_without_a_result_is_an_error_and_one_with_two_is_none() -> None:
    jobs = [Job("secrets", SHOP), Job("secrets", API)]
    done = [StageResult(stage="secrets", target=target) for target in ("shop", "api", "shop")]
    check_done(jobs, done)
    with pytest.raises(GateError, match="the result of secrets is lost") as caught:
        check_done(jobs, [done[0], done[2]])
    assert caught.value.path == "api"


@pytest.mark.parametrize(
    "answer", [StageResult(stage="image", target="shop"), StageResult(stage="x", target="api"), None, {}]
)
def test_what_is_of_another_stage_or_target_is_no_answer(answer: object) -> None:
    check_is_own(StageResult(stage="x", target="shop"), Job("x", SHOP))
    with pytest.raises(GateError, match="no result of its own"):
        check_is_own(answer, Job("x", SHOP))


@pytest.mark.parametrize("place", ["/", "/home", "/home/ada", "/home/ada/"])
def test_a_worker_does_not_see_the_users_folder_although_python_searches_it(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setattr("sys.path", [place, "/home/adam", "/home/ada/lib"])
    worker_view.interpreter.cache_clear()
    try:
        seen = worker_view.interpreter()
    finally:
        worker_view.interpreter.cache_clear()
    assert {"/home/adam", "/home/ada/lib"} <= set(seen)
    assert not {"/", "/home", "/home/ada"} & set(seen)
    assert str(Path(worker_view.__file__).parents[1]) in seen


def test_an_inventory_has_an_answer_for_each_package_or_none() -> None:
    target = Image(source="docker", reference="shop", name="shop")
    package = Package(name="a", version="1", ecosystem="npm", purl="pkg:npm/a@1")
    use = PackageUse(InUse.YES, ("it is started",))
    asked = StageResult(stage="image", target="shop", packages=(package,), uses=(use,), package_layers=("sha256:1",))
    (inventory,) = inventories_of([target], [asked], NOW)
    assert (inventory.uses, inventory.layers) == ((use,), ("sha256:1",))
    unasked = msgspec.structs.replace(asked, uses=(), package_layers=())
    (inventory,) = inventories_of([target], [asked, unasked], NOW)
    assert (inventory.uses, inventory.layers) == ((), ())

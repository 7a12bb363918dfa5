"""A secret in several files, of which some are new: the new ones come first and are named."""

from typing import Any

import pytest

from gate.model import Finding, Location
from gate.policy.copies import identity, paths_of, with_new_places_first
from gate.policy.preexisting import key_of
from tests.policy.test_decide import SECRET, finding, judge


def copied(*paths: str, **parts: Any) -> Finding:
    first, *others = (Location(target="shop", path=path, line=number) for number, path in enumerate(paths, 1))
    return finding(stage="secrets", secret=SECRET, location=first, places=tuple(others), **parts)


def test_new_places_come_before_known_ones_and_stand_in_the_message() -> None:
    found = with_new_places_first(copied("old", "new", "older", "newer"), {"old", "older"})
    assert [place.path for place in (found.location, *found.places)] == ["new", "newer", "old", "older"]
    assert found.message == "m; new in new, line 2; newer, line 4"


def test_of_many_new_places_three_are_named() -> None:
    found = with_new_places_first(copied("old", *"abcd"), {"old"})
    assert found.message == "m; new in a, line 2; b, line 3; c, line 4; 1 more"
    assert with_new_places_first(copied("old", *"abc"), {"old"}).message.endswith("c, line 4")


@pytest.mark.parametrize("known", [set(), {"a", "b"}, {"elsewhere"}], ids=["none", "all", "others"])
def test_where_all_or_none_are_new_nothing_changes(known: set[str]) -> None:
    assert with_new_places_first(copied("a", "b"), known) == copied("a", "b")


def test_without_a_path_the_place_is_the_target_itself() -> None:
    whole = finding(location=Location(target="shop"))
    assert paths_of(whole) == {""}
    assert with_new_places_first(whole, {""}) == whole


def test_a_secret_is_the_same_in_another_file_and_another_finding_is_not() -> None:
    assert identity(copied("a", fingerprint="x")) == identity(copied("b", fingerprint="y"))
    assert identity(finding(fingerprint="x")) != identity(finding(fingerprint="y"))


@pytest.mark.parametrize(("paths", "first"), [(("old", "new"), "new"), (("old",), "old")])
def test_the_decision_puts_them_first(paths: tuple[str, ...], first: str) -> None:
    found = copied(*paths)
    judged = judge(found, there_before={key_of(found): frozenset({"old"})}).findings[0]
    assert judged.location.path == first

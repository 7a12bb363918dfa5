"""The name that was meant: the nearest of a few, or one that differs by one typing error."""

import pytest

from gate.core.suggestions import NearNames, did_you_mean, nearest


def test_the_nearest_name_is_suggested_and_none_that_is_far() -> None:
    known = ["dockerfile", "dependencies", "secrets"]
    assert nearest("secret", known) == "secrets"
    assert nearest("image", known) is None
    assert did_you_mean("dokerfile", known, "see the list") == "Did you mean dockerfile?"
    assert did_you_mean("image", known, "see the list") == "see the list"
    assert nearest("secret", known, cutoff=0.99) is None


@pytest.mark.parametrize("typed", ["lodas", "lodashs", "lodesh", "ldoash", "Lodasch"])
def test_one_typing_error_is_found(typed: str) -> None:
    assert NearNames(["lodash", "express"]).near(typed) == "lodash"


@pytest.mark.parametrize("typed", ["lodash", "loda", "lodashxx", "sdhol", "exp", ""])
def test_the_name_itself_and_two_errors_are_none(typed: str) -> None:
    assert NearNames(["lodash", "express"]).near(typed) is None


@pytest.mark.parametrize(("known", "typed"), [("abc", "abd"), ("a" * 65, "a" * 64 + "b")])
def test_very_short_and_very_long_names_are_left_out(known: str, typed: str) -> None:
    assert NearNames([known]).near(typed) is None

"""What a waiver has to name, and of which findings it is."""

import pytest

from gate.core.errors import ConfigError
from gate.policy.waivers import Waiver, check

WHOLE = {"reason": "r", "owner": "o", "until": "2099-01-01"}


@pytest.mark.parametrize(
    "parts",
    [
        {"fingerprint": "f"},
        {"rule": "R", "path": "a"},
        {"rule": "R", "package": "p"},
        {"rule": "R", "path": "a", "package": "p"},
    ],
    ids=str,
)
def test_it_names_a_fingerprint_or_a_rule_in_a_path_or_a_package(parts: dict[str, str]) -> None:
    check(Waiver(**WHOLE, **parts), "waivers.yaml")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"rule": "R"},
        {"path": "a"},
        {"package": "p"},
        {"path": "a", "package": "p"},
        {"fingerprint": "f", "rule": "R"},
        {"fingerprint": "f", "path": "a"},
        {"fingerprint": "f", "package": "p"},
        {"fingerprint": "f", "rule": "R", "path": "a"},
    ],
    ids=str,
)
def test_anything_else_is_refused(parts: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="either a fingerprint, or a rule with a path or a package") as caught:
        check(Waiver(**WHOLE, **parts), "waivers.yaml")
    assert caught.value.path == "waivers.yaml"


@pytest.mark.parametrize("until", ["", "tomorrow", "2099-13-01", "2099-02-30", "01.02.2099", "2099-1-1"])
def test_its_last_day_is_a_date(until: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(Waiver(**{**WHOLE, "until": until}, fingerprint="f"), "waivers.yaml")
    assert caught.value.path == "waivers.yaml"

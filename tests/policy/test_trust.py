"""What holds for each key of the settings in a comparison, and who may set it."""

import pytest

from gate.policy import directions
from gate.policy.trust import all_keys, key_of, said_by


@pytest.mark.parametrize("stage", ["secrets", "dockerfile", "dependencies", "image"])
def test_keys_that_all_stages_have_hold_for_each(stage: str) -> None:
    found = {name: key_of(("stages", stage, name)) for name in ("enabled", "ignore", "paths")}
    assert {name: key and key.direction for name, key in found.items()} == {
        "enabled": directions.ON,
        "ignore": directions.IGNORED,
        "paths": directions.LOOKED_AT,
    }


def test_a_key_outside_of_the_stages_is_known_by_its_whole_name() -> None:
    jobs, since = key_of(("jobs",)), key_of(("since",))
    assert jobs is not None and not jobs.decides  # noqa: PT018
    assert since is not None and since.speaker == "starter"  # noqa: PT018
    assert key_of(("advisories", "enabled")) is None


def test_the_keys_are_those_of_the_settings_without_the_policy() -> None:
    """Sections are followed down to what can be set; a policy's layers are joined by their own rule."""
    keys = all_keys()
    assert {("jobs",), ("advisories", "source"), ("stages", "secrets", "ignore")} <= set(keys)
    assert not [path for path in keys if path[0] == "policy" or path in (("stages",), ("advisories",))]
    assert [path for path in keys if key_of(path) is None] == []


def test_who_starts_the_gate_says_alone_what_it_is_compared_with() -> None:
    assert {("since",), ("shard",)} <= set(said_by("starter"))
    assert ("allow",) in said_by("organisation")
    assert not set(said_by("starter")) & set(said_by("organisation"))

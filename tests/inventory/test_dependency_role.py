"""Scope, directness and via from a lockfile's graph."""

from gate.inventory.dependency_role import Standing, Standings
from gate.model import Scope

NEEDS = {"app@1": ["lib@2"], "tool@1": ["deep@1"], "deep@1": ["tool@1"]}
NAMES = {"app@1": "app", "lib@2": "lib"}


def test_keys_are_told_by_name() -> None:
    found = Standings({Scope.RUNTIME: ["app@1"], Scope.DEVELOPMENT: ["tool@1"]}, NEEDS, NAMES)
    assert found.of("app@1") == Standing(Scope.RUNTIME, True)
    assert found.of("lib@2") == Standing(Scope.RUNTIME, False, ("app",))
    assert found.of("deep@1") == Standing(Scope.DEVELOPMENT, False, ("tool@1",))


def test_what_nothing_reaches_counts_as_runtime() -> None:
    assert Standings({Scope.DEVELOPMENT: ["tool@1"]}, NEEDS, NAMES).of("app@1") == Standing(Scope.RUNTIME, False)


def test_without_roots_nobody_knows_what_is_direct() -> None:
    assert Standings({}, NEEDS, NAMES).of("lib@2") == Standing(Scope.RUNTIME, None)

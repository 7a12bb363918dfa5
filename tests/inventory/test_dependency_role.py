"""Scope, directness and via from a lockfile's graph."""

from gate.inventory.dependency_role import DependencyRole, DependencyRoles
from gate.model import Scope

NEEDS = {"app@1": ["lib@2"], "tool@1": ["deep@1"], "deep@1": ["tool@1"]}
NAMES = {"app@1": "app", "lib@2": "lib"}


def test_keys_are_told_by_name() -> None:
    found = DependencyRoles({Scope.RUNTIME: ["app@1"], Scope.DEVELOPMENT: ["tool@1"]}, NEEDS, NAMES)
    assert found.of("app@1") == DependencyRole(Scope.RUNTIME, True)
    assert found.of("lib@2") == DependencyRole(Scope.RUNTIME, False, ("app",))
    assert found.of("deep@1") == DependencyRole(Scope.DEVELOPMENT, False, ("tool@1",))


def test_what_nothing_reaches_counts_as_runtime() -> None:
    assert DependencyRoles({Scope.DEVELOPMENT: ["tool@1"]}, NEEDS, NAMES).of("app@1") == DependencyRole(
        Scope.RUNTIME, False
    )


def test_without_roots_nobody_knows_what_is_direct() -> None:
    assert DependencyRoles({}, NEEDS, NAMES).of("lib@2") == DependencyRole(Scope.RUNTIME, None)

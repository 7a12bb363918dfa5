"""Manifests that would have to be run."""

from collections.abc import Callable

import pytest

from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]


@pytest.mark.parametrize("name", ["setup.py", "conanfile.py", "build.gradle", "build.gradle.kts", "build.sbt"])
def test_what_a_program_asks_for_is_imprecise(locked: Read, name: str) -> None:
    found = locked({f"app/{name}": b"\xff raise SystemExit"})
    assert found == Locked(imprecise=(f"app/{name}:1: all that this program asks for",))


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("setup.py", "uv.lock"),
        ("conanfile.py", "conan.lock"),
        ("build.gradle", "gradle.lockfile"),
        ("build.gradle.kts", "gradle/verification-metadata.xml"),
        ("build.gradle", "gradle/dependency-locks/runtimeClasspath.lockfile"),
        ("build.sbt", "build.sbt.lock"),
    ],
)
def test_what_came_of_it_stands_in_the_lockfile_beside(locked: Read, name: str, lock: str) -> None:
    assert locked({f"app/{name}": "", f"app/{lock}": ""}) == Locked()
    assert locked({f"other/{name}": "", lock: ""}).imprecise

"""Podfile.lock."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """PODS:
  - AFNetworking (4.0.1):
    - AFNetworking/NSURLSession (= 4.0.1)
  - AFNetworking/NSURLSession (4.0.1):
    - AFNetworking/Security
    - Reach (~> 1.0)
  - "Hermes+Engine (0.1.0)"
  - Local (1.0.0):
    - Reach
  - Reach (1.2.0)

DEPENDENCIES:
  - AFNetworking (~> 4.0)
  - Local (from `../Local`)
  - "Hermes+Engine"

SPEC REPOS:
  trunk:
    - AFNetworking

EXTERNAL SOURCES:
  Local:
    :path: "../Local"

SPEC CHECKSUMS:
  AFNetworking: "00"

PODFILE CHECKSUM: "00"

COCOAPODS: 1.15.2
"""


def test_pods_and_their_subspecs(locked: Read) -> None:
    found = locked({"ios/Podfile.lock": LOCK})
    assert [(p.ecosystem, p.name, p.version, p.line, p.direct, p.via) for p in found.packages] == [
        ("CocoaPods", "AFNetworking", "4.0.1", 2, True, ()),
        ("CocoaPods", "Hermes+Engine", "0.1.0", 7, True, ()),
        ("CocoaPods", "Reach", "1.2.0", 10, False, ("AFNetworking",)),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("PODS: {}", "Expected `array`, got `object`"),
        ("PODS:\n  - A\n", r"a pod is written as: name \(version\) \(line 2\)"),
        ("PODS:\n  - {}\n", r"a pod is written as: name \(version\) \(line 2\)"),
        ("PODS:\n  - A//B (1): [x]\n  - /B (1)\n", r"the name of a package .* \(line 3\)"),
        ("PODS: [a\n", r"it is not YAML: .*\(line 2\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"Podfile.lock": text})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 400), noise=st.text(alphabet="\"'{}[]:,\n -a1()/", max_size=8))
def test_any_damage_is_read_or_a_clear_error(damaged: Read, cut: int, noise: str) -> None:
    found = damaged({"Podfile.lock": LOCK[:cut] + noise + LOCK[cut:]})
    assert found is None or all(package.line for package in found.packages)


def test_a_pod_from_a_repository_is_known_by_its_commit(locked: Read) -> None:
    text = (
        "PODS:\n  - Reach (1.2.0)\n  - Tagged/Core (2.0.0)\nDEPENDENCIES:\n  - Reach (from `https://packages.example/o/reach.git`)\n"
        "EXTERNAL SOURCES:\n  Reach:\n    :git: https://packages.example/o/reach.git\n    :submodules: true\n"
        f"CHECKOUT OPTIONS:\n  Reach:\n    :commit: {'a' * 40}\n    :git: https://packages.example/o/reach.git\n"
        "  Tagged/Core:\n    :git: https://packages.example/o/tagged\n    :tag: 2.0.0\n"
    )
    assert [(p.ecosystem, p.name, p.version, p.line) for p in locked({"Podfile.lock": text}).packages] == [
        ("GIT", "packages.example/o/reach", "a" * 40, 2),
        ("CocoaPods", "Reach", "1.2.0", 2),
        ("CocoaPods", "Tagged", "2.0.0", 3),
    ]

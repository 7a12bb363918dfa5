"""Package.resolved, versions 1 to 3."""

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.commits import repository
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

VERSION_1 = """{
  "object": {
    "pins": [
      {
        "package": "swift-nio",
        "repositoryURL": "https://packages.example/apple/swift-nio.git",
        "state": {"branch": null, "revision": "0123", "version": "2.0.0"}
      },
      {
        "package": "moving",
        "repositoryURL": "git@packages.example:someone/moving.git",
        "state": {"branch": "main", "revision": "0123", "version": null}
      }
    ]
  },
  "version": 1
}"""
VERSION_2 = """{
  "pins": [
    {
      "identity": "swift-nio",
      "kind": "remoteSourceControl",
      "location": "https://packages.example/apple/swift-nio.git",
      "state": {"revision": "0123", "version": "2.0.0"}
    },
    {
      "identity": "moving",
      "kind": "remoteSourceControl",
      "location": "ssh://git@packages.example/someone/moving",
      "state": {"branch": "main", "revision": "0123"}
    },
    {"identity": "mona.list", "kind": "registry", "location": "", "state": {"version": "1.1.0"}},
    {"identity": "x", "kind": "localSourceControl", "location": "/home/x", "state": {"revision": "0123"}}
  ],
  "version": 2
}"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [(VERSION_1, (4, 9)), (VERSION_2, (3, 9)), (VERSION_2.replace('"version": 2', '"version": 3'), (3, 9))],
)
def test_pins(locked: Read, text: str, lines: tuple[int, int]) -> None:
    found = locked({"App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved": text})
    assert [(p.ecosystem, p.name, p.version, p.line, p.direct) for p in found.packages][:1] == [
        ("SwiftURL", "packages.example/apple/swift-nio", "2.0.0", lines[0], None)
    ]
    assert [(p.name, p.version) for p in found.packages[1:]] == ([] if text == VERSION_1 else [("mona.list", "1.1.0")])
    assert [one.partition(":")[2] for one in found.imprecise] == [f"{lines[1]}: packages.example/someone/moving"]


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("https://packages.example/a/b.git", "packages.example/a/b"),
        ("https://packages.example/a/b/", "packages.example/a/b"),
        ("https://user@packages.example/a/b", "packages.example/a/b"),
        ("ssh://git@packages.example/a/b.git", "packages.example/a/b"),
        ("git@packages.example:a/b.git", "packages.example/a/b"),
        ("packages.example:a/b", "packages.example/a/b"),
    ],
)
def test_a_repository_has_one_name(location: str, name: str) -> None:
    assert repository(location) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", r"it is not JSON: .*\(line 1\)"),
        ("{}", "Object missing required field `version`"),
        ('{"version": 4, "pins": []}', "its version 4 is not known"),
        ('{"version": 1, "pins": []}', "Object missing required field `object`"),
        ('{"version": 2, "pins": [{}]}', "Object missing required field `state`"),
        ('{"version": 2, "pins": [\n{"location": "", "state": {"version": "1"}}]}', r"the name of .* \(line 2\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"Package.resolved": text})


@given(st.text())
def test_any_text_is_a_location(location: str) -> None:
    assert len(repository(location)) <= len(location)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sample=st.sampled_from([VERSION_1, json.dumps(json.loads(VERSION_2))]),
    cut=st.integers(0, 600),
    noise=st.text(alphabet='"{}[]:,\\\n/a1', max_size=8),
)
def test_any_damage_is_read_or_a_clear_error(damaged: Read, sample: str, cut: int, noise: str) -> None:
    found = damaged({"Package.resolved": sample[:cut] + noise + sample[cut:]})
    assert found is None or all(package.line for package in found.packages)

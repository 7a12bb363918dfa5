"""What workflows and actions use."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.discovery import reader_of
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

COMMIT = "0123456789" * 4
WORKFLOW = f"""on: push
jobs:
  test:
    steps:
      - uses: actions/checkout@v4.2.2
      - uses: "actions/setup-python@{COMMIT}"  # v5.6.0
      - uses: github/codeql-action/init@v3
      - uses: ./local
      - uses: docker://packages.example/image:1.0
      - run: "uses: not/this@v1.0.0"
      - uses: someone/unknown@{COMMIT}
  call:
    uses: octo/shared/.github/workflows/ci.yml@2.0.0-rc.1
"""
ACTION = f"""name: build
runs:
  using: composite
  steps:
    - uses: Someone/Tool@{COMMIT} # pin@1.2.3, was 1.0.0
"""


def test_a_workflow(locked: Read) -> None:
    found = locked({".github/workflows/ci.yml": WORKFLOW})
    assert [(p.ecosystem, p.name, p.version, p.line, p.direct) for p in found.packages] == [
        ("GitHub Actions", "actions/checkout", "4.2.2", 5, True),
        ("GitHub Actions", "actions/setup-python", "5.6.0", 6, True),
        ("GIT", "github.com/someone/unknown", COMMIT, 11, True),
        ("GitHub Actions", "octo/shared", "2.0.0-rc.1", 13, True),
    ]
    assert found.imprecise == (
        ".github/workflows/ci.yml:7: github/codeql-action/init@v3",
        ".github/workflows/ci.yml:9: docker://packages.example/image:1.0",
        f".github/workflows/ci.yml:11: someone/unknown@{COMMIT}",
    )


def test_a_composite_action(locked: Read) -> None:
    found = locked({"tools/build/action.yml": ACTION})
    assert [(p.name, p.version, p.line) for p in found.packages] == [("Someone/Tool", "1.2.3", 5)]


@pytest.mark.parametrize(
    ("comment", "version"),
    [
        ("# v1.2.3", "1.2.3"),
        ("#1.2.3", "1.2.3"),
        ("# tag=v1.2.3", "1.2.3"),
        ("# ratchet:a/b@v1.2.3", "1.2.3"),
        ("# v1", None),
        ("# v1.2", None),
        ("# 1.2.3.4", None),
        ("", None),
    ],
)
def test_the_comment_behind_a_commit_is_believed_if_it_is_a_whole_version(
    locked: Read, comment: str, version: str | None
) -> None:
    found = locked({"action.yml": f"runs: \n  steps:\n  - uses: a/b@{COMMIT} {comment}\n"})
    assert [package.version for package in found.packages] == [version or COMMIT]


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\u2028"])
def test_the_comment_is_found_whatever_ends_a_line(locked: Read, line_end: str) -> None:
    text = line_end.join(["name: x", "runs:", "  steps:", f"  - uses: a/b@{COMMIT} # v1.2.3", ""])
    assert [(package.version, package.line) for package in locked({"action.yml": text}).packages] == [("1.2.3", 4)]


@pytest.mark.parametrize(
    ("path", "is_read"),
    [
        (".github/workflows/a.yml", True),
        (".github/workflows/a.yaml", True),
        ("x/action.yaml", True),
        (".github/workflows/deep/a.yml", False),
        ("x/.github/workflows/a.yml", False),
        (".github/dependabot.yml", False),
    ],
)
def test_which_files_are_read(path: str, is_read: bool) -> None:
    assert (reader_of(path) is not None) == is_read


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("- a", "Expected `object`, got `array`"),
        ("a: 1\na: 2", r"the key 'a' stands twice \(line 2\)"),
        ("jobs: [\n", r"it is not YAML: .*\(line 2\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"action.yml": text})


@pytest.mark.parametrize(
    "text", ["jobs:", "jobs: 1", "jobs: {a: 1, b: {steps: 2}, c: {steps: [3, {uses: [4]}]}}", "runs:"]
)
def test_what_is_no_workflow_uses_nothing(locked: Read, text: str) -> None:
    assert locked({"action.yml": text}) == Locked()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 500), noise=st.text(alphabet="\"'{}[]:,\n\r\x85\u2028 -a1&*@/#", max_size=8))
def test_any_damage_is_read_or_a_clear_error(damaged: Read, cut: int, noise: str) -> None:
    found = damaged({"action.yml": WORKFLOW[:cut] + noise + WORKFLOW[cut:]})
    assert found is None or all(package.line for package in found.packages)

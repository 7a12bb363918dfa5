"""bun.lock: JSON with comments and trailing commas."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked
from gate.inventory.lockfiles.bun import relaxed

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "shop",
      "dependencies": { "@s/a": "^1.0.0", "old": "npm:real@^5.0.0", },
      "devDependencies": { "tool": "6.0.0", "forked": "github:someone/forked", },
    },
    "apps/web": {
      "name": "web",
      "dependencies": { "b": "^1.0.0", },
      "optionalDependencies": { "fs": "^2.0.0", },
    },
  },
  "packages": {
    "@s/a": ["@s/a@1.2.0", "", { "dependencies": { "b": "^2.0.0" } }, "sha512-AA=="],

    // a comment, with "quotes" and [brackets
    "b": ["b@2.0.1", "", { "peerDependencies": { "@s/c": "*" } }, "sha512-AA=="],

    "@s/c": ["@s/c@3.0.0", "", {}, "sha512-AA=="],

    "forked": ["forked@github:someone/forked#0123", {}, "someone-forked-0123"],

    "fs": ["fs@2.3.3", "", { "os": "darwin" }, "sha512-AA=="],

    "old": ["real@5.0.1", "", {}, "sha512-AA=="],

    "tool": ["tool@6.0.0", "", { "dependencies": { "@s/c": "^2.0.0" } }, "sha512-AA=="],

    "web": ["web@workspace:apps/web"],

    "tool/@s/c": ["@s/c@2.0.0", "", {}, "sha512-AA=="],

    "web/b": ["b@1.0.0", "", { "dependencies": { "web": "*" } }, "sha512-AA=="],
  }
}
"""


def test_nested_copies_workspaces_and_aliases(locked: Read) -> None:
    found = locked({"bun.lock": LOCK})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct, p.via) for p in found.packages] == [
        ("@s/a", "1.2.0", 16, "runtime", True, ()),
        ("b", "2.0.1", 19, "runtime", False, ("@s/a",)),
        ("@s/c", "3.0.0", 21, "runtime", False, ("@s/a", "b")),
        ("fs", "2.3.3", 25, "optional", True, ()),
        ("real", "5.0.1", 27, "runtime", True, ()),
        ("tool", "6.0.0", 29, "development", True, ()),
        ("@s/c", "2.0.0", 33, "development", False, ("tool",)),
        ("b", "1.0.0", 35, "runtime", True, ()),
    ]
    assert found.imprecise == ("bun.lock:23: forked",)


@pytest.mark.parametrize("version", [0, 1, 2])
def test_a_lockfile_may_be_empty(locked: Read, version: int) -> None:
    assert locked({"bun.lock": f'{{"lockfileVersion": {version}, "packages": {{}},}}'}) == Locked()


def test_the_binary_form_is_refused_with_the_way_to_the_text_form(locked: Read) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed: it is Bun's binary lockfile") as caught:
        locked({"web/bun.lockb": b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n\x00"})
    assert (caught.value.path, "--save-text-lockfile" in (caught.value.hint or "")) == ("web/bun.lockb", True)


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("[1, 2,]", "[1, 2]"),
        ("[1,\n // x\n]", "[1\n \n]"),
        ('{"a": "// no, ]",}', '{"a": "// no, ]"}'),
        ("[1 /* x\n,\n */]", "[1 \n\n]"),
        ("[1] /* open", "[1] "),
    ],
)
def test_comments_and_trailing_commas_go_and_lines_stay(text: str, strict: str) -> None:
    assert relaxed(text) == strict


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", r"it is not JSON: .*\(line 1\)"),
        ("{}", "Object missing required field `lockfileVersion`"),
        ('{"lockfileVersion": 9}', "its lockfileVersion 9 is not known"),
        ('{"lockfileVersion": 1, "packages": {"a": []}}', r"a package is an array that begins with .* \(line 1\)"),
        ('{"lockfileVersion": 1,\n"packages": {"a": ["a"]}}', r"a package is an array that begins with .* \(line 2\)"),
        ('{"lockfileVersion": 1, "packages": {"a": ["a@1", {"dependencies": []}]}}', r"Expected `object`, got `array`"),
        ('{"lockfileVersion": 1, "packages": {"a": ["a@1"],\n"a": ["a@1"]}}', "the key 'a' stands twice"),
        ('{"lockfileVersion": 1, "packages": {"a": ["a b@1"]}}', r"the name of a package .* \(line 1\)"),
        (
            '{"lockfileVersion": 1, "packages": {"' + "a/" * 300 + '": ["a@1", {"dependencies": {"b": "1"}}]}}',
            "more than 200 copies in one another",
        ),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"bun.lock": text})


VALUES = st.recursive(
    st.text(alphabet='ab,/*"\\]} ', max_size=6) | st.integers(0, 9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='a",/', max_size=3), inner, max_size=3)
    ),
)


@given(VALUES, st.sampled_from([None, 1]))
def test_strict_json_stays_what_it_means(value: Any, indent: int | None) -> None:
    assert json.loads(relaxed(json.dumps(value, indent=indent))) == value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 1500), noise=st.text(alphabet='@:/*"\n ,{[]}a1', max_size=8))
def test_any_damage_is_read_or_a_clear_error(damaged: Read, cut: int, noise: str) -> None:
    damaged({"bun.lock": LOCK[:cut] + noise + LOCK[cut:]})

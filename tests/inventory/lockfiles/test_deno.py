"""deno.lock, versions 2 to 5: packages of npm and JSR."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

VERSION_2 = """{
  "version": "2",
  "remote": {
    "https://packages.example/a.ts": "00",
    "https://packages.example/b.ts": "00"
  },
  "npm": {
    "specifiers": {"a@1": "a@1.0.0"},
    "packages": {
      "a@1.0.0": {
        "integrity": "sha512-AA==",
        "dependencies": {"inner": "string_decoder@1.3.0"}
      },
      "string_decoder@1.3.0": {"integrity": "sha512-AA==", "dependencies": {}}
    }
  }
}"""

VERSION_3 = """{
  "version": "3",
  "packages": {
    "specifiers": {
      "jsr:@std/path@^1": "jsr:@std/path@1.0.8",
      "jsr:@std/internal@^1.0.5": "jsr:@std/internal@1.0.5",
      "npm:a@1": "npm:a@1.0.0_b@2.0.0"
    },
    "jsr": {
      "@std/internal@1.0.5": {"integrity": "00"},
      "@std/path@1.0.8": {"integrity": "00", "dependencies": ["jsr:@std/internal@^1.0.5"]}
    },
    "npm": {
      "a@1.0.0_b@2.0.0": {"integrity": "00", "dependencies": {"b": "b@2.0.0"}},
      "b@2.0.0": {"integrity": "00", "dependencies": {}}
    }
  },
  "remote": {}
}"""

VERSION_5 = """{
  "version": "5",
  "specifiers": {
    "jsr:@std/path@^1": "1.0.8",
    "jsr:@std/internal@^1.0.5": "1.0.5",
    "npm:a@1": "1.0.0_b@2.0.0",
    "npm:tool@6": "6.0.0",
    "npm:real@5": "5.0.1"
  },
  "jsr": {
    "@std/internal@1.0.5": {"integrity": "00"},
    "@std/path@1.0.8": {"integrity": "00", "dependencies": ["jsr:@std/internal", "npm:real"]}
  },
  "npm": {
    "a@1.0.0_b@2.0.0": {"integrity": "00", "dependencies": ["b@2.0.0", "other@npm:b@1.0.0"]},
    "b@1.0.0": {"integrity": "00"},
    "b@2.0.0": {"integrity": "00"},
    "fs@2.3.3": {"integrity": "00", "os": ["darwin"]},
    "real@5.0.1": {"integrity": "00"},
    "tool@6.0.0": {"integrity": "00", "dependencies": ["a"], "optionalDependencies": ["fs"]}
  },
  "workspace": {
    "dependencies": ["jsr:@std/path@^1"],
    "packageJson": {"dependencies": ["npm:tool@6"]},
    "members": {"web": {"dependencies": ["npm:a@1"]}}
  }
}"""


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.ecosystem, p.name, p.version, p.line, p.scope.value, p.direct, p.via) for p in locked.packages]


def test_version_2(locked: Read) -> None:
    found = locked({"deno.lock": VERSION_2})
    assert rows(found) == [
        ("npm", "a", "1.0.0", 10, "runtime", True, ()),
        ("npm", "string_decoder", "1.3.0", 14, "runtime", False, ("a",)),
    ]
    assert found.imprecise == ("deno.lock:3: 2 modules from the network",)


def test_version_3(locked: Read) -> None:
    assert rows(locked({"deno.lock": VERSION_3})) == [
        ("npm", "a", "1.0.0", 14, "runtime", True, ()),
        ("npm", "b", "2.0.0", 15, "runtime", False, ("a",)),
        ("JSR", "@std/internal", "1.0.5", 10, "runtime", False, ("@std/path",)),
        ("JSR", "@std/path", "1.0.8", 11, "runtime", True, ()),
    ]


@pytest.mark.parametrize("version", ["4", "5"])
def test_since_version_4_the_workspace_is_told(locked: Read, version: str) -> None:
    text = VERSION_5.replace('"version": "5"', f'"version": "{version}"')
    manifest = '{"devDependencies": {"tool": "6"}}'
    assert rows(locked({"deno.lock": text, "package.json": manifest})) == [
        ("npm", "a", "1.0.0", 15, "runtime", True, ()),
        ("npm", "b", "1.0.0", 16, "runtime", False, ("a",)),
        ("npm", "b", "2.0.0", 17, "runtime", False, ("a",)),
        ("npm", "fs", "2.3.3", 18, "development", False, ("tool",)),
        ("npm", "real", "5.0.1", 19, "runtime", False, ("@std/path",)),
        ("npm", "tool", "6.0.0", 20, "development", True, ()),
        ("JSR", "@std/internal", "1.0.5", 11, "runtime", False, ("@std/path",)),
        ("JSR", "@std/path", "1.0.8", 12, "runtime", True, ()),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", r"it is not JSON: .*\(line 1\)"),
        ("{}", "Object missing required field `version`"),
        ('{"version": "6"}', "its version '6' is not known"),
        ('{"version": 5}', "Expected `str`, got `int`"),
        ('{"version": "5", "npm": []}', "Expected `object`, got `array`"),
        ('{"version": "5",\n"npm": {"a": {}}}', r"a package is called name@version \(line 2\)"),
        ('{"version": "5", "npm": {"a@": {}}}', r"the version of a package .* \(line 1\)"),
        ('{"version": "5", "npm": {"a@1": {}, "a@1": {}}}', "the key 'a@1' stands twice"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"deno.lock": text})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sample=st.sampled_from([VERSION_2, VERSION_3, VERSION_5]),
    cut=st.integers(0, 900),
    noise=st.text(alphabet='@:/_"\n ,{[]}a1', max_size=8),
)
def test_any_damage_is_read_or_a_clear_error(damaged: Read, sample: str, cut: int, noise: str) -> None:
    damaged({"deno.lock": sample[:cut] + noise + sample[cut:]})

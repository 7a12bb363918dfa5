"""package-lock.json: the three lockfile versions."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

VERSION_3 = """{
  "name": "shop",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": {"name": "shop", "workspaces": ["web"], "dependencies": {"a": "^1"}, "devDependencies": {"jest": "1"}},
    "node_modules/a": {
      "version": "1.0.0",
      "resolved": "https://packages.example/a.tgz",
      "dependencies": {"@s/b": "2"}
    },
    "node_modules/a/node_modules/@s/b": {"version": "2.0.0"},
    "node_modules/@s/b": {"version": "1.9.0", "optional": true},
    "node_modules/jest": {"version": "1.0.1", "dev": true},
    "node_modules/alias": {"name": "real", "version": "4.0.0", "devOptional": true},
    "node_modules/web": {"resolved": "web", "link": true},
    "node_modules/bare": {"dev": true},
    "web": {"version": "0.1.0", "dependencies": {"alias": "npm:real@4"}}
  }
}"""

VERSION_1 = """{
  "lockfileVersion": 1,
  "dependencies": {
    "a": {
      "version": "1.0.0",
      "requires": {"b": "2"},
      "dependencies": {
        "b": {"version": "2.0.0", "dev": true}
      }
    },
    "b": {"version": "npm:@real/b@1.0.0"},
    "c": {"version": "git+ssh://git@packages.example/c.git#0123"},
    "d\\u0065": {"version": "3.0.0", "optional": true}
  }
}"""


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.line, p.scope.value, p.direct) for p in locked.packages]


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("name", ["package-lock.json", "npm-shrinkwrap.json"])
def test_versions_2_and_3(locked: Read, version: int, name: str) -> None:
    found = locked({name: VERSION_3.replace('"lockfileVersion": 3', f'"lockfileVersion": {version}')})
    assert rows(found) == [
        ("a", "1.0.0", 7, "runtime", True),
        ("@s/b", "2.0.0", 12, "runtime", False),
        ("@s/b", "1.9.0", 13, "optional", False),
        ("jest", "1.0.1", 14, "development", True),
        ("real", "4.0.0", 15, "optional", True),
    ]
    assert found.imprecise == (f"{name}:17: bare",)
    assert found.packages[1].purl == "pkg:npm/%40s/b@2.0.0"


def test_version_1(locked: Read) -> None:
    found = locked({"package-lock.json": VERSION_1})
    assert rows(found) == [
        ("a", "1.0.0", 4, "runtime", None),
        ("b", "2.0.0", 8, "development", None),
        ("@real/b", "1.0.0", 11, "runtime", None),
        ("de", "3.0.0", 13, "optional", None),
    ]
    assert found.imprecise == ("package-lock.json:12: c",)


@pytest.mark.parametrize("version", [2, 3])
def test_without_packages_the_older_section_counts(locked: Read, version: int) -> None:
    text = VERSION_1.replace('"lockfileVersion": 1', f'"lockfileVersion": {version}')
    assert text != VERSION_1
    found = locked({"package-lock.json": text, "package.json": '{"dependencies": {"a": "1", "b": "2"}}'})
    assert [(p.name, p.version, p.direct) for p in found.packages] == [
        ("a", "1.0.0", True),
        ("b", "2.0.0", False),
        ("@real/b", "1.0.0", True),
        ("de", "3.0.0", False),
    ]


def test_neither_section_is_a_lockfile_that_locks_nothing(locked: Read) -> None:
    assert locked({"package-lock.json": '{"lockfileVersion": 3}', "package.json": "{}"}) == Locked()
    with pytest.raises(UnreadableError, match="it locks nothing, and package"):
        locked({"package-lock.json": '{"lockfileVersion": 3}', "package.json": '{"dependencies": {"a": "1"}}'})


def test_version_1_learns_from_package_json_what_is_direct(locked: Read) -> None:
    found = locked({"web/package-lock.json": VERSION_1, "web/package.json": '{"dependencies": {"a": "1", "b": "2"}}'})
    assert [(p.name, p.direct) for p in found.packages] == [("a", True), ("b", False), ("@real/b", True), ("de", False)]


def test_the_way_to_each_copy_and_its_licence(locked: Read) -> None:
    text = VERSION_3.replace('"version": "2.0.0"', '"version": "2.0.0", "license": "MIT"')
    found = locked({"package-lock.json": text}).packages
    assert [(p.name, p.version, p.via, p.license) for p in found if p.name == "@s/b"] == [
        ("@s/b", "2.0.0", ("a",), "MIT"),
        ("@s/b", "1.9.0", (), None),
    ]


@pytest.mark.parametrize("license", [{"type": "MIT"}, ["MIT"], None])
def test_a_licence_that_is_no_text_is_none(locked: Read, license: Any) -> None:
    entry = {"version": "1.0.0", "license": license}
    text = json.dumps({"lockfileVersion": 3, "packages": {"node_modules/a": entry}})
    assert locked({"package-lock.json": text}).packages[0].license is None


def test_version_1_follows_what_packages_require(locked: Read) -> None:
    files = {
        "package-lock.json": VERSION_1,
        "package.json": '{"dependencies": {"a": "1"}, "devDependencies": {"x": "1"}}',
    }
    assert [(p.name, p.version, p.direct, p.via) for p in locked(files).packages[:2]] == [
        ("a", "1.0.0", True, ()),
        ("b", "2.0.0", False, ("a",)),
    ]


def test_a_workspace_has_its_own_copy_before_the_shared_one(locked: Read) -> None:
    packages = {
        "": {"dependencies": {"a": "2"}},
        "apps/web": {"dependencies": {"a": "1", "b": "1"}},
        "node_modules/web": {"resolved": "apps/web", "link": True},
        "node_modules/a": {"version": "2.0.0"},
        "node_modules/b": {"version": "1.0.0", "dependencies": {"a": "*", "web": "*", "missing": "*"}},
        "apps/web/node_modules/a": {"version": "1.0.0", "dependencies": {"c": "1"}},
        "node_modules/c": {"version": "1.0.0", "optionalDependencies": {"d": "*"}, "peerDependencies": {"a": "*"}},
        "node_modules/d": {"version": "1.0.0"},
    }
    found = locked({"package-lock.json": json.dumps({"lockfileVersion": 3, "packages": packages})})
    assert [(p.name, p.version, p.direct, p.via) for p in found.packages] == [
        ("a", "2.0.0", True, ()),
        ("b", "1.0.0", True, ()),
        ("a", "1.0.0", True, ()),
        ("c", "1.0.0", False, ("a",)),
        ("d", "1.0.0", False, ("a", "c")),
    ]


def test_a_minified_file_is_one_line(locked: Read) -> None:
    found = locked({"package-lock.json": json.dumps(json.loads(VERSION_3))})
    assert {package.line for package in found.packages} == {1}


def test_a_lockfile_may_be_empty(locked: Read) -> None:
    assert locked({"package-lock.json": '{"lockfileVersion": 3, "packages": {}}'}) == Locked()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{broken", r"cannot be parsed: it is not JSON.*\(line 1\)"),
        ("", "cannot be parsed: it is not JSON"),
        ("[]", "cannot be parsed: Expected `object`"),
        ("{}", "cannot be parsed: it has no lockfileVersion"),
        ('{"lockfileVersion": 4, "packages": {}}', "cannot be parsed: its lockfileVersion 4 is not known"),
        ('{"lockfileVersion": "3", "packages": {}}', "cannot be parsed: Expected `int | null`, got `str`"),
        (
            '{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1"}, "node_modules/a": {}}}',
            "cannot be parsed: the key 'node_modules/a' stands twice",
        ),
        ('{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": 1}}}', "cannot be parsed: Expected `str"),
        ('{"lockfileVersion": 3, "packages": {"node_modules/": {"version": "1"}}}', "cannot be parsed: the name"),
        (
            '{"lockfileVersion": 3, "packages": {"node_modules/a\\u001b[31m": {"version": "1"}}}',
            "cannot be parsed: the name of a package is empty, too long or not printable",
        ),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "cannot be parsed: it is nested too deeply"),
        (
            '{"lockfileVersion": 1, "dependencies": ' + '{"a": {"version": "1", "dependencies": ' * 250 + "{}"
            + "}}" * 250 + "}",
            "cannot be parsed: (more than 200 folders|it is nested too deeply)",
        ),
        ('{"lockfileVersion": ' + "9" * 10_000 + "}", "cannot be parsed"),
    ],
)  # fmt: skip
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why) as caught:
        locked({"package-lock.json": text})
    assert caught.value.path == "package-lock.json"


SAFE = st.text(alphabet='abc-@/."\\{}:é', min_size=1, max_size=10).filter(lambda name: all(name.split("/")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(SAFE, unique=True, max_size=6), indent=st.sampled_from([None, 1, 2]))
def test_every_package_is_read_with_its_own_line(locked: Read, names: list[str], indent: int | None) -> None:
    packages = {f"node_modules/{name}": {"version": "1.0.0"} for name in names}
    text = json.dumps({"lockfileVersion": 3, "packages": packages}, indent=indent)
    found = locked({"package-lock.json": text})
    assert [package.name for package in found.packages] == names
    for package in found.packages:
        assert package.line is not None
        assert json.dumps(f"node_modules/{package.name}") in text.split("\n")[package.line - 1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.recursive(
        st.none() | st.booleans() | st.integers(0, 4) | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["lockfileVersion", "packages", "dependencies", "node_modules/a", "version", "name"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_a_clear_error(damaged: Read, content: Any) -> None:
    damaged({"package-lock.json": json.dumps(content)})

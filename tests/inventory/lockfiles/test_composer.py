"""composer.lock, and a composer.json without one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.discovery import find_lockfiles
from gate.inventory.lockfile import Locked
from gate.model import Tree
from gate.trees import open_tree

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """{
    "_readme": ["This file locks the dependencies"],
    "content-hash": "00",
    "packages": [
        {
            "name": "Symfony/Console",
            "version": "v5.4.0",
            "require": {"php": ">=8", "psr/log": "^1", "polyfill/all": "*"},
            "license": ["MIT", "Apache-2.0"]
        },
        {
            "name": "psr/log",
            "version": "1.1.4",
            "license": ["MIT"]
        },
        {"name": "real/polyfills", "version": "1.0.0", "replace": {"polyfill/all": "self.version"}},
        {"name": "shop/module", "version": "dev-main", "dist": {"type": "path", "url": "module"}}
    ],
    "packages-dev": [
        {"name": "phpunit/phpunit", "version": "9.5.0", "require": {"psr/log": "*", "dev/only": "*"}},
        {"name": "dev/only", "version": "dev-main", "license": "BSD-3-Clause"}
    ]
}
"""
MANIFEST = """{
    "require": {
        "php": ">=8", "ext-json": "*",
        "symfony/console": "v5.4.0",
        "psr/log": "^1"
    },
    "require-dev": {"phpunit/phpunit": "=9.5.0@stable"}
}"""


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.line, p.scope.value, p.direct, p.via, p.license) for p in locked.packages]


def test_packages_of_both_sections(locked: Read) -> None:
    manifest = '{"require": {"symfony/console": "^5"}, "require-dev": {"phpunit/phpunit": "^9"}}'
    assert rows(locked({"composer.lock": LOCK, "composer.json": manifest})) == [
        ("symfony/console", "v5.4.0", 5, "runtime", True, (), "MIT OR Apache-2.0"),
        ("psr/log", "1.1.4", 11, "runtime", False, ("symfony/console",), "MIT"),
        ("real/polyfills", "1.0.0", 16, "runtime", False, ("symfony/console",), None),
        ("phpunit/phpunit", "9.5.0", 20, "development", True, (), None),
        ("dev/only", "dev-main", 21, "development", False, ("phpunit/phpunit",), "BSD-3-Clause"),
    ]


def test_without_the_manifest_nobody_knows_what_is_direct(locked: Read) -> None:
    assert {package.direct for package in locked({"composer.lock": LOCK}).packages} == {None}


def test_a_lockfile_without_development(locked: Read) -> None:
    assert locked({"composer.lock": '{"packages": [], "packages-dev": null}'}) == Locked()


def test_a_manifest_alone(locked: Read) -> None:
    found = locked({"composer.json": MANIFEST})
    assert [row[:5] for row in rows(found)] == [
        ("symfony/console", "v5.4.0", 4, "runtime", True),
        ("phpunit/phpunit", "9.5.0", 7, "development", True),
    ]
    assert found.imprecise == ("composer.json:5: psr/log",)


def test_an_empty_map_may_be_written_as_an_empty_list(locked: Read) -> None:
    assert locked({"composer.json": '{"require": [], "require-dev": []}'}) == Locked()
    lock = '{"packages": [{"name": "a/b", "version": "1.0.0", "require": [], "replace": []}]}'
    assert [package.name for package in locked({"composer.lock": lock}).packages] == ["a/b"]


@pytest.mark.parametrize(
    ("said", "exact"),
    [("1.2.3", True), ("1.2.3.4", True), ("1.0.0-RC1", True), ("1.2", False), ("~1.2.3", False), ("1.2.*", False),
     ("dev-main", False), ("1.0.0 - 2.0.0", False), ("1.0.0|2.0.0", False), ("1.0.0 || 2.0.0", False)],
)  # fmt: skip
def test_only_a_whole_version_is_exact(locked: Read, said: str, exact: bool) -> None:
    assert len(locked({"composer.json": json.dumps({"require": {"a/b": said}})}).packages) == exact


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", r"it is not JSON: .*\(line 1\)"),
        ("{}", "Object missing required field `packages`"),
        ('{"packages": {}}', "Expected `array`, got `object`"),
        ('{"packages": [{"name": "a/b"}]}', "Object missing required field `version`"),
        ('{"packages": [\n{"name": "a//b", "version": "1"}]}', r"the name of a package .* \(line 2\)"),
        ('{"packages": [], "packages": []}', "the key 'packages' stands twice"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"composer.lock": text})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["composer.lock", "composer.json"]),
    cut=st.integers(0, 900),
    noise=st.text(alphabet='"{}[]:,\\\n/a1', max_size=8),
)
def test_any_damage_is_read_or_a_clear_error(damaged: Read, name: str, cut: int, noise: str) -> None:
    text = LOCK if name == "composer.lock" else MANIFEST
    found = damaged({name: text[:cut] + noise + text[cut:]})
    assert found is None or all(package.line for package in found.packages)


INSTALLED = {
    "packages": [
        {
            "name": "Symfony/Console",
            "version": "v5.4.0",
            "require": {"psr/log": "^1"},
            "install-path": "../symfony/console",
        },
        {"name": "psr/log", "version": "1.1.4", "license": ["MIT"]},
        {"name": "phpunit/phpunit", "version": "9.5.0"},
    ],
    "dev": True,
    "dev-package-names": ["phpunit/phpunit"],
}
PLACE = "app/vendor/composer/installed.json"


def test_what_is_installed(locked: Read) -> None:
    found = locked(
        {PLACE: json.dumps(INSTALLED, indent=1), "app/composer.json": '{"require": {"symfony/console": "^5"}}'}
    )
    assert rows(found) == [
        ("symfony/console", "v5.4.0", 3, "runtime", True, (), None),
        ("psr/log", "1.1.4", 11, "runtime", False, ("symfony/console",), "MIT"),
        ("phpunit/phpunit", "9.5.0", 18, "development", False, (), None),
    ]


def test_the_list_of_composer_1_is_an_array(locked: Read) -> None:
    found = locked({PLACE: json.dumps(INSTALLED["packages"])})
    assert [(p.name, p.version, p.scope.value) for p in found.packages] == [
        ("symfony/console", "v5.4.0", "runtime"),
        ("psr/log", "1.1.4", "runtime"),
        ("phpunit/phpunit", "9.5.0", "runtime"),
    ]


@pytest.mark.parametrize("text", ["{}", "3", '[{"version": "1"}]', "[", '{"packages": {}}'])
def test_a_broken_list_of_what_is_installed_is_an_error(locked: Read, text: str) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        locked({PLACE: text})


@pytest.mark.parametrize(
    ("files", "read"),
    [
        ([PLACE, "app/composer.json"], [PLACE]),
        ([PLACE, "app/composer.json", "app/composer.lock"], ["app/composer.lock"]),
        ([PLACE, "composer.lock"], [PLACE, "composer.lock"]),
        (["vendor/composer/installed.json", "vendor/a/b/composer.json"], ["vendor/composer/installed.json"]),
    ],
)
def test_a_lockfile_of_the_same_project_makes_the_list_needless(
    make_tree: Callable[[dict[str, str]], Tree], files: list[str], read: list[str]
) -> None:
    assert sorted(find_lockfiles(open_tree(make_tree(dict.fromkeys(files, "")))).paths) == sorted(read)


def test_what_is_installed_without_a_version_is_imprecise(locked: Read) -> None:
    found = locked({PLACE: '[{"name": "a/b"}, {"name": "c/d", "version": "1.0"}]'})
    assert [(p.name, p.version) for p in found.packages] == [("c/d", "1.0")]
    assert found.imprecise == (f"{PLACE}:1: a/b",)

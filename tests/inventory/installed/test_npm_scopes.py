"""Packages of npm that are for development alone, by the list in `node_modules`."""

import json

import pytest

from gate.model import Scope

LISTED = {
    "node_modules/mocha": {"version": "1.0.0", "dev": True},
    "node_modules/mocha/node_modules/ms": {"version": "2.0.0", "dev": True},
    "node_modules/ms": {"version": "1.0.0"},
    "node_modules/@s/both": {"version": "1.0.0", "devOptional": True},
}


def manifests(home: str, *paths: str) -> dict[str, str]:
    names = {path: path.rpartition("node_modules/")[2] for path in paths}
    return {f"{home}{path}/package.json": f'{{"name": "{name}", "version": "1.0.0"}}' for path, name in names.items()}


def scopes(found) -> dict[str, str]:
    return {package.path: package.scope.value for package in found.packages}


@pytest.mark.parametrize("home", ["", "app/", "srv/shop/app/"])
def test_what_npm_lists_for_development_has_that_scope(installed, home) -> None:
    files = manifests(home, *LISTED, "node_modules/other")
    files[f"{home}node_modules/.package-lock.json"] = json.dumps({"lockfileVersion": 3, "packages": LISTED})
    found = scopes(installed(files, os_release=None))
    development = {path for path, scope in found.items() if scope == Scope.DEVELOPMENT.value}
    assert development == {f"{home}{path}/package.json" for path in LISTED if "mocha" in path}
    assert len(found) == len(LISTED) + 1


@pytest.mark.parametrize("content", [None, "{", "[]", '{"packages": []}', '{"packages": {"node_modules/ms": 1}}'])
def test_without_a_list_that_can_be_read_all_are_for_the_runtime(installed, content) -> None:
    files = manifests("app/", "node_modules/ms", "node_modules/mocha")
    if content is not None:
        files["app/node_modules/.package-lock.json"] = content
    found = installed(files, os_release=None)
    assert set(scopes(found).values()) == {"runtime"}
    assert found.errors == ()


def test_the_list_of_one_application_says_nothing_of_another(installed) -> None:
    files = manifests("app/", "node_modules/mocha") | manifests("other/", "node_modules/mocha")
    files["app/node_modules/.package-lock.json"] = json.dumps({"packages": LISTED})
    found = scopes(installed(files, os_release=None))
    assert found["other/node_modules/mocha/package.json"] == "runtime"
    assert found["app/node_modules/mocha/package.json"] == "development"

"""npm packages by the folders of node_modules."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.installed import npm


def manifest(name: str, version: str = "1.0.0") -> str:
    return f'{{"name": "{name}", "version": "{version}", "main": "x.js"}}'


def test_nested_and_scoped_packages(installed) -> None:
    files = {
        "app/package.json": manifest("the-application"),
        "app/node_modules/left-pad/package.json": manifest("left-pad"),
        "app/node_modules/@babel/core/package.json": manifest("@babel/core", "7.0.0"),
        "app/node_modules/a/node_modules/left-pad/package.json": manifest("left-pad", "0.9.0"),
        "app/node_modules/a/package.json": "\ufeff" + manifest("a"),
        "app/node_modules/a/esm/package.json": '{"type": "module"}',
        "app/node_modules/a/test/fixture/package.json": "{broken",
        "app/node_modules/.cache/package.json": '{"type": "module"}',
        "node_modules/top/package.json": manifest("top"),
    }
    found = installed(files, os_release=None)
    assert [(package.name, package.version) for package in found.packages] == [
        ("@babel/core", "7.0.0"),
        ("left-pad", "0.9.0"),
        ("a", "1.0.0"),
        ("left-pad", "1.0.0"),
        ("top", "1.0.0"),
    ]
    assert found.packages[0].purl == "pkg:npm/%40babel/core@7.0.0"
    assert found.errors == ()


@pytest.mark.parametrize(
    ("files", "links"),
    [
        ({"app/packages/lib/package.json": "lib"}, {"app/node_modules/lib": "../packages/lib"}),
        ({"app/packages/lib/package.json": "@s/lib"}, {"app/node_modules/@s/lib": "../../packages/lib"}),
        (
            {"srv/shop/package.json": "shop", "srv/shop/node_modules/a/package.json": "a"},
            {"usr/lib/node_modules/shop": "/srv/shop"},
        ),
        ({"srv/shop/package.json": "shop"}, {}),
    ],
)
def test_the_application_and_its_workspace_are_no_packages_of_others(installed, files, links) -> None:
    found = installed({path: manifest(name) for path, name in files.items()}, links, None)
    assert [package.name for package in found.packages if package.name != "a"] == []


def test_a_package_folder_behind_a_link(installed) -> None:
    found = installed({"store/a/package.json": manifest("a")}, {"app/node_modules/a": "/store/a"}, None)
    assert [(package.name, package.path) for package in found.packages] == [("a", "store/a/package.json")]


@pytest.mark.parametrize("content", ["{broken", "[]", '{"name": 5}', "[" * 100_000, '{"name": "a b", "version": "1"}'])
def test_a_broken_manifest_is_an_error(installed, content) -> None:
    (error,) = installed({"node_modules/a/package.json": content}, os_release=None).errors
    assert "cannot be parsed" in error.message


@pytest.mark.parametrize(
    ("field", "license"),
    [
        ('"license": "MIT"', "MIT"),
        ('"license": {"type": "ISC"}', "ISC"),
        ('"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]', "MIT OR GPL-2.0"),
        ('"license": 3', None),
        ('"license": [[["MIT"]]]', None),
    ],
)
def test_the_licence_in_every_form(installed, field, license) -> None:
    files = {"node_modules/a/package.json": f'{{"name": "a", "version": "1", {field}}}'}
    assert [package.license for package in installed(files, os_release=None).packages] == [license]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=60)
    | st.from_regex(r'\{"name": "[a-z@/ ]*", "version": "[0-9.]*"\}', fullmatch=True).map(str.encode)
)
def test_any_bytes_are_at_most_one_package_or_an_error(content: bytes) -> None:
    try:
        assert len(list(npm.read(content, "package.json", None))) <= 1
    except UnreadableError:
        return

"""PHP packages that Composer installed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.installed import composer

PACKAGES = [
    {"name": "Symfony/http-kernel", "version": "v5.4.0", "license": ["MIT"]},
    {"name": "phpunit/phpunit", "version": "9.5.0", "license": ["BSD-3-Clause", "MIT"]},
]


def test_composer_2_tells_what_is_for_development(installed) -> None:
    text = json.dumps({"packages": PACKAGES, "dev": True, "dev-package-names": ["phpunit/phpunit"]})
    found = installed({"app/vendor/composer/installed.json": text}, os_release=None)
    assert [(p.ecosystem, p.name, p.version, p.scope.value, p.license) for p in found.packages] == [
        ("Packagist", "phpunit/phpunit", "9.5.0", "development", "BSD-3-Clause OR MIT"),
        ("Packagist", "symfony/http-kernel", "v5.4.0", "runtime", "MIT"),
    ]


def test_composer_1_wrote_a_list(installed) -> None:
    found = installed({"vendor/composer/installed.json": json.dumps(PACKAGES)}, os_release=None)
    assert [package.name for package in found.packages] == ["phpunit/phpunit", "symfony/http-kernel"]


@pytest.mark.parametrize("text", ["", "{}", "3", "[3]", '[{"name": "a"}]', '[{"name": "a b", "version": "1"}]'])
def test_a_broken_one_is_an_error(installed, text) -> None:
    (error,) = installed({"vendor/composer/installed.json": text}, os_release=None).errors
    assert "cannot be parsed" in error.message


@settings(max_examples=60, deadline=None)
@given(st.text('[]{}":, namversio1', max_size=60).map(str.encode) | st.binary(max_size=40))
def test_any_bytes_are_packages_or_an_error(content: bytes) -> None:
    try:
        list(composer.read(content, "installed.json", None))
    except UnreadableError as error:
        assert "cannot be parsed" in error.message  # noqa: PT017

"""Where a package comes from, as far as its lockfile tells; what reports may show of an address."""

from collections.abc import Callable

import pytest

from gate.inventory.lockfile import Locked, LockfilePlace

Read = Callable[[dict[str, str | bytes]], Locked]
URL = "https://packages.example/a.tgz"


@pytest.mark.parametrize(
    ("name", "text", "registry"),
    [
        (
            "package-lock.json",
            f'{{"lockfileVersion": 3, "packages": {{"node_modules/a": {{"version": "1", "resolved": "{URL}"}}}}}}',
            URL,
        ),
        (
            "package-lock.json",
            f'{{"lockfileVersion": 1, "dependencies": {{"a": {{"version": "1", "resolved": "{URL}"}}}}}}',
            URL,
        ),
        ("package-lock.json", '{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1"}}}', None),
        ("yarn.lock", f'a@1:\n  version "1"\n  resolved "{URL}#00"\n', URL),
        ("pnpm-lock.yaml", f"lockfileVersion: '9.0'\npackages:\n  a@1: {{resolution: {{tarball: {URL}}}}}\n", URL),
        ("bun.lock", f'{{"lockfileVersion": 1, "packages": {{"a": ["a@1", "{URL}", {{}}]}}}}', URL),
        ("bun.lock", '{"lockfileVersion": 1, "packages": {"a": ["a@1", "", {}]}}', None),
        ("Cargo.lock", f'[[package]]\nname = "a"\nversion = "1"\nsource = "sparse+{URL}"\n', URL),
        ("composer.lock", f'{{"packages": [{{"name": "a/b", "version": "1", "dist": {{"url": "{URL}"}}}}]}}', URL),
        ("Gemfile.lock", f"GEM\n  remote: {URL}\n  specs:\n    a (1)\n\nDEPENDENCIES\n  a\n", URL),
        (
            "pubspec.lock",
            f"packages: {{a: {{version: '1', dependency: transitive, source: hosted, description: {{url: '{URL}'}}}}}}",
            URL,
        ),
    ],
)
def test_the_address_that_a_lockfile_states(locked: Read, name: str, text: str, registry: str | None) -> None:
    assert [package.registry for package in locked({name: text}).packages] == [registry]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https://user:s3cr3t@packages.example/a?token=s3cr3t", "https://packages.example/a"),
        ("https://packages.example/a\x1b[31m", None),
        ("https://packages.example/" + "a" * 5000, None),
    ],
)
def test_an_address_is_kept_without_credentials_if_it_is_plausible(said: str, shown: str | None) -> None:
    assert LockfilePlace("npm", "package-lock.json").package("a", "1", registry=said).registry == shown

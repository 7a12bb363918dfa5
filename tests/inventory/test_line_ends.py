"""A checkout on Windows has other line ends; packages and lines stay the same."""

from collections.abc import Callable

import pytest

from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

FILES = {
    "Cargo.lock": 'version = 4\n\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+r"\n',
    "Cargo.toml": '[dependencies]\na = "=1.0.0"\n',
    "Gemfile": 'group :test do\n  gem "a",\n    "1.0.0"\nend\n',
    "Gemfile.lock": "GEM\n  remote: https://packages.example/\n  specs:\n    a (1.0.0)\n\nDEPENDENCIES\n  a\n",
    "Podfile.lock": "PODS:\n  - a (1.0.0)\n\nDEPENDENCIES:\n  - a\n",
    "action.yml": f"runs:\n  steps:\n    - uses: a/b@{'0' * 40} # v1.0.0\n",
    "bun.lock": '{\n  "lockfileVersion": 1, // x\n  "packages": {\n    "a": ["a@1.0.0", "", {}],\n  },\n}\n',
    "mix.lock": '%{\n  "a": {:hex, :a, "1.0.0", "00", [:mix], [], "hexpm", "00"},\n}\n',
    "package.json": '{\n  "dependencies": {\n    "a": "1.0.0"\n  }\n}\n',
    "pnpm-lock.yaml": "---\nlockfileVersion: '9.0'\n\n---\nlockfileVersion: '9.0'\npackages:\n  a@1.0.0: {}\n",
    "pubspec.lock": "packages:\n  a:\n    dependency: transitive\n    source: hosted\n    version: '1.0.0'\n",
    "rebar.lock": '{"1.2.0",\n[{<<"a">>,{pkg,<<"a">>,<<"1.0.0">>},0}]}.\n',
    ".terraform.lock.hcl": 'provider "packages.example/x/a" {\n  version = "1.0.0"\n}\n',
    "yarn.lock": '# yarn lockfile v1\n\na@^1.0.0, "a@1":\n  version "1.0.0"\n  dependencies:\n    b "^1"\n',
}


@pytest.mark.parametrize("name", FILES)
def test_carriage_returns_change_nothing(locked: Read, name: str) -> None:
    plain = locked({name: FILES[name]})
    assert [package.version for package in plain.packages] == ["1.0.0"]
    assert locked({name: FILES[name].replace("\n", "\r\n")}) == plain
    assert locked({name: "\N{BYTE ORDER MARK}" + FILES[name]}) == plain
